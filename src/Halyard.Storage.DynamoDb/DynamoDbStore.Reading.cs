using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Reading;

namespace Halyard.Storage.DynamoDb;

internal sealed partial class DynamoDbStore
{
    /// <inheritdoc/>
    public ValueTask<StateSlice> LoadAsync(
        string tenant,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    ) => LoadAsync(tenant, environmentsOf: null, names, fences, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StateSlice> LoadWithEnvironmentsAsync(
        string tenant,
        string project,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    ) => LoadAsync(tenant, project, names, fences, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredResource>> ListAsync(
        string tenant,
        ResourceKind kind,
        string project,
        string? afterKey,
        int limit,
        CancellationToken cancellationToken
    )
    {
        if (limit <= 0)
            return [];
        return await AtOnceAsync(tenant, ReadAsync, cancellationToken);

        async ValueTask<IReadOnlyList<StoredResource>> ReadAsync()
        {
            var first = Keys.Sort(kind) + (afterKey is null ? "" : Keys.Part(afterKey));
            // One more, for the range begins with the one after which it is asked.
            var items = await _table.QueryAsync(
                Keys.Resources(tenant, kind, project),
                (first, Keys.Sort(kind) + "\U0010FFFF"),
                cancellationToken,
                limit == int.MaxValue ? limit : limit + 1
            );
            var page = items.Where(item => ResourceItems.Name(item).Key != afterKey).Take(limit).ToList();
            return await ResourceItems.ReadAsync(_table, tenant, page, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StoredAnswer?> FindAnswerAsync(
        string tenant,
        string credential,
        string key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (await _table.GetAsync(Keys.Answer(tenant, credential, key), cancellationToken) is not { } item)
            return null;
        var head = await HeadAsync(tenant, cancellationToken);
        var (answer, expiresAt) = AnswerItems.Read(item, head?.Origin ?? "");
        return expiresAt > now ? answer : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken) =>
        [
            .. (await _table.QueryAsync(Keys.Tenants, range: null, cancellationToken))
                .Select(item => item.Text("name"))
                .Order(StringComparer.Ordinal),
        ];

    /// <inheritdoc/>
    public async ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) =>
        await _table.GetAsync(Keys.Head(tenant), cancellationToken) is { } item ? Tenant(tenant).Log.ReadHead(item).Head : null;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FeedEntry>> FeedAsync(
        string tenant,
        long from,
        int limit,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Reader.FeedAsync(from, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Digest>> LeafHashesAsync(
        string tenant,
        long from,
        int count,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Reader.HashesAsync(from, count, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LogEntry?> EntryAsync(string tenant, long index, CancellationToken cancellationToken) =>
        Tenant(tenant).Reader.EntryAsync(index, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LogEntry?> EntryAsync(string tenant, string id, CancellationToken cancellationToken) =>
        Tenant(tenant).Reader.EntryAsync(id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LogEntry>> QueryAsync(string tenant, AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, AuditQuery.MaxLimit, nameof(query));
        return Tenant(tenant).Reader.QueryAsync(query, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(string tenant, AuditQuery query, CancellationToken cancellationToken) =>
        Tenant(tenant).Reader.CountAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsAtAsync(
        string tenant,
        ResourceKind kind,
        string project,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Reader.VersionsAtAsync(kind, project, at, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsBelowAsync(
        string tenant,
        long index,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Reader.VersionsBelowAsync(index, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ResourceVersion>> VersionsOfAsync(
        string tenant,
        ResourceName name,
        int limit,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Reader.VersionsOfAsync(name, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ResourceVersion?> VersionAsync(
        string tenant,
        string resourceId,
        long revision,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Reader.VersionAsync(resourceId, revision, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Digest, byte[]>> BlobsAsync(
        string tenant,
        IReadOnlyCollection<Digest> digests,
        CancellationToken cancellationToken
    ) => BlobItems.ReadAsync(_table, tenant, digests, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SealedValue>> EntryPrivatesAsync(
        string tenant,
        IReadOnlyCollection<long> indexes,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Reader.EntryPrivatesAsync(indexes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SealedValue>> DocumentPrivatesAsync(
        string tenant,
        IReadOnlyCollection<string> commitments,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Reader.DocumentPrivatesAsync(commitments, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> SubjectNamesAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    )
    {
        var names = await Tenant(tenant).Directory.NamesAsync(subjects, cancellationToken);
        return await LiveAsync(tenant, names, pair => pair.Key, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> KnownSubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        CancellationToken cancellationToken
    )
    {
        var known = await Tenant(tenant).Directory.KnownAsync(names, cancellationToken);
        return await LiveAsync(tenant, known, pair => pair.Value, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<SubjectExtent> SubjectExtentAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    )
    {
        var names = await SubjectNamesAsync(tenant, subjects, cancellationToken);
        var extent = await Tenant(tenant).Reader.ExtentAsync(subjects, cancellationToken);
        return extent with { Names = [.. names.Values.Order(StringComparer.Ordinal)] };
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EvaluationCount>> EvaluationTotalsAsync(
        string tenant,
        string environmentId,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Counters.TotalsAsync(environmentId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EvaluationCount>> EvaluationTotalsAsync(
        string tenant,
        string environmentId,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Counters.TotalsAsync(environmentId, from, to, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HourlyEvaluations>> EvaluationHoursAsync(
        string tenant,
        string environmentId,
        string flag,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Counters.HoursAsync(environmentId, flag, from, to, cancellationToken);
}
