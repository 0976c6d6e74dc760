using System.Text;
using Halyard.Ledger.Tests.Replaying;
using Halyard.Ledger.Tests.Verifying;

namespace Halyard.Cli.Tests.Verifying;

public sealed class ReplayTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly SampleFlag _log = new() { MaxPatch = 60 };

    public ReplayTests()
    {
        _log.Change("checkout", """{"enabled":false,"description":"long enough to lie beside the log"}""");
        _log.Change("checkout", """{"enabled":true,"description":"long enough to lie beside the log"}""");
        _log.Change("checkout", null);
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Flag_AtATime_IsPrintedAsTheLogImpliesIt()
    {
        (await ReplayAsync("checkout", 0)).ShouldBe(0, _cli.Error);
        _cli.Out.ShouldContain("\"enabled\":false");
        _cli.Error.ShouldContain("Revision 1 in project web, from entry 0");
        (await ReplayAsync("checkout", 1, "--vkey", SampleArchive.Signer.Key.ToString())).ShouldBe(0, _cli.Error);
        _cli.Out.ShouldContain("\"enabled\":true");
    }

    [Fact]
    public async Task Flag_ThatDidNotExist_IsSaidSo()
    {
        (await ReplayAsync("checkout", 5)).ShouldBe(2);
        (await ReplayAsync("other", 5)).ShouldBe(2);
        _cli.Error.ShouldContain("no such flag");
    }

    [Fact]
    public async Task Flag_InSeveralProjects_NeedsTheProject()
    {
        _log.Change("checkout", """{"app":1}""", project: "app");
        (await ReplayAsync("checkout", 9)).ShouldBe(3);
        _cli.Error.ShouldContain("web, app");
        (await ReplayAsync("checkout", 9, "--project", "app")).ShouldBe(0, _cli.Error);
        _cli.Out.Trim().ShouldBe("""{"app":1}""");
    }

    [Fact]
    public async Task SignedEntryThatContradictsItself_IsTamperingAndNamesIt()
    {
        _log.Leaves[1] = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(_log.Leaves[1]).Replace("\"rev_to\":2", "\"rev_to\":4", StringComparison.Ordinal)
        );
        (await ReplayAsync("checkout", 5)).ShouldBe(1);
        _cli.Error.ShouldContain("TAMPERED: entry 1 goes from revision 1 to 4");
    }

    [Fact]
    public async Task AlteredArchive_IsTampering()
    {
        _log.Publish().Files["tile/0/000.p/3"][70] ^= 1;
        _log.Archive.SaveTo(_cli.PathOf("log"));
        (await RunAsync("checkout", 1)).ShouldBe(1);
        _cli.Error.ShouldContain("entry 2");
    }

    private Task<int> ReplayAsync(string flag, int second, params string[] more)
    {
        _log.Publish().SaveTo(_cli.PathOf("log"));
        return RunAsync(flag, second, more);
    }

    private Task<int> RunAsync(string flag, int second, params string[] more) =>
        _cli.RunAsync(["replay", flag, "--archive", _cli.PathOf("log"), "--at", SampleArchive.At(second), .. more]);
}
