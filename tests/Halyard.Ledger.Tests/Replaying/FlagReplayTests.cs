using System.Text;

namespace Halyard.Ledger.Tests.Replaying;

public sealed class FlagReplayTests
{
    private readonly SampleFlag _log = new();

    public FlagReplayTests()
    {
        _log.Change("checkout", """{"enabled":false,"n":[1,2]}""");
        _log.Change("search", """{"enabled":false}""");
        _log.Change("checkout", """{"enabled":true,"n":[1,2,3]}""");
        _log.Change("checkout", null);
        _log.Change("checkout", """{"again":1}""", project: "app");
    }

    [Theory]
    [InlineData(0, """{"enabled":false,"n":[1,2]}""", 0)]
    [InlineData(1, """{"enabled":false,"n":[1,2]}""", 0)]
    [InlineData(2, """{"enabled":true,"n":[1,2,3]}""", 2)]
    [InlineData(3, null, 3)]
    public void Replay_UpToATime_GivesTheDocumentOfThatTime(int second, string? document, long index)
    {
        var replay = _log.Replay("checkout", second);
        replay.Fault.ShouldBeNull();
        var found = replay.Found.ShouldHaveSingleItem();
        (found.Document is null ? null : Encoding.UTF8.GetString(found.Document)).ShouldBe(document);
        found.Index.ShouldBe(index);
    }

    [Fact]
    public void Replay_OneKeyInTwoProjects_GivesBoth() =>
        _log.Replay("checkout", 9).Found.Select(each => each.Project).ShouldBe(["web", "app"]);

    [Fact]
    public void Replay_BeforeTheFirstOrAnotherKey_GivesNothing()
    {
        _log.Replay("check", 9).Found.ShouldBeEmpty();
        _log.Replay("search", 0).Found.ShouldBeEmpty();
    }

    [Fact]
    public void Replay_PatchBesideTheLogAndAmongOthers_IsApplied()
    {
        var log = new SampleFlag { MaxPatch = 10 };
        log.Change("a", """{"x":1}""");
        log.Change("a", """{"x":2}""", also: true);
        var found = log.Replay("a", 9);
        found.Fault.ShouldBeNull();
        Encoding.UTF8.GetString(found.Found.Single().Document!).ShouldBe("""{"x":2}""");
    }

    [Fact]
    public void Replay_ImportedEntries_CountAtTheirOriginalTimes()
    {
        var log = new SampleFlag();
        log.Change("a", """{"x":1}""", original: -200);
        log.Change("a", """{"x":2}""", original: -100);
        Encoding.UTF8.GetString(log.Replay("a", -150).Found.Single().Document!).ShouldBe("""{"x":1}""");
    }

    [Fact]
    public void Replay_EarlierEntriesPurged_BeginsWithTheDocumentBesideTheLog()
    {
        var replay = _log.Replay("checkout", 2, from: 2);
        replay.Fault.ShouldBeNull();
        Encoding.UTF8.GetString(replay.Found.Single().Document!).ShouldBe("""{"enabled":true,"n":[1,2,3]}""");
        _log.Archive.Files.Clear();
        _log.Replay("checkout", 2, from: 2).Fault.ShouldBeOfType<ArchiveVerdict.Incomplete>().Words.ShouldContain("entry 2");
    }

    [Theory]
    [InlineData("\"value\":true", "\"value\":null")]
    [InlineData("\"before\":\"sha256:", "\"before\":\"sha257:")]
    [InlineData("\"rev_to\":2", "\"rev_to\":3")]
    [InlineData("\"rev_from\":1", "\"rev_from\":0")]
    [InlineData("\"op\":\"replace\"", "\"op\":\"remove\"")]
    [InlineData("\"path\":\"/enabled\"", "\"path\":\"/disabled\"")]
    [InlineData("\"patch\":[", "\"patch\":[1,")]
    [InlineData("\"change\":", "\"chance\":")]
    [InlineData("\"project\":\"web\"", "\"project\":7")]
    public void Replay_EntryThatContradictsThoseBefore_NamesIt(string from, string to)
    {
        var text = Encoding.UTF8.GetString(_log.Leaves[2]);
        text.ShouldContain(from);
        _log.Leaves[2] = Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
        _log.Replay("checkout", 9).Fault.ShouldBeOfType<ArchiveVerdict.Tampered>().Index.ShouldBe(2);
    }

    [Fact]
    public void Replay_EntryLeftOut_NamesTheNext()
    {
        _log.Leaves[2] = _log.Leaves[1];
        _log.Replay("checkout", 9).Fault.ShouldBeOfType<ArchiveVerdict.Tampered>().Index.ShouldBe(3);
    }

    [Fact]
    public void Replay_BlobWithOtherBytes_NamesTheEntry()
    {
        var log = new SampleFlag { MaxPatch = 10 };
        log.Change("a", """{"x":1}""");
        foreach (var path in log.Archive.Files.Keys.ToList())
            log.Archive.Files[path] = "[]"u8.ToArray();
        log.Replay("a", 9).Fault.ShouldBeOfType<ArchiveVerdict.Tampered>().Index.ShouldBe(0);
    }
}
