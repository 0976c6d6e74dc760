using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.PostgreSql.Auditing;
using Halyard.Storage.PostgreSql.Reading;

namespace Halyard.Storage.PostgreSql;

internal sealed partial class PostgreSqlStore
{
    /// <inheritdoc/>
    public ValueTask<StateSlice> LoadAsync(
        string tenant,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    ) => LoadAsync(tenant, names, fences, environmentsOf: null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StateSlice> LoadWithEnvironmentsAsync(
        string tenant,
        string project,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    ) => LoadAsync(tenant, names, fences, project, cancellationToken);

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
            (connection, number, cancellation) =>
                ResourceReader.ListAsync(connection, number, (kind, project), afterKey, limit, cancellation),
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
    ) => FindAnswerAsync(tenant, (credential, key), now, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken) =>
        _database.DoAsync(LogReader.TenantsAsync, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) =>
        ReadAsync(
            tenant,
            (connection, number, cancellation) => LogReader.HeadAsync(connection, number, tenant, cancellation),
            null,
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FeedEntry>> FeedAsync(
        string tenant,
        long from,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ReadAsync<IReadOnlyList<FeedEntry>>(
            tenant,
            (connection, number, cancellation) => LogReader.FeedAsync(connection, number, from, limit, cancellation),
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
            (connection, number, cancellation) => LogReader.LeafHashesAsync(connection, number, from, count, cancellation),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<LogEntry?> EntryAsync(string tenant, long index, CancellationToken cancellationToken) =>
        ReadAsync(
            tenant,
            (connection, number, cancellation) => LogReader.EntryAsync(connection, number, index, cancellation),
            null,
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<LogEntry?> EntryAsync(string tenant, string id, CancellationToken cancellationToken) =>
        ReadAsync(
            tenant,
            (connection, number, cancellation) => LogReader.EntryAsync(connection, number, id, cancellation),
            null,
            cancellationToken
        );

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LogEntry>> QueryAsync(string tenant, AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, AuditQuery.MaxLimit, nameof(query));
        return ReadAsync<IReadOnlyList<LogEntry>>(
            tenant,
            (connection, number, cancellation) => AuditSearch.PageAsync(connection, number, query, cancellation),
            [],
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(string tenant, AuditQuery query, CancellationToken cancellationToken) =>
        ReadAsync(
            tenant,
            (connection, number, cancellation) => AuditSearch.CountAsync(connection, number, query, cancellation),
            0,
            cancellationToken
        );

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
            async (connection, number, cancellation) =>
                await VersionReader.AtAsync(connection, number, (kind, project), at, cancellation),
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
            async (connection, number, cancellation) => await VersionReader.BelowAsync(connection, number, index, cancellation),
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
            async (connection, number, cancellation) =>
                await VersionReader.OfAsync(connection, number, name, limit, cancellation),
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
            (connection, number, cancellation) =>
                VersionReader.OneAsync(connection, number, (resourceId, revision), cancellation),
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
            (connection, number, cancellation) => LogReader.BlobsAsync(connection, number, digests, cancellation),
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
            (connection, number, cancellation) => PrivateReader.InEntriesAsync(connection, number, indexes, cancellation),
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
            (connection, number, cancellation) => PrivateReader.InDocumentsAsync(connection, number, commitments, cancellation),
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
            (connection, number, cancellation) => PrivateReader.NamesAsync(connection, number, subjects, cancellation),
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
            (connection, number, cancellation) => PrivateReader.KnownAsync(connection, number, names, cancellation),
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
            (connection, number, cancellation) => PrivateReader.ExtentAsync(connection, number, subjects, cancellation),
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
            (connection, number, cancellation) => EvaluationReader.TotalsAsync(connection, number, environmentId, cancellation),
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
            (connection, number, cancellation) =>
                EvaluationReader.TotalsAsync(connection, number, environmentId, (from, to), cancellation),
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
            (connection, number, cancellation) =>
                EvaluationReader.HoursAsync(connection, number, (environmentId, flag), (from, to), cancellation),
            [],
            cancellationToken
        );

    private async ValueTask<StateSlice> LoadAsync(
        string tenant,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        string? environmentsOf,
        CancellationToken cancellationToken
    )
    {
        // A tenant without a number has no rows, and none has number 0.
        var number = await NumberAsync(tenant, cancellationToken) ?? 0;
        return await _states.LoadAsync(number, names, fences, environmentsOf, cancellationToken);
    }

    private async ValueTask<StoredAnswer?> FindAnswerAsync(
        string tenant,
        (string Credential, string Key) key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await NumberAsync(tenant, cancellationToken) is { } number
            ? await _states.AnswerAsync(number, key, now, cancellationToken)
            : null;

    private async ValueTask<int?> NumberAsync(string tenant, CancellationToken cancellationToken) =>
        _tenants.Known(tenant)
        ?? await _database.DoAsync(
            (connection, cancellation) => _tenants.FindAsync(connection, tenant, cancellation),
            cancellationToken
        );
}
