using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;

namespace Halyard.Core.Changes.Effects;

/// <summary>
/// Makes the log, the store and the keys agree on who was erased, at every start: after a death between an erasure and the removal
/// of its keys, and after a restore of one of them from an older state.
/// </summary>
public sealed class ErasureReplay(IStore store, PersonalVault vault, ChangeService changes, Entropy entropy)
{
    /// <summary>Replays the erasures of every tenant.</summary>
    public async ValueTask<ReplayedErasures> RunAsync(CancellationToken cancellationToken)
    {
        var erased = 0;
        var stillIn = new List<string>();
        foreach (var tenant in await store.TenantsAsync(cancellationToken))
            erased += await RunAsync(tenant, stillIn, cancellationToken);
        return new ReplayedErasures(erased, stillIn);
    }

    private async ValueTask<int> RunAsync(string tenant, List<string> stillIn, CancellationToken cancellationToken)
    {
        var erased = await vault.ErasedAsync(tenant, cancellationToken);
        var listed = erased.Select(each => each.Subject).ToHashSet(StringComparer.Ordinal);
        var logged = await LoggedAsync(tenant, cancellationToken);
        // The log knows, the keys do not: the process ended between the two, or the keys were restored.
        foreach (var (index, subjects) in logged)
        {
            if (!listed.IsSupersetOf(subjects))
                await vault.EraseAsync(tenant, subjects, index, cancellationToken);
        }
        // The keys know, the log does not: the store was restored. Erased is erased, and the log says it again.
        // What was purged the log did know; its entry is in the archive.
        var minimum = (await store.HeadAsync(tenant, cancellationToken))?.Minimum ?? 0;
        var purged = erased.Where(each => each.Index < minimum).Select(each => each.Subject);
        var forgotten = listed.Except(logged.SelectMany(item => item.Subjects).Concat(purged), StringComparer.Ordinal).ToList();
        foreach (var some in forgotten.Order(StringComparer.Ordinal).Chunk(CommitEffect.EraseSubjects.MaxSubjects))
            stillIn.AddRange(await EraseAgainAsync(tenant, some, cancellationToken));
        return forgotten.Count;
    }

    private async ValueTask<IReadOnlyList<string>> EraseAgainAsync(
        string tenant,
        string[] subjects,
        CancellationToken cancellationToken
    )
    {
        var submission = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.Erase(new EffectRequest.Erase(subjects, null) { IsReplay = true }, "erased before the store was restored")
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (!result.TryGet(out var outcome, out var error) || outcome is not Outcome.Applied applied)
            throw new InvalidOperationException(
                $"The erasures of tenant '{tenant}' cannot be replayed: {error ?? (object?)outcome}"
            );
        var entry = await store.EntryAsync(tenant, applied.Receipt.Index, cancellationToken);
        using var leaf = JsonDocument.Parse(entry!.Leaf);
        var details = leaf.RootElement.GetProperty("meta").GetProperty("details");
        if (!details.TryGetProperty("stillIn", out var users))
            return [];
        var more = details.GetProperty("stillInCount").GetInt32() - users.GetArrayLength();
        var named = users.EnumerateArray().Select(user => user.GetString()!);
        return [.. named.Concat(more > 0 ? [$"{more} more"] : []).Select(words => $"{tenant}: {words}")];
    }

    /// <summary>Every erasure that the log tells of.</summary>
    private async ValueTask<List<(long Index, string[] Subjects)>> LoggedAsync(string tenant, CancellationToken cancellationToken)
    {
        var logged = new List<(long, string[])>();
        var query = new AuditQuery
        {
            Actions = [CommitEffect.EraseSubjects.Type],
            Succeeded = true,
            Limit = AuditQuery.MaxLimit,
        };
        while (true)
        {
            var page = await store.QueryAsync(tenant, query, cancellationToken);
            foreach (var entry in page)
            {
                using var leaf = JsonDocument.Parse(entry.Leaf);
                var subjects = leaf.RootElement.GetProperty("meta").GetProperty("details").GetProperty("subjects");
                logged.Add((entry.Index, [.. subjects.EnumerateArray().Select(subject => subject.GetString()!)]));
            }
            if (page.Count < query.Limit)
                return logged;
            query = query with { Before = page[^1].Index };
        }
    }
}

/// <summary>What a replay did.</summary>
/// <param name="Count">How many subjects were erased anew.</param>
/// <param name="StillIn">The live resources that still hold values of theirs, or act for them: to be edited by hand.</param>
public sealed record ReplayedErasures(int Count, IReadOnlyList<string> StillIn);
