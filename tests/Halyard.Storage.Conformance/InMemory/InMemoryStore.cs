using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Storage.Conformance.InMemory;

/// <summary>
/// The port in its plainest form: one lock, plain collections, every query a scan. It passes the same suite as the others, so it
/// may stand in for them in tests; and it is the model that the others are compared with.
/// </summary>
public sealed partial class InMemoryStore(TimeProvider? time = null) : IStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TenantData> _tenants = new(StringComparer.Ordinal);
    private TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _unseen;

    public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var data = _tenants.GetValueOrDefault(commit.Tenant) ?? new TenantData();
            var result = data.Commit(commit);
            if (result is CommitResult.Committed)
            {
                _tenants[commit.Tenant] = data;
                _unseen = true;
                _committed.SetResult();
                _committed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            return ValueTask.FromResult(result);
        }
    }

    public ValueTask<StateSlice> LoadAsync(
        string tenant,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    ) => Read(tenant, data => Slice(data, names, fences));

    public ValueTask<StateSlice> LoadWithEnvironmentsAsync(
        string tenant,
        string project,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    ) =>
        Read(
            tenant,
            data =>
            {
                var environments = data.Resources.Keys.Where(name =>
                    name.Kind == ResourceKind.Environment && name.Project == project
                );
                return Slice(data, names.Concat(environments), fences);
            }
        );

    public ValueTask<IReadOnlyList<StoredResource>> ListAsync(
        string tenant,
        ResourceKind kind,
        string project,
        string? afterKey,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ReadList(
            tenant,
            data =>
                data.Resources.Values.Where(resource => resource.Name.Kind == kind && resource.Name.Project == project)
                    .Where(resource => afterKey is null || string.CompareOrdinal(resource.Name.Key, afterKey) > 0)
                    .OrderBy(resource => resource.Name.Key, StringComparer.Ordinal)
                    .Take(limit)
        );

    public ValueTask<StoredAnswer?> FindAnswerAsync(
        string tenant,
        string credential,
        string key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => Read(tenant, data => data.FindAnswer(credential, key, now));

    public ValueTask<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<string>>([
                .. _tenants
                    .Where(tenant => tenant.Value.Head is not null)
                    .Select(tenant => tenant.Key)
                    .Order(StringComparer.Ordinal),
            ]);
        }
    }

    public ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) => Read(tenant, data => data.Head);

    public ValueTask<IReadOnlyList<FeedEntry>> FeedAsync(
        string tenant,
        long from,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ReadList(
            tenant,
            data =>
                data.Kept.Where(entry => entry.Sealed.Index >= from)
                    .Take(limit)
                    .Select(entry => new FeedEntry(
                        entry.Sealed.Index,
                        entry.Sealed.Leaf,
                        [.. TenantData.Changed(entry.Draft).Select(touched => TenantData.Version(entry.Sealed, touched))]
                    ))
        );

    public ValueTask<IReadOnlyList<Digest>> LeafHashesAsync(
        string tenant,
        long from,
        int count,
        CancellationToken cancellationToken
    ) =>
        ReadList(
            tenant,
            data => data.Entries.Where(entry => entry.Sealed.Index >= from).Take(count).Select(entry => entry.Sealed.LeafHash)
        );

    public ValueTask<LogEntry?> EntryAsync(string tenant, long index, CancellationToken cancellationToken) =>
        Read(tenant, data => data.Kept.Where(entry => entry.Sealed.Index == index).Select(Entry).FirstOrDefault());

    public ValueTask<LogEntry?> EntryAsync(string tenant, string id, CancellationToken cancellationToken) =>
        Read(tenant, data => data.Kept.Where(entry => entry.Draft.Id == id).Select(Entry).FirstOrDefault());

    public ValueTask<IReadOnlyList<LogEntry>> QueryAsync(string tenant, AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, AuditQuery.MaxLimit, nameof(query));
        return ReadList(
            tenant,
            data => Matching(data, query).Reverse().Where(entry => !(entry.Index >= query.Before)).Take(query.Limit)
        );
    }

    public ValueTask<long> CountAsync(string tenant, AuditQuery query, CancellationToken cancellationToken) =>
        Read(tenant, data => Matching(data, query).LongCount());

    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsAtAsync(
        string tenant,
        ResourceKind kind,
        string project,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        ReadList(
            tenant,
            data =>
                data.Versions.Where(version => version.Name.Kind == kind && version.Name.Project == project)
                    .Where(version => version.EffectiveAt <= at)
                    .GroupBy(version => version.Name)
                    .Select(versions => versions.Last())
                    .Where(version => version.Document is not null)
                    .OrderBy(version => version.Name.Key, StringComparer.Ordinal)
        );

    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsBelowAsync(
        string tenant,
        long index,
        CancellationToken cancellationToken
    ) =>
        ReadList(
            tenant,
            data =>
                data.Versions.Where(version => version.Index < index)
                    .GroupBy(version => version.Name)
                    .Select(versions => versions.Last())
                    .OrderBy(version => version.Index)
        );

    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsOfAsync(
        string tenant,
        ResourceName name,
        int limit,
        CancellationToken cancellationToken
    ) => ReadList(tenant, data => data.Versions.Where(version => version.Name == name).Take(limit));

    public ValueTask<ResourceVersion?> VersionAsync(
        string tenant,
        string resourceId,
        long revision,
        CancellationToken cancellationToken
    ) => Read(tenant, data => data.Versions.FirstOrDefault(version => version.Id == resourceId && version.Revision == revision));

    public ValueTask<IReadOnlyDictionary<Digest, byte[]>> BlobsAsync(
        string tenant,
        IReadOnlyCollection<Digest> digests,
        CancellationToken cancellationToken
    ) =>
        Read<IReadOnlyDictionary<Digest, byte[]>>(
            tenant,
            data => digests.Distinct().Where(data.Blobs.ContainsKey).ToDictionary(digest => digest, digest => data.Blobs[digest])
        );

    public ValueTask<IReadOnlyList<SealedValue>> EntryPrivatesAsync(
        string tenant,
        IReadOnlyCollection<long> indexes,
        CancellationToken cancellationToken
    ) => ReadList(tenant, data => data.EntryPrivates.Where(item => indexes.Contains(item.Index)).Select(item => item.Value));

    public ValueTask<IReadOnlyList<SealedValue>> DocumentPrivatesAsync(
        string tenant,
        IReadOnlyCollection<string> commitments,
        CancellationToken cancellationToken
    ) =>
        ReadList(
            tenant,
            data =>
                commitments
                    .Distinct(StringComparer.Ordinal)
                    .Where(data.DocumentPrivates.ContainsKey)
                    .Select(commitment => data.DocumentPrivates[commitment].Value)
        );

    public ValueTask AddEvaluationsAsync(
        string tenant,
        IReadOnlyCollection<EvaluationDelta> deltas,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            if (!_tenants.TryGetValue(tenant, out var data))
                data = _tenants[tenant] = new TenantData();
            foreach (var delta in deltas)
            {
                foreach (var count in delta.Counts)
                {
                    data.Count(delta.EnvironmentId, null, count);
                    data.Count(delta.EnvironmentId, EvaluationHours.Of(count.LastAt), count);
                }
            }
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<IReadOnlyList<EvaluationCount>> EvaluationTotalsAsync(
        string tenant,
        string environmentId,
        CancellationToken cancellationToken
    ) => ReadList(tenant, data => data.Totals(environmentId, hour => hour is null));

    public ValueTask<IReadOnlyList<EvaluationCount>> EvaluationTotalsAsync(
        string tenant,
        string environmentId,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) => ReadList(tenant, data => data.Totals(environmentId, hour => hour >= from && hour < to));

    public ValueTask<IReadOnlyList<HourlyEvaluations>> EvaluationHoursAsync(
        string tenant,
        string environmentId,
        string flag,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) =>
        ReadList(
            tenant,
            data =>
                data.Evaluations.Where(cell => cell.Key.Environment == environmentId && cell.Key.Flag == flag)
                    .Where(cell => cell.Key.Hour >= from && cell.Key.Hour < to)
                    .OrderBy(cell => cell.Key.Hour)
                    .ThenBy(cell => cell.Key.Variant, StringComparer.Ordinal)
                    .Select(cell => new HourlyEvaluations(cell.Key.Hour!.Value, cell.Key.Variant, cell.Value.Count))
        );

    public ValueTask<IReadOnlyDictionary<string, string>> SubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        Func<string> newId,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            if (!_tenants.TryGetValue(tenant, out var data))
                data = _tenants[tenant] = new TenantData();
            foreach (var name in names)
            {
                if (!data.Subjects.ContainsKey(name))
                    data.Subjects[name] = newId();
            }
            return ValueTask.FromResult<IReadOnlyDictionary<string, string>>(
                names.Distinct(StringComparer.Ordinal).ToDictionary(name => name, name => data.Subjects[name])
            );
        }
    }

    public ValueTask<IReadOnlyDictionary<string, string>> SubjectNamesAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    ) =>
        Read<IReadOnlyDictionary<string, string>>(
            tenant,
            data =>
                data.Subjects.Where(subject => subjects.Contains(subject.Value))
                    .ToDictionary(subject => subject.Value, subject => subject.Key)
        );

    public ValueTask<IReadOnlyDictionary<string, string>> KnownSubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        CancellationToken cancellationToken
    ) =>
        Read<IReadOnlyDictionary<string, string>>(
            tenant,
            data => data.Subjects.Where(item => names.Contains(item.Key)).ToDictionary(item => item.Key, item => item.Value)
        );

    public ValueTask<SubjectExtent> SubjectExtentAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    ) => Read(tenant, data => data.Extent(subjects));

    public async ValueTask WaitForCommitsAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        Task next;
        lock (_gate)
        {
            if (_unseen)
            {
                _unseen = false;
                return;
            }
            next = _committed.Task;
        }
        await Task.WhenAny(next, Task.Delay(patience, time ?? TimeProvider.System, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static IEnumerable<LogEntry> Matching(TenantData data, AuditQuery query) =>
        data
            .Kept.Where(entry => entry.Sealed.Index >= query.Since)
            .Where(entry => AuditOracle.Matches(entry.Draft.Index, Seal.Microseconds(entry.Sealed.EffectiveAt), query))
            .Select(Entry);

    private static LogEntry Entry((SealedEntry Sealed, EntryDraft Draft) entry) =>
        new(entry.Sealed.Index, entry.Sealed.At, Seal.Microseconds(entry.Sealed.EffectiveAt), entry.Sealed.Leaf);

    private ValueTask<T> Read<T>(string tenant, Func<TenantData, T> read)
    {
        lock (_gate)
            return ValueTask.FromResult(read(_tenants.GetValueOrDefault(tenant) ?? new TenantData()));
    }

    private ValueTask<IReadOnlyList<T>> ReadList<T>(string tenant, Func<TenantData, IEnumerable<T>> read) =>
        Read<IReadOnlyList<T>>(tenant, data => [.. read(data)]);

    private static StateSlice Slice(TenantData data, IEnumerable<ResourceName> names, IEnumerable<string> fences) =>
        new(
            names.Distinct().Where(data.Resources.ContainsKey).ToDictionary(name => name, name => data.Resources[name]),
            fences.Distinct(StringComparer.Ordinal).ToDictionary(name => name, name => data.Fences.GetValueOrDefault(name))
        );
}
