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
}
