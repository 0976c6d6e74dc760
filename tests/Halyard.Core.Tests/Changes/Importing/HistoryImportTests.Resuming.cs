using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Flags;
using Halyard.Core.Reading;

namespace Halyard.Core.Tests.Changes.Importing;

/// <content>Imports that are broken off, or that others get in the way of.</content>
public abstract partial class HistoryImportTests
{
    private static readonly byte[] Long = ImportBench.Lines(
        Enumerable
            .Range(0, 3 * Batch - 50)
            .Select(i => i % 2 == 0 ? ImportBench.CreateFlag($"f{i}") : ImportBench.Switch($"f{i - 1}", true))
            .Prepend(ImportBench.CreateEnvironment("live"))
    );

    private const int LongLines = 3 * Batch - 49;

    /// <summary>Where the batches of that file end when it is imported from its first line on: each is as long as all before it, up to a block.</summary>
    private static readonly int[] Ends = [First, 2 * First, 4 * First, Batch, 2 * Batch, LongLines];

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(6, 5)]
    public async Task BrokenOffAfterABatch_GoesOnAfterItsLastLine(int events, int batches)
    {
        var bench = await ImportBench.CreateAsync(Store);
        await bench.ImportAsync(Long, events);
        var done = Ends[batches - 1];
        (await bench.ImportedLeavesAsync()).Count.ShouldBe(done);

        var told = await bench.ImportAsync(Long);

        told[0].ShouldBe(new ImportEvent.Validated(LongLines, done));
        told[^1].ShouldBeOfType<ImportEvent.Finished>().ResumedFrom.ShouldBe(done);
        await EveryLineIsThereOnceAsync(bench);
    }

    [Fact]
    public async Task BrokenOffBeforeTheFirstBatch_HasWrittenNothing()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var size = await bench.SizeAsync();
        await bench.ImportAsync(Long, events: 1);
        (await bench.SizeAsync()).ShouldBe(size);
    }

    [Fact]
    public async Task BrokenOffAgainAndAgain_NoLineIsMissingOrTwice()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var attempts = 0;
        // Three batches each time.
        while ((await bench.ImportAsync(Long, events: 4))[^1] is ImportEvent.Progress)
            (++attempts).ShouldBeLessThan(10);
        attempts.ShouldBe(6);
        await EveryLineIsThereOnceAsync(bench);
    }

    [Fact]
    public async Task TwoWhoImportTheSameFile_NeverWriteALineTwice()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var racers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => bench.ImportAsync(Long), Token)));
        racers.SelectMany(told => told).OfType<ImportEvent.Refused>().ShouldAllBe(refused => refused.Error is Error.Contended);

        (await bench.ImportAsync(Long))[^1].ShouldBeAssignableTo<ImportEvent>().ShouldNotBeOfType<ImportEvent.Refused>();
        await EveryLineIsThereOnceAsync(bench);
    }

    [Fact]
    public async Task OneWhoOvertakes_StopsTheOther()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var request = new ImportRequest(
            Actor.System(ImportBench.Tenant),
            RequestContext.Internal("q"),
            ImportBench.Project,
            Long,
            "slow"
        );
        await using var slow = bench.Importer.ImportAsync(request, Token).GetAsyncEnumerator(Token);
        await slow.MoveNextAsync();
        await slow.MoveNextAsync();
        slow.Current.ShouldBe(new ImportEvent.Progress(First, LongLines));
        await bench.ImportAsync(Long);

        (await slow.MoveNextAsync()).ShouldBeTrue();
        slow.Current.ShouldBe(new ImportEvent.Refused(new Error.Contended()));
        await EveryLineIsThereOnceAsync(bench);
    }

    [Fact]
    public async Task NativeChangeDuringTheImport_IsBuiltUpon()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var lines = ImportBench.Lines(
            Enumerable
                .Range(0, Batch)
                .Select(i => ImportBench.CreateFlag($"f{i}"))
                .Append("""{"op":"updateFlag","flag":"f0","owner":"imported"}""")
        );
        var request = new ImportRequest(
            Actor.System(ImportBench.Tenant),
            RequestContext.Internal("q"),
            ImportBench.Project,
            lines,
            ""
        );
        await foreach (var step in bench.Importer.ImportAsync(request, Token))
        {
            step.ShouldNotBeOfType<ImportEvent.Refused>();
            if (step is ImportEvent.Progress { Done: Batch })
                await bench.ApplyAsync(ImportBench.Project, new UpdateFlag("f0", "native", null, null, null, null));
        }

        var name = Flag.NameOf(ImportBench.Project, "f0");
        var stored = (await Store.LoadAsync(ImportBench.Tenant, [name], [], Token)).Resources[name];
        var flag = (Flag)ResourceDocuments.Read(name, stored.Document);
        (stored.Revision, flag.Title, flag.Owner).ShouldBe((3, "native", "imported"));
    }

    [Fact]
    public async Task NativeChangeThatAnImportedLineContradicts_StopsTheImportAtItsLine()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var lines = ImportBench.Lines(
            Enumerable
                .Range(0, Batch)
                .Select(i => ImportBench.CreateFlag($"f{i}"))
                .Append("""{"op":"updateFlag","flag":"f0","owner":"imported"}""")
        );
        await bench.ImportAsync(lines, events: 2);
        await bench.ApplyAsync(ImportBench.Project, new DeleteFlag("f0"));

        var problem = (await bench.RefusalAsync(lines)).ShouldHaveSingleItem();
        problem.Pointer.ShouldBe($"/{Batch}/operations/0/flag");
        problem.Message.ShouldBe($"line {Batch + 1}: there is no flag 'f0' of project 'web'");
    }

    private static async Task EveryLineIsThereOnceAsync(ImportBench bench)
    {
        var leaves = await bench.ImportedLeavesAsync();
        leaves
            .ConvertAll(leaf => leaf.GetProperty("meta").GetProperty("line").GetInt64())
            .ShouldBe(Enumerable.Range(1, LongLines).Select(line => (long)line));
        (await bench.CountAsync(new AuditQuery { Actions = ["job.started"] })).ShouldBe(1);
        (await bench.CountAsync(new AuditQuery { Actions = ["job.finished"] })).ShouldBe(1);
    }
}
