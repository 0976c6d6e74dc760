using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Blocks;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Reading;

namespace Halyard.Storage.DynamoDb.Writing;

/// <summary>
/// What a batch of commits looks at in one tenant's state; then as each commit of the batch leaves it. It was read after the head: as
/// long as that stands, so does all of this.
/// </summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Head">The head, or <see langword="null"/> where there is no entry.</param>
internal sealed record LogState(string Tenant, LogHead? Head)
{
    /// <summary>Those that exist, among what the batch names.</summary>
    public Dictionary<ResourceName, LiveResource> Resources { get; } = [];

    /// <summary>Those that were ever raised.</summary>
    public Dictionary<string, long> Fences { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Credential, string Key), (StoredAnswer Answer, DateTimeOffset ExpiresAt)> Answers { get; } = [];

    /// <summary>Those of the batch's ids that entries in blocks have.</summary>
    public HashSet<string> KnownIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of the batch's versions that entries in blocks made.</summary>
    public HashSet<(string Id, long Revision)> KnownVersions { get; } = [];

    /// <summary>Those to be erased of whom entries in blocks brought values since it was decided.</summary>
    public HashSet<string> BroughtSince { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads what the batch looks at.</summary>
    /// <param name="table">The table.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="head">The head that was read before.</param>
    /// <param name="folded">The first entry that is in no block: those before are looked for in the table.</param>
    /// <param name="commits">The batch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<LogState> LoadAsync(
        Table table,
        string tenant,
        LogHead? head,
        long folded,
        IReadOnlyList<Commit> commits,
        CancellationToken cancellationToken
    )
    {
        var names = commits
            .SelectMany(commit =>
                commit
                    .Writes.Select(write => write.Name)
                    .Concat(commit.Preconditions.OfType<Precondition.Unchanged>().Select(unchanged => unchanged.Name))
            )
            .Distinct()
            .ToDictionary(name => Keys.Resource(tenant, name));
        var fences = commits
            .SelectMany(commit => commit.Preconditions)
            .Select(FenceOf)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(name => Keys.Fence(tenant, name));
        var answers = commits
            .Select(commit => commit.Answer)
            .OfType<PendingAnswer>()
            .Select(answer => (answer.Credential, answer.Key))
            .Distinct()
            .ToDictionary(answer => Keys.Answer(tenant, answer.Credential, answer.Key));

        var entries = folded == 0 ? [] : commits.SelectMany(commit => commit.Entries).ToList();
        var ids = entries.Select(entry => entry.Id).Distinct(StringComparer.Ordinal).ToDictionary(id => Keys.Entry(tenant, id));
        var versions = entries
            .SelectMany(entry => entry.Index.Resources.Where(touched => touched.IsChanged))
            .Select(touched => (touched.Id, touched.RevisionTo))
            .Distinct()
            .ToDictionary(version => Keys.Revision(tenant, version.Id, version.RevisionTo));

        // Where it is of a later head than this one, the condition of the head is what finds that out.
        var keys = names.Keys.Concat(fences.Keys).Concat(answers.Keys);
        var (_, items) = await Snapshots.ReadAsync(table, tenant, keys, cancellationToken);
        // What is in blocks never changes.
        foreach (var (key, item) in await table.GetAsync(ids.Keys.Concat(versions.Keys), cancellationToken))
            items[key] = item;
        var state = new LogState(tenant, head);
        foreach (var (key, item) in items)
        {
            if (names.TryGetValue(key, out var name))
                state.Resources[name] = ResourceItems.Live(item);
            else if (fences.TryGetValue(key, out var fence))
                state.Fences[fence] = item.Number(FenceItems.Value);
            else if (ids.TryGetValue(key, out var id))
                state.KnownIds.Add(id);
            else if (versions.TryGetValue(key, out var version))
                state.KnownVersions.Add(version);
            else
                state.Answers[answers[key]] = AnswerItems.Read(item, head?.Origin ?? "");
        }
        if (commits[0].Effect is CommitEffect.EraseSubjects erase)
        {
            var log = new FoldedLog(table, tenant);
            foreach (var subject in erase.Subjects)
            {
                if (await log.BroughtAsync(subject, erase.AsOf, folded, cancellationToken) is { Count: > 0 })
                    state.BroughtSince.Add(subject);
            }
        }
        return state;
    }

    private static string? FenceOf(Precondition precondition) =>
        precondition switch
        {
            Precondition.Fence fence => fence.Name,
            Precondition.FenceStands fence => fence.Name,
            _ => null,
        };
}

/// <summary>What a commit has to know of a resource that exists.</summary>
internal sealed record LiveResource(long Revision, string Id, DateTimeOffset CreatedAt, int Parts);
