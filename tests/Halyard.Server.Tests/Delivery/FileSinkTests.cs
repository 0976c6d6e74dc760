using Halyard.Core.Audit.Sinks;
using Halyard.Server.Delivery;

namespace Halyard.Server.Tests.Delivery;

/// <summary>A file has each leaf once, in order, whatever happened while it was written.</summary>
public sealed class FileSinkTests : IAsyncLifetime
{
    private DeliveryWorld _world = null!;
    private Sink _sink = null!;

    private string Path => _world.FileOf(_sink);

    public async ValueTask InitializeAsync()
    {
        _world = await DeliveryWorld.StartAsync();
        _sink = await _world.SinkAsync("archive", """{"kind":"file","target":"audit.jsonl"}""", from: 0);
    }

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task File_HasEachLeafAsItStandsInTheLog()
    {
        await _world.ViewAsync(1_200);

        await _world.CatchUpAsync(_world.Worker(_sink));

        (await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken)).ShouldBe(await _world.LeavesAsync());
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task KilledBetweenTheFileAndTheCursor_WritesNoLineTwice()
    {
        await _world.ViewAsync(5);
        var killed = _world.Worker(_sink);
        await killed.StepAsync(TestContext.Current.CancellationToken);
        await _world.ViewAsync(5);
        _world.Marks.IsBroken = true;
        await Should.ThrowAsync<IOException>(() => DeliveryWorld.RunAsync(killed));
        var lines = (await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken)).Length;
        lines.ShouldBe((int)await _world.SizeAsync(), "the file was further than the cursor");

        _world.Marks.IsBroken = false;
        _world.Time.Now += TimeSpan.FromMinutes(1);
        await _world.ViewAsync();
        await _world.CatchUpAsync(_world.Worker(_sink, "node-2"));

        (await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken)).ShouldBe(await _world.LeavesAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(699)]
    [InlineData(1_199)]
    public async Task EntryThatTheFileHasAsAnother_HoldsTheSink_InWords(int other)
    {
        await _world.ViewAsync(1_200);
        await _world.CatchUpAsync(_world.Worker(_sink));
        var lines = await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken);
        lines[other] = lines[other]
            .Replace("system", "sistem", StringComparison.Ordinal)
            .Replace("s_admin", "s_other", StringComparison.Ordinal);
        var altered = string.Concat(lines.Select(line => line + "\n"));
        await File.WriteAllTextAsync(Path, altered, TestContext.Current.CancellationToken);
        await BackToAsync(0);

        await DeliveryWorld.RunAsync(_world.Worker(_sink));

        var state = await _world.StateAsync(_sink);
        state.Next.ShouldBe(other / 500 * 500);
        state.LastError.ShouldBe(
            $"'audit.jsonl' goes further than entry {other} and does not have it as the log has it; the file is left as it is. "
                + "Move it away to begin another."
        );
        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).ShouldBe(altered);
    }

    [Fact]
    public async Task EntryThatTheFileDoesNotHaveButGoesPast_HoldsTheSink()
    {
        await _world.ViewAsync(20);
        await _world.CatchUpAsync(_world.Worker(_sink));
        var lines = await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(Path, lines.Where((_, i) => i != 7), TestContext.Current.CancellationToken);
        await BackToAsync(5);

        await DeliveryWorld.RunAsync(_world.Worker(_sink));

        (await _world.StateAsync(_sink)).LastError!.ShouldContain("goes further than entry 7 and does not have it");
    }

    [Fact]
    public async Task EntriesThatTheFileHas_AreNotWrittenTwice_WhereverTheCursorStands()
    {
        await _world.ViewAsync(700);
        await _world.CatchUpAsync(_world.Worker(_sink));
        foreach (var next in new long[] { 0, 1, 333, 703 })
        {
            await BackToAsync(next);
            await _world.ViewAsync();
            await _world.CatchUpAsync(_world.Worker(_sink));
        }

        (await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken)).ShouldBe(await _world.LeavesAsync());
    }

    [Fact]
    public async Task LineThatACrashCutOff_IsWrittenAnew()
    {
        await _world.ViewAsync(3);
        await _world.CatchUpAsync(_world.Worker(_sink));
        await File.AppendAllTextAsync(Path, """{"actions":["flag.vi""", TestContext.Current.CancellationToken);
        await _world.ViewAsync(2);

        await _world.CatchUpAsync(_world.Worker(_sink));

        (await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken)).ShouldBe(await _world.LeavesAsync());
    }

    [Fact]
    public async Task FirstLineThatACrashCutOff_IsWrittenAnew()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        await File.WriteAllTextAsync(Path, """{"actions":""", TestContext.Current.CancellationToken);

        await _world.CatchUpAsync(_world.Worker(_sink));

        (await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken)).ShouldBe(await _world.LeavesAsync());
    }

    [Theory]
    [InlineData("this is somebody's diary\n")]
    [InlineData("{\"idx\":\"x\"}\n")]
    [InlineData("[]\n")]
    [InlineData("this is somebody's diary, on one line")]
    [InlineData("{\"actions\":[],\"idx\":1}\nand a note below")]
    public async Task FileOfSomebodyElse_IsLeftAsItIs(string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        await File.WriteAllTextAsync(Path, content, TestContext.Current.CancellationToken);

        await DeliveryWorld.RunAsync(_world.Worker(_sink));

        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).ShouldBe(content);
        (await _world.StateAsync(_sink)).LastError!.ShouldContain("is no leaf");
    }

    [Fact]
    public async Task WithoutAFolder_NothingIsWritten_AndTheCursorStays()
    {
        _world.Options.Sinks.Folder = "";

        await DeliveryWorld.RunAsync(_world.Worker(_sink));

        var state = await _world.StateAsync(_sink);
        (state.Next, state.LastError).ShouldBe(
            (0, "there is no folder for file sinks in the configuration (Halyard:Sinks:Folder)")
        );
    }

    [Fact]
    public async Task FileThatIsGone_BeginsAnewAtTheCursor()
    {
        await _world.CatchUpAsync(_world.Worker(_sink));
        File.Move(Path, Path + ".1");
        var first = await _world.ViewAsync();

        await _world.CatchUpAsync(_world.Worker(_sink));

        (await File.ReadAllLinesAsync(Path, TestContext.Current.CancellationToken)).ShouldBe([
            (await _world.LeavesAsync())[(int)first],
        ]);
    }

    [Fact]
    public async Task Test_LeavesNoLine()
    {
        var result = await _world.Desk.TestAsync(DeliveryWorld.Tenant, _sink, TestContext.Current.CancellationToken);

        result.Verdict.ShouldBe(DeliveryVerdict.Accepted);
        new FileInfo(Path).Length.ShouldBe(0);
    }

    /// <summary>Puts the cursor back, as a restore of the store does.</summary>
    private async Task BackToAsync(long next)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (state, version) = await _world.SinkMarks.FindAsync(DeliveryWorld.Tenant, _sink, cancellation);
        var back = state! with { Next = next };
        (await _world.SinkMarks.TrySetAsync(DeliveryWorld.Tenant, _sink, version, back, cancellation)).ShouldBeTrue();
        _world.Time.Now += TimeSpan.FromMinutes(1);
    }
}
