using Halyard.Crash;

namespace Halyard.Storage.Tests.Crashes;

public sealed class CrashTests
{
    /// <summary>Kills in every run; <c>HALYARD_SOAK=1</c> does 220.</summary>
    private const int FastKills = 25;

    private const int SoakKills = 220;

    [Fact]
    public async Task ProcessKilledAmidConcurrentWrites_LosesNothingAndLeavesNoHalves()
    {
        var soak = Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1";
        using var stores = new SqliteCrashStores();
        var run = await new CrashRun(stores).RunAsync(soak ? SoakKills : FastKills, seed: 1);
        TestContext.Current.TestOutputHelper?.WriteLine(run.ToString());
        run.Kills.ShouldBe(soak ? SoakKills : FastKills);
        run.Acknowledged.ShouldBeGreaterThan(run.Kills, "a run that wrote next to nothing would prove nothing");
    }

    [Fact]
    public async Task ProcessKilledAmidTimers_LeavesEveryTimerWithItsResource()
    {
        var soak = Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1";
        using var stores = new SqliteCrashStores();
        var run = await TimerCrashRun.RunAsync(stores, soak ? 60 : 6, seed: 1);
        TestContext.Current.TestOutputHelper?.WriteLine(run.ToString());
        run.Resources.ShouldBeGreaterThan(run.Kills, "a run that wrote next to nothing would prove nothing");
        run.Waiting.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task ProcessKilledAmidVotesTimersAndBypasses_AppliesNothingTwiceOrInPart_AndKeepsEveryTimer()
    {
        var soak = Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1";
        using var stores = new SqliteCrashStores();
        var run = await RequestCrashRun.RunAsync(stores, soak ? 200 : 20, seed: 1);
        TestContext.Current.TestOutputHelper?.WriteLine(run.ToString());
        run.Applied.ShouldBeGreaterThan(run.Kills, "a run in which next to nothing was applied would prove nothing");
        run.Voted.ShouldBeGreaterThan(run.Kills, "a run in which next to nobody voted would prove nothing");
        run.Timers.ShouldBeGreaterThan(0);
        run.Bypasses.ShouldBeGreaterThan(run.Kills, "a run with next to no emergency would prove nothing");
        run.Reverted.ShouldBeGreaterThan(0);
        run.Ratified.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task ProcessKilledAtEachAwaitOfTheApprovalPath_HasDoneAllOrNothing_AndSentAgainItIsDoneOnce()
    {
        // Each kill is a process; a soak kills at every single one.
        var stride = Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1" ? 1 : 6;
        var (awaits, kills) = await AwaitCrashRun.RunAsync(stride);
        TestContext.Current.TestOutputHelper?.WriteLine($"{awaits} awaits, {kills} kills");
        awaits.ShouldBeGreaterThan(10 * Enum.GetValues<ApprovalStep>().Length);
        kills.ShouldBe((awaits + stride - 1) / stride);
    }
}
