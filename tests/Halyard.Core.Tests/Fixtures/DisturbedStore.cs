using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Fixtures;

/// <summary>
/// A store in front of another, with something that happens before each commit (it may throw, wait, or answer in its place) or
/// before each load or list.
/// </summary>
internal sealed class DisturbedStore(
    IStore inner,
    Func<Commit, ValueTask<CommitResult?>> beforeCommit,
    Func<ValueTask>? beforeLoad = null,
    Action<ResourceKind>? beforeList = null
) : IStore
{
    public async ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken) =>
        await beforeCommit(commit) ?? await inner.CommitAsync(commit, cancellationToken);

    public ValueTask<StateSlice> LoadAsync(
        string tenant,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    ) => inner.LoadAsync(tenant, names, fences, cancellationToken);

    public async ValueTask<StateSlice> LoadWithEnvironmentsAsync(
        string tenant,
        string project,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    )
    {
        if (beforeLoad is not null)
            await beforeLoad();
        return await inner.LoadWithEnvironmentsAsync(tenant, project, names, fences, cancellationToken);
    }

    public ValueTask<IReadOnlyList<StoredResource>> ListAsync(
        string tenant,
        ResourceKind kind,
        string project,
        string? afterKey,
        int limit,
        CancellationToken cancellationToken
    )
    {
        beforeList?.Invoke(kind);
        return inner.ListAsync(tenant, kind, project, afterKey, limit, cancellationToken);
    }

    public ValueTask<StoredAnswer?> FindAnswerAsync(
        string tenant,
        string credential,
        string key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => inner.FindAnswerAsync(tenant, credential, key, now, cancellationToken);

    public ValueTask<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken) =>
        inner.TenantsAsync(cancellationToken);

    public ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) =>
        inner.HeadAsync(tenant, cancellationToken);

    public ValueTask<IReadOnlyList<FeedEntry>> FeedAsync(
        string tenant,
        long from,
        int limit,
        CancellationToken cancellationToken
    ) => inner.FeedAsync(tenant, from, limit, cancellationToken);

    public ValueTask<IReadOnlyList<Digest>> LeafHashesAsync(
        string tenant,
        long from,
        int count,
        CancellationToken cancellationToken
    ) => inner.LeafHashesAsync(tenant, from, count, cancellationToken);

    public ValueTask<LogEntry?> EntryAsync(string tenant, long index, CancellationToken cancellationToken) =>
        inner.EntryAsync(tenant, index, cancellationToken);

    public ValueTask<LogEntry?> EntryAsync(string tenant, string id, CancellationToken cancellationToken) =>
        inner.EntryAsync(tenant, id, cancellationToken);

    public ValueTask<IReadOnlyList<LogEntry>> QueryAsync(string tenant, AuditQuery query, CancellationToken cancellationToken) =>
        inner.QueryAsync(tenant, query, cancellationToken);

    public ValueTask<long> CountAsync(string tenant, AuditQuery query, CancellationToken cancellationToken) =>
        inner.CountAsync(tenant, query, cancellationToken);

    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsAtAsync(
        string tenant,
        ResourceKind kind,
        string project,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) => inner.VersionsAtAsync(tenant, kind, project, at, cancellationToken);

    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsBelowAsync(
        string tenant,
        long index,
        CancellationToken cancellationToken
    ) => inner.VersionsBelowAsync(tenant, index, cancellationToken);

    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsOfAsync(
        string tenant,
        ResourceName name,
        int limit,
        CancellationToken cancellationToken
    ) => inner.VersionsOfAsync(tenant, name, limit, cancellationToken);

    public ValueTask<ResourceVersion?> VersionAsync(
        string tenant,
        string resourceId,
        long revision,
        CancellationToken cancellationToken
    ) => inner.VersionAsync(tenant, resourceId, revision, cancellationToken);

    public ValueTask<IReadOnlyDictionary<Digest, byte[]>> BlobsAsync(
        string tenant,
        IReadOnlyCollection<Digest> digests,
        CancellationToken cancellationToken
    ) => inner.BlobsAsync(tenant, digests, cancellationToken);

    public ValueTask<IReadOnlyList<SealedValue>> EntryPrivatesAsync(
        string tenant,
        IReadOnlyCollection<long> indexes,
        CancellationToken cancellationToken
    ) => inner.EntryPrivatesAsync(tenant, indexes, cancellationToken);

    public ValueTask<IReadOnlyList<SealedValue>> DocumentPrivatesAsync(
        string tenant,
        IReadOnlyCollection<string> commitments,
        CancellationToken cancellationToken
    ) => inner.DocumentPrivatesAsync(tenant, commitments, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, string>> SubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        Func<string> newId,
        CancellationToken cancellationToken
    ) => inner.SubjectsAsync(tenant, names, newId, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, string>> SubjectNamesAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    ) => inner.SubjectNamesAsync(tenant, subjects, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, string>> KnownSubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        CancellationToken cancellationToken
    ) => inner.KnownSubjectsAsync(tenant, names, cancellationToken);

    public ValueTask<SubjectExtent> SubjectExtentAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    ) => inner.SubjectExtentAsync(tenant, subjects, cancellationToken);

    public ValueTask WaitForCommitsAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        inner.WaitForCommitsAsync(patience, cancellationToken);

    public ValueTask<Mark?> MarkAsync(string tenant, string name, CancellationToken cancellationToken) =>
        inner.MarkAsync(tenant, name, cancellationToken);

    public ValueTask<IReadOnlyList<Mark>> MarksAsync(string tenant, string prefix, CancellationToken cancellationToken) =>
        inner.MarksAsync(tenant, prefix, cancellationToken);

    public ValueTask<bool> SetMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellationToken
    ) => inner.SetMarkAsync(tenant, name, expectedVersion, value, cancellationToken);

    public ValueTask<bool> RemoveMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        CancellationToken cancellationToken
    ) => inner.RemoveMarkAsync(tenant, name, expectedVersion, cancellationToken);

    public ValueTask<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken) =>
        inner.NextTimerAsync(cancellationToken);

    public ValueTask<IReadOnlyList<TakenTimer>> TakeDueAsync(
        DateTimeOffset now,
        int limit,
        TimeSpan lease,
        CancellationToken cancellationToken
    ) => inner.TakeDueAsync(now, limit, lease, cancellationToken);

    public ValueTask<bool> FinishTimerAsync(TakenTimer taken, CancellationToken cancellationToken) =>
        inner.FinishTimerAsync(taken, cancellationToken);

    public ValueTask AddEvaluationsAsync(
        string tenant,
        IReadOnlyCollection<EvaluationDelta> deltas,
        CancellationToken cancellationToken
    ) => inner.AddEvaluationsAsync(tenant, deltas, cancellationToken);

    public ValueTask<IReadOnlyList<EvaluationCount>> EvaluationTotalsAsync(
        string tenant,
        string environmentId,
        CancellationToken cancellationToken
    ) => inner.EvaluationTotalsAsync(tenant, environmentId, cancellationToken);

    public ValueTask<IReadOnlyList<EvaluationCount>> EvaluationTotalsAsync(
        string tenant,
        string environmentId,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) => inner.EvaluationTotalsAsync(tenant, environmentId, from, to, cancellationToken);

    public ValueTask<IReadOnlyList<HourlyEvaluations>> EvaluationHoursAsync(
        string tenant,
        string environmentId,
        string flag,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) => inner.EvaluationHoursAsync(tenant, environmentId, flag, from, to, cancellationToken);
}
