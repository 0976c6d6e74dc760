using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Storage.Tests;

/// <summary>Logs long enough for several blocks, each facet with values that are everywhere, here and there, and once.</summary>
internal static class ManyEntries
{
    private const int CommitEntries = 500;

    /// <summary>Commits entries and returns each one's index members and effective time, in the order of the log.</summary>
    public static async Task<List<(EntryIndex Index, DateTimeOffset EffectiveAt)>> CommitAsync(
        IStore store,
        int count,
        CancellationToken cancellationToken
    )
    {
        var entries = Enumerable.Range(0, count).Select(Entry).ToList();
        foreach (var some in entries.Chunk(CommitEntries))
        {
            var drafts = some.Select(Draft).ToArray();
            var commit = new Commit(CommitBuilder.DefaultTenant, CommitBuilder.OriginOf("default"), [], [], drafts, null);
            (await store.CommitAsync(commit, cancellationToken)).ShouldBeOfType<CommitResult.Committed>();
        }
        return entries.ConvertAll(entry => (Draft(entry).Index, entry.Original ?? entry.At));
    }

    private static EntryDraft Draft((EntryIndex Index, DateTimeOffset At, DateTimeOffset? Original) entry)
    {
        var i = (int)(entry.At - CommitBuilder.Noon).TotalSeconds;
        string[] summary = [$"flag switched {(i % 3 == 0 ? "on" : "off")} in production", $"number {i}"];
        return Drafts.Of(entry.Index, entry.At, entry.Original, words: (summary, i % 4 == 0 ? $"because of {i % 13} on" : null));
    }

    private static (EntryIndex Index, DateTimeOffset At, DateTimeOffset? Original) Entry(int i)
    {
        // Named, not changed: these entries make no versions.
        var touched = new TouchedResource(Names.Flag($"flag-{i % 700}"), $"f_{i % 700}", 1, 1, null);
        var imported = i % 1_000 < 300;
        var at = CommitBuilder.Noon.AddSeconds(i);
        var index = Drafts.Index(touched) with
        {
            Actions = i % 3 == 0 ? ["flag.enabled"] : ["flag.disabled", "flag.rollout_changed"],
            Actor = i == 3_000 ? "s_once" : $"s_{i % 7}",
            Environments = i % 2 == 0 ? ["production"] : [],
            Succeeded = i % 90 != 0,
            Ticket = i % 50 == 0 ? $"FEAT-{i}" : null,
            Import = imported ? "imp_1" : null,
            ImportLine = imported ? i + 1 : 0,
        };
        return (index, at, imported ? at.AddDays(-(i % 11)) : null);
    }
}
