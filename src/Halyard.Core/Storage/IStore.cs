using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Ledger;

namespace Halyard.Core.Storage;

/// <summary>
/// The store port: atomic domain verbs, spoken natively by each adapter and held to one conformance suite.
/// An operation that cannot reach its storage throws; every other outcome is a value.
/// </summary>
public interface IStore : IMarks, ITimers
{
    /// <summary>
    /// How many resources one commit may write at most, never fewer than the 80 that one imported line may: imports make their batches
    /// by it, and of no more lines either.
    /// </summary>
    /// <value>The default value is <see cref="int.MaxValue"/>: a store's transaction has no bound.</value>
    int MaxResourcesPerCommit => int.MaxValue;

    /// <summary>
    /// One transaction: idempotency key, preconditions, writes, then (head of the log locked last) entries sealed by
    /// <see cref="Seal.Append"/>, versions, blobs, private values, timers and the new head. Durable when it returns.
    /// </summary>
    /// <remarks>
    /// The order of refusal is fixed: an answered idempotency key, then conflicts. A private value of a subject that an earlier
    /// commit erased is a conflict without mismatches, like a fence that moved.
    /// </remarks>
    ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken);

    /// <summary>The resources that exist among <paramref name="names"/>, and the fences' values (0 where never raised).</summary>
    ValueTask<StateSlice> LoadAsync(
        string tenant,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    );

    /// <summary>The same with every environment of a project, all as of one moment: what nearly every change looks at.</summary>
    ValueTask<StateSlice> LoadWithEnvironmentsAsync(
        string tenant,
        string project,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    );

    /// <summary>Resources of one kind in key order (ordinal), after <paramref name="afterKey"/>, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<StoredResource>> ListAsync(
        string tenant,
        ResourceKind kind,
        string project,
        string? afterKey,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>The unexpired answer under an idempotency key, or <see langword="null"/>.</summary>
    ValueTask<StoredAnswer?> FindAnswerAsync(
        string tenant,
        string credential,
        string key,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>Every tenant that has a log, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken);

    /// <summary>The head of a tenant's log, or <see langword="null"/> where it has no entry yet.</summary>
    ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Entries from <paramref name="from"/> on in index order, at most <paramref name="limit"/>: the change feed. Those that were
    /// purged are left out, here as in every query.
    /// </summary>
    ValueTask<IReadOnlyList<FeedEntry>> FeedAsync(string tenant, long from, int limit, CancellationToken cancellationToken);

    /// <summary>Leaf hashes of the indexes from <paramref name="from"/> on, at most <paramref name="count"/>; also those of purged entries.</summary>
    ValueTask<IReadOnlyList<Digest>> LeafHashesAsync(string tenant, long from, int count, CancellationToken cancellationToken);

    /// <summary>One entry by index, or <see langword="null"/>.</summary>
    ValueTask<LogEntry?> EntryAsync(string tenant, long index, CancellationToken cancellationToken);

    /// <summary>One entry by its id (the leaf's <c>id</c>), or <see langword="null"/>.</summary>
    ValueTask<LogEntry?> EntryAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>A page of entries, newest (largest index) first.</summary>
    ValueTask<IReadOnlyList<LogEntry>> QueryAsync(string tenant, AuditQuery query, CancellationToken cancellationToken);

    /// <summary>How many entries match, whatever the query's cursor and limit.</summary>
    ValueTask<long> CountAsync(string tenant, AuditQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// For each resource of one kind and project the version in force at a time: the one with the largest index among those with
    /// effective time ≤ <paramref name="at"/>; deleted ones left out; in key order.
    /// </summary>
    ValueTask<IReadOnlyList<ResourceVersion>> VersionsAtAsync(
        string tenant,
        ResourceKind kind,
        string project,
        DateTimeOffset at,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// For each name the last version that entries below an index made, deletions included: the state from which the entries that
    /// were not purged go on.
    /// </summary>
    ValueTask<IReadOnlyList<ResourceVersion>> VersionsBelowAsync(string tenant, long index, CancellationToken cancellationToken);

    /// <summary>
    /// The first <paramref name="limit"/> versions of one name in the order of the log, deletions and those of deleted namesakes
    /// included.
    /// </summary>
    ValueTask<IReadOnlyList<ResourceVersion>> VersionsOfAsync(
        string tenant,
        ResourceName name,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>One version of one resource, or <see langword="null"/>.</summary>
    ValueTask<ResourceVersion?> VersionAsync(
        string tenant,
        string resourceId,
        long revision,
        CancellationToken cancellationToken
    );

    /// <summary>The blobs that exist among <paramref name="digests"/>.</summary>
    ValueTask<IReadOnlyDictionary<Digest, byte[]>> BlobsAsync(
        string tenant,
        IReadOnlyCollection<Digest> digests,
        CancellationToken cancellationToken
    );

    /// <summary>The private values of the leaf at one index (not those inside documents).</summary>
    ValueTask<IReadOnlyList<SealedValue>> EntryPrivatesAsync(
        string tenant,
        IReadOnlyCollection<long> indexes,
        CancellationToken cancellationToken
    );

    /// <summary>The private values in documents behind these commitments, those that still exist.</summary>
    ValueTask<IReadOnlyList<SealedValue>> DocumentPrivatesAsync(
        string tenant,
        IReadOnlyCollection<string> commitments,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The pseudonymous ids of people known by name only (authors of imported history); unknown names get an id from
    /// <paramref name="newId"/>. The directory is outside the log.
    /// </summary>
    ValueTask<IReadOnlyDictionary<string, string>> SubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        Func<string> newId,
        CancellationToken cancellationToken
    );

    /// <summary>The names behind pseudonymous ids, those that are known.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> SubjectNamesAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    );

    /// <summary>The pseudonymous ids of people known by name, those that the directory has.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> KnownSubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        CancellationToken cancellationToken
    );

    /// <summary>What there is of some subjects.</summary>
    ValueTask<SubjectExtent> SubjectExtentAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Completes when something may have been committed since the last call, or after <paramref name="patience"/>:
    /// a hint for followers, never the only way to learn of an entry.
    /// </summary>
    ValueTask WaitForCommitsAsync(TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>
    /// Adds to evaluation counters, each to its flag's and variant's total and to the hour of its <see cref="EvaluationCount.LastAt"/>.
    /// Additive, so that any number of nodes may count; all or nothing.
    /// </summary>
    ValueTask AddEvaluationsAsync(
        string tenant,
        IReadOnlyCollection<EvaluationDelta> deltas,
        CancellationToken cancellationToken
    );

    /// <summary>What every flag of an environment served since counting began, by flag and variant in ordinal order.</summary>
    ValueTask<IReadOnlyList<EvaluationCount>> EvaluationTotalsAsync(
        string tenant,
        string environmentId,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The same for the hours that start in a half-open range. Hours older than <see cref="EvaluationHours.Kept"/> may be missing.
    /// </summary>
    ValueTask<IReadOnlyList<EvaluationCount>> EvaluationTotalsAsync(
        string tenant,
        string environmentId,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    );

    /// <summary>What one flag served, by hours that start in a half-open range and by variant, in order; hours without any are left out.</summary>
    ValueTask<IReadOnlyList<HourlyEvaluations>> EvaluationHoursAsync(
        string tenant,
        string environmentId,
        string flag,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    );
}

/// <summary>What was loaded, as of one moment.</summary>
public sealed record StateSlice(
    IReadOnlyDictionary<ResourceName, StoredResource> Resources,
    IReadOnlyDictionary<string, long> Fences
);

/// <summary>A resource as stored.</summary>
/// <param name="Name">Where it is found.</param>
/// <param name="Id">Its id.</param>
/// <param name="Revision">1 after its creation.</param>
/// <param name="Document">Its canonical document in clear.</param>
/// <param name="Sealed">The document as the ledger knows it, or <see langword="null"/> where it is the same.</param>
/// <param name="CreatedAt">Effective time of its first revision.</param>
/// <param name="UpdatedAt">Effective time of its last revision.</param>
public sealed record StoredResource(
    ResourceName Name,
    string Id,
    long Revision,
    byte[] Document,
    byte[]? Sealed,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
);

/// <summary>One revision of a resource in the history.</summary>
/// <param name="Name">Where it was found.</param>
/// <param name="Id">Its id.</param>
/// <param name="Revision">The revision.</param>
/// <param name="Index">The entry that made it.</param>
/// <param name="EffectiveAt">When it took effect.</param>
/// <param name="Document">Digest of the sealed document, or <see langword="null"/> for its deletion.</param>
public sealed record ResourceVersion(
    ResourceName Name,
    string Id,
    long Revision,
    long Index,
    DateTimeOffset EffectiveAt,
    Digest? Document
);

/// <summary>One step of the change feed.</summary>
/// <param name="Index">The entry's index.</param>
/// <param name="Leaf">Its canonical bytes.</param>
/// <param name="Resources">The resources it touched.</param>
public sealed record FeedEntry(long Index, byte[] Leaf, IReadOnlyList<ResourceVersion> Resources);
