using Halyard.Core;
using Halyard.Crash;
using Halyard.Testing;

namespace Halyard.Storage.Tests.DynamoDb;

[Collection(DynamoDbCollection.Name)]
public sealed class DynamoDbCrashTests(Moto moto)
{
    /// <summary>Kills in every run; <c>HALYARD_SOAK=1</c> does 100.</summary>
    private const int FastKills = 5;

    private const int SoakKills = 100;

    [Fact]
    public async Task ProcessKilledAmidConcurrentWrites_LosesNothingAndLeavesNoHalves()
    {
        var kills = Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1" ? SoakKills : FastKills;
        using var stores = new DynamoCrashStores(moto);
        var run = await new CrashRun(stores).RunAsync(kills, seed: 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{run}");
        run.Kills.ShouldBe(kills);
        run.Acknowledged.ShouldBeGreaterThan(run.Kills, "a run that wrote next to nothing would prove nothing");
    }

    private sealed class DynamoCrashStores(Moto moto) : CrashStores
    {
        private readonly string _address = moto.RequireAddress();

        public override CrashTarget Next()
        {
            var table = Entropy.System.NewId("t");
            return new CrashTarget.DynamoDb(_address, table, Path.Combine(Folder.FullName, table, "kek"));
        }
    }
}
