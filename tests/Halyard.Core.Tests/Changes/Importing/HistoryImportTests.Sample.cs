using System.Globalization;
using Halyard.Core.Audit;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Ledger;
using Halyard.Testing;

namespace Halyard.Core.Tests.Changes.Importing;

/// <content>The real history of OpenShift's feature gates, as it is shipped.</content>
public abstract partial class HistoryImportTests
{
    private static byte[] Sample => File.ReadAllBytes(Path.Combine(Suites.RepositoryRoot, "samples/openshift/history.jsonl"));

    [Fact]
    public async Task Sample_IsImportedWhole()
    {
        var bench = await ImportBench.CreateAsync(Store);
        (await bench.ImportAsync(Sample))[^1].ShouldBeOfType<ImportEvent.Finished>().Lines.ShouldBe(300);

        (await bench.CountAsync(new AuditQuery { Imported = true })).ShouldBe(300);
        (await bench.CountAsync(new AuditQuery { Actions = ["flag.imported"] })).ShouldBe(300);
        var leaves = await bench.ImportedLeavesAsync();
        leaves
            .Select(leaf => leaf.GetProperty("origin").GetProperty("ref").GetString())
            .Distinct()
            .Count()
            .ShouldBeGreaterThan(100);
        leaves.Select(leaf => leaf.GetProperty("origin").GetProperty("actor").GetString()).Distinct().Count().ShouldBe(73);
        leaves
            .Select(leaf => leaf.GetProperty("origin").GetProperty("at").GetString()!)
            .ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Sample_Imported_EveryRootIsThatOfTheLeaves()
    {
        var bench = await ImportBench.CreateAsync(Store);
        await bench.ImportAsync(Sample);
        var head = (await Store.HeadAsync(ImportBench.Tenant, Token))!;
        var range = CompactRange.Empty;
        foreach (var entry in await Store.FeedAsync(ImportBench.Tenant, 0, 1_000, Token))
            range = range.Append(MerkleTree.HashLeaf(entry.Leaf));
        range.Size.ShouldBe(head.Range.Size);
        range.Root.ShouldBe(head.Range.Root);
    }

    [Theory]
    [InlineData("2024-01-01T00:00:00Z")]
    [InlineData("2024-01-11T15:58:29Z")]
    [InlineData("2024-01-24T16:40:20Z")]
    [InlineData("2024-03-11T23:33:44Z")]
    [InlineData("2024-03-11T23:33:45Z")]
    [InlineData("2024-03-14T02:40:39Z")]
    [InlineData("2024-04-18T00:00:00Z")]
    [InlineData("2024-06-01T00:00:00Z")]
    [InlineData("2024-06-18T20:59:17Z")]
    [InlineData("2025-01-01T00:00:00Z")]
    [InlineData("2025-06-04T08:03:33Z")]
    [InlineData("2026-01-01T00:00:00Z")]
    public async Task Sample_Imported_StateAtATime_IsTheRawEventsReplayedUpToThen(string time)
    {
        var at = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        var expected = GateFileReplay.At(Suites.Require("real-flags/openshift-feature-gates-events.jsonl"), at);
        var bench = await ImportBench.CreateAsync(Store);
        await bench.ImportAsync(Sample);

        var environments = (await StateAsync<ProjectEnvironment>(bench, ResourceKind.Environment, at)).ToList();
        var flags = await StateAsync<Flag>(bench, ResourceKind.Flag, at);

        environments.Select(environment => environment.Key).ShouldBe(expected.Environments);
        flags
            .Select(flag => (flag.Definition.Key, EnabledIn(flag, environments)))
            .ShouldBe(expected.Gates.Select(gate => (gate.Key, string.Join(' ', gate.Value))));
    }

    private static string EnabledIn(Flag flag, List<ProjectEnvironment> environments) =>
        string.Join(
            ' ',
            environments.Where(environment => flag.In(environment).Settings.Enabled).Select(environment => environment.Key)
        );

    private async Task<IEnumerable<T>> StateAsync<T>(ImportBench bench, ResourceKind kind, DateTimeOffset at)
        where T : Resource
    {
        var versions = await Store.VersionsAtAsync(ImportBench.Tenant, kind, ImportBench.Project, at, Token);
        return (await History.ReadAsync(Store, bench.Vault, ImportBench.Tenant, versions, Token)).Select(past =>
            (T)past.Resource
        );
    }
}
