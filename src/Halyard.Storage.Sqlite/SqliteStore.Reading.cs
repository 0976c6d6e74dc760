using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Sqlite.Auditing;
using Halyard.Storage.Sqlite.Reading;

namespace Halyard.Storage.Sqlite;

internal sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public ValueTask<StateSlice> LoadAsync(
        string tenant,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    ) =>
        // A tenant without a number has no rows, and none has number 0.
        _readers.ReadAsync(
            database => ResourceReader.Load(database, _tenants.Find(database, tenant) ?? 0, names, fences),
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<StateSlice> LoadWithEnvironmentsAsync(
        string tenant,
        string project,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    ) =>
        _readers.ReadAsync(
            database =>
                ResourceReader.LoadWithEnvironments(database, _tenants.Find(database, tenant) ?? 0, project, names, fences),
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredResource>> ListAsync(
        string tenant,
        ResourceKind kind,
        string project,
        string? afterKey,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<StoredResource>>(
            tenant,
            (database, number) => ResourceReader.List(database, number, (kind, project), afterKey, limit),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<StoredAnswer?> FindAnswerAsync(
        string tenant,
        string credential,
        string key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            tenant,
            (database, number) =>
                LogTables.Answer(database, number, credential, key, now) is { } found
                && LogTables.Head(database, number, tenant) is { } head
                    ? found with
                    {
                        Receipt = found.Receipt with { Log = head.Origin },
                    }
                    : null,
            null,
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken) =>
        _readers.ReadAsync<IReadOnlyList<string>>(
            database =>
            {
                var names = new List<string>();
                using var rows = database[
                    """
                    SELECT name FROM tenant
                    WHERE number IN (SELECT tenant FROM audit_head) OR EXISTS (SELECT 1 FROM audit_entry WHERE tenant = number)
                    """
                ]
                    .Query();
                while (rows.Next())
                    names.Add(rows.Text(0));
                names.Sort(StringComparer.Ordinal);
                return names;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) =>
        ReadAsync(tenant, (database, number) => LogTables.Head(database, number, tenant), null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FeedEntry>> FeedAsync(
        string tenant,
        long from,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<FeedEntry>>(
            tenant,
            (database, number) => LogReader.Feed(database, number, from, limit),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Digest>> LeafHashesAsync(
        string tenant,
        long from,
        int count,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<Digest>>(
            tenant,
            (database, number) => LogReader.LeafHashes(database, number, from, count),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<LogEntry?> EntryAsync(string tenant, long index, CancellationToken cancellationToken) =>
        ReadAsync(
            tenant,
            (database, number) => Position.CanHold(index) ? LogReader.Entry(database, Position.Of(number, index)) : null,
            null,
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<LogEntry?> EntryAsync(string tenant, string id, CancellationToken cancellationToken) =>
        ReadAsync(tenant, (database, number) => LogReader.Entry(database, number, id), null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LogEntry>> QueryAsync(string tenant, AuditQuery query, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<LogEntry>>(
            tenant,
            (database, number) => AuditSearch.Page(database, number, query),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(string tenant, AuditQuery query, CancellationToken cancellationToken) =>
        ReadAsync(tenant, (database, number) => AuditSearch.Count(database, number, query), 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsAtAsync(
        string tenant,
        ResourceKind kind,
        string project,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<ResourceVersion>>(
            tenant,
            (database, number) => ResourceReader.VersionsAt(database, number, (kind, project), at),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsBelowAsync(
        string tenant,
        long index,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<ResourceVersion>>(
            tenant,
            (database, number) => ResourceReader.VersionsBelow(database, number, index),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsOfAsync(
        string tenant,
        ResourceName name,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<ResourceVersion>>(
            tenant,
            (database, number) => ResourceReader.VersionsOf(database, number, name, limit),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<ResourceVersion?> VersionAsync(
        string tenant,
        string resourceId,
        long revision,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            tenant,
            (database, number) => ResourceReader.Version(database, number, resourceId, revision),
            null,
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Digest, byte[]>> BlobsAsync(
        string tenant,
        IReadOnlyCollection<Digest> digests,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyDictionary<Digest, byte[]>>(
            tenant,
            (database, number) => LogReader.Blobs(database, number, digests),
            new Dictionary<Digest, byte[]>(),
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SealedValue>> EntryPrivatesAsync(
        string tenant,
        IReadOnlyCollection<long> indexes,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<SealedValue>>(
            tenant,
            (database, number) => PrivateReader.InEntries(database, number, indexes),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SealedValue>> DocumentPrivatesAsync(
        string tenant,
        IReadOnlyCollection<string> commitments,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<SealedValue>>(
            tenant,
            (database, number) => PrivateReader.InDocuments(database, number, commitments),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, string>> SubjectNamesAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyDictionary<string, string>>(
            tenant,
            (database, number) => PrivateReader.Names(database, number, subjects),
            new Dictionary<string, string>(StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, string>> KnownSubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyDictionary<string, string>>(
            tenant,
            (database, number) => PrivateReader.Known(database, number, names),
            new Dictionary<string, string>(StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<SubjectExtent> SubjectExtentAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            tenant,
            (database, number) => PrivateReader.Extent(database, number, subjects),
            new SubjectExtent(0, [], [], 0),
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EvaluationCount>> EvaluationTotalsAsync(
        string tenant,
        string environmentId,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<EvaluationCount>>(
            tenant,
            (database, number) => EvaluationReader.Totals(database, number, environmentId),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EvaluationCount>> EvaluationTotalsAsync(
        string tenant,
        string environmentId,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<EvaluationCount>>(
            tenant,
            (database, number) => EvaluationReader.Totals(database, number, environmentId, from, to),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HourlyEvaluations>> EvaluationHoursAsync(
        string tenant,
        string environmentId,
        string flag,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<HourlyEvaluations>>(
            tenant,
            (database, number) => EvaluationReader.Hours(database, (number, environmentId, flag), from, to),
            [],
            cancellationToken
        );
}
