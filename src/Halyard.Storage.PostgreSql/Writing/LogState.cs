using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>
/// What a batch of commits looks at in one tenant's log and state, as of the moment at which the head was locked; then as of each
/// commit of the batch.
/// </summary>
/// <param name="Tenant">The tenant's number.</param>
/// <param name="Head">The head, or <see langword="null"/> where there is no entry.</param>
internal sealed record LogState(int Tenant, LogHead? Head)
{
    /// <summary>Those that exist, among what the batch names.</summary>
    public Dictionary<ResourceName, LiveResource> Resources { get; } = [];

    /// <summary>Those that were ever raised.</summary>
    public Dictionary<string, long> Fences { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Credential, string Key), (StoredAnswer Answer, DateTimeOffset ExpiresAt)> Answers { get; } = [];

    /// <summary>Those who were erased, among the subjects of the batch's private values.</summary>
    public HashSet<string> Erased { get; } = new(StringComparer.Ordinal);

    /// <summary>Of the subjects to erase, the entry that brought the last value of each.</summary>
    public Dictionary<string, long> LastWritten { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of the batch's entries that are in the log: only after a try whose outcome is unknown.</summary>
    public HashSet<string> LoggedIds { get; } = new(StringComparer.Ordinal);
}

/// <summary>What a commit has to know of a resource that exists.</summary>
internal sealed record LiveResource(long Revision, string Id, DateTimeOffset CreatedAt);
