using System.Text;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;

namespace Halyard.Core.Reading;

/// <summary>
/// Compares a tenant's log with everything that is kept beside it. The tree proves that nobody edited the log; this finds whatever
/// was changed past it: a flag's row, a version, a snapshot, a reason.
/// </summary>
public sealed class StoreDiff(IStore store, PersonalVault vault)
{
    /// <summary>How many differences are told; a store with more has been damaged, not edited.</summary>
    public const int MaxDifferences = 100;

    private const int PageSize = 500;
    private const int MaxPasses = 20;

    /// <summary>Reads the whole log and compares. Changes may go on meanwhile; what they add is compared too.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="progress">Told after each page how many entries were compared, and how many there are.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>What differs, or that the log never stood still long enough.</returns>
    public async ValueTask<StoreDiffResult> RunAsync(
        string tenant,
        Func<long, long, ValueTask>? progress,
        CancellationToken cancellationToken
    )
    {
        LogComparison? log = null;
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var head = await store.HeadAsync(tenant, cancellationToken);
            if (head is null)
                return await WithoutHeadAsync(tenant, cancellationToken);
            // What was purged while it was compared is not compared.
            if (log is null || log.Start < head.Minimum)
                log = await LogComparison.StartAsync(store, vault, tenant, head.Minimum, cancellationToken);
            while (log.Size < head.Range.Size && log.CanGoOn)
            {
                await log.CompareNextAsync(head, PageSize, cancellationToken);
                if (progress is not null)
                    await progress(log.Size, head.Range.Size);
            }
            if (!log.CanGoOn)
            {
                if ((await store.HeadAsync(tenant, cancellationToken))!.Minimum > log.Size)
                    continue;
                return Result(log.Differences, isComplete: true);
            }
            List<StoreDifference> live = [.. await StateAsync(tenant, log, head, cancellationToken)];
            if ((await store.HeadAsync(tenant, cancellationToken))!.Range.Size == head.Range.Size)
                return Result([.. log.Differences.Concat(live).Take(MaxDifferences)], isComplete: true);
        }
        return Result(log!.Differences, isComplete: false);

        StoreDiffResult Result(IReadOnlyList<StoreDifference> differences, bool isComplete) =>
            new(log.Size - log.Start, differences, isComplete) { Start = log.Start };
    }

    /// <summary>A tenant without a head has nothing else either.</summary>
    private async ValueTask<StoreDiffResult> WithoutHeadAsync(string tenant, CancellationToken cancellationToken)
    {
        var live = await new LiveState(store, tenant).ReadAsync([], cancellationToken);
        var entries = await store.FeedAsync(tenant, 0, 1, cancellationToken);
        return live.Count == 0 && entries.Count == 0
            ? new StoreDiffResult(0, [], IsComplete: true)
            : new StoreDiffResult(0, [new StoreDifference(null, null, "The log's head is missing.")], IsComplete: true);
    }

    /// <summary>Each action is looked for as a reader would, so that an entry that is found by nothing is noticed.</summary>
    private async ValueTask CompareIndexAsync(
        string tenant,
        LeafTally tally,
        List<StoreDifference> found,
        CancellationToken cancellationToken
    )
    {
        foreach (var (action, expected) in tally.Actions)
        {
            var actual = await store.CountAsync(tenant, new AuditQuery { Actions = [action] }, cancellationToken);
            if (actual != expected)
                found.Add(
                    new StoreDifference(null, null, $"{expected} entries are '{action}', but a query finds {actual} of them.")
                );
        }
    }

    private static string Difference(byte[] expected, byte[] actual)
    {
        try
        {
            return $"differs from the log by {Encoding.UTF8.GetString(JsonPatch.Diff(expected, actual))}";
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            return "is no document";
        }
    }

    private async ValueTask<IEnumerable<StoreDifference>> StateAsync(
        string tenant,
        LogComparison log,
        LogHead head,
        CancellationToken cancellationToken
    )
    {
        var found = new List<StoreDifference>();
        if (log.Root != head.Range.Root)
            found.Add(new StoreDifference(null, null, "The head's root is not that of the entries."));
        found.AddRange(log.Tally.Missing.Take(MaxDifferences));
        await CompareIndexAsync(tenant, log.Tally, found, cancellationToken);
        var live = await new LiveState(store, tenant).ReadAsync(log.Resources.Keys, cancellationToken);
        foreach (var resource in log.Resources.Values)
        {
            if (!live.Remove(resource.Name, out var stored))
                found.Add(new StoreDifference(null, resource.Name, "is in the log but not in the store"));
            else
                found.AddRange(await CompareAsync(tenant, resource, stored, cancellationToken));
        }
        found.AddRange(live.Keys.Select(name => new StoreDifference(null, name, "is in the store but not in the log")));
        return found;
    }

    private async ValueTask<IReadOnlyList<StoreDifference>> CompareAsync(
        string tenant,
        FoldedResource expected,
        StoredResource stored,
        CancellationToken cancellationToken
    )
    {
        if (stored.Id != expected.Id || stored.Revision != expected.Revision)
        {
            return
            [
                new StoreDifference(
                    null,
                    expected.Name,
                    $"is revision {stored.Revision} of '{stored.Id}'; the log says revision {expected.Revision} of '{expected.Id}'"
                ),
            ];
        }
        var sealedDocument = stored.Sealed ?? stored.Document;
        if (!sealedDocument.AsSpan().SequenceEqual(expected.Document))
        {
            return [new StoreDifference(null, expected.Name, Difference(expected.Document, sealedDocument))];
        }
        return stored.Sealed is null ? [] : await CompareClearAsync(tenant, stored, cancellationToken);
    }

    /// <summary>Evaluation sees the document in clear: each value in it must be the one that the ledger's commitment stands for.</summary>
    private async ValueTask<IReadOnlyList<StoreDifference>> CompareClearAsync(
        string tenant,
        StoredResource stored,
        CancellationToken cancellationToken
    )
    {
        var commitments = PersonalValues.CommitmentsIn(stored.Sealed!).ToHashSet(StringComparer.Ordinal);
        var kept = await store.DocumentPrivatesAsync(tenant, commitments, cancellationToken);
        IReadOnlyList<PrivateValue> privates;
        try
        {
            privates = await vault.OpenStrictlyAsync(tenant, kept, cancellationToken);
        }
        catch (InvalidDataException other)
        {
            return [new StoreDifference(null, stored.Name, $"has another value than was committed to: {other.Message}")];
        }
        if (privates.Count < kept.Count)
            return [new StoreDifference(null, stored.Name, "has personal values whose keys are missing")];
        var values = privates.ToDictionary(value => value.Commitment, value => value.Value, StringComparer.Ordinal);
        return PersonalValues.Reveal(stored.Sealed!, values).AsSpan().SequenceEqual(stored.Document)
            ? []
            : [new StoreDifference(null, stored.Name, "has other personal values than those committed to")];
    }
}

/// <summary>What a comparison found.</summary>
/// <param name="Entries">How many entries were read.</param>
/// <param name="Differences">What differs, the log's first; at most <see cref="StoreDiff.MaxDifferences"/>.</param>
/// <param name="IsComplete">False where changes came faster than they could be compared.</param>
public sealed record StoreDiffResult(long Entries, IReadOnlyList<StoreDifference> Differences, bool IsComplete)
{
    /// <summary>The first entry that was read; those before it were purged, and the state that they left is taken as it is.</summary>
    public long Start { get; init; }
}

/// <summary>One difference between a log and what is kept beside it.</summary>
/// <param name="Index">The entry concerned, or <see langword="null"/>.</param>
/// <param name="Resource">The resource concerned, or <see langword="null"/>.</param>
/// <param name="Message">What is wrong, in words; goes on from the resource's or the entry's name where there is one.</param>
public sealed record StoreDifference(long? Index, ResourceName? Resource, string Message)
{
    /// <inheritdoc/>
    public override string ToString() =>
        (Index, Resource) switch
        {
            ({ } index, { } resource) => $"entry {index}: {resource} {Message}",
            ({ } index, null) => $"entry {index} {Message}",
            (null, { } resource) => $"{resource} {Message}",
            _ => Message,
        };
}
