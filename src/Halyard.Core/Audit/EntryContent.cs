using Halyard.Core.Access;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Audit;

/// <summary>What an entry says, before it becomes bytes.</summary>
public sealed record EntryContent
{
    /// <summary>The entry's ULID.</summary>
    public required string Id { get; init; }

    /// <summary>When the pipeline accepted or denied it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Its type in the catalogue.</summary>
    public required string Type { get; init; }

    /// <summary>Who did it.</summary>
    public required Actor Actor { get; init; }

    /// <summary>Where the request came from.</summary>
    public required RequestContext Request { get; init; }

    /// <summary>The project's key, or empty.</summary>
    public required string Project { get; init; }

    /// <summary>Keys of the environments affected, in ordinal order.</summary>
    public required IReadOnlyList<string> Environments { get; init; }

    /// <summary>Every semantic change.</summary>
    public required IReadOnlyList<SemanticChange> Changes { get; init; }

    /// <summary>What it did to each resource; the first is the entry's subject.</summary>
    public required IReadOnlyList<ResourceChange> Resources { get; init; }

    /// <summary>Why, in the actor's words; may be empty.</summary>
    public required string Reason { get; init; }

    /// <summary>The ticket, or <see langword="null"/>.</summary>
    public string? Ticket { get; init; }

    /// <summary>The incident, or <see langword="null"/>.</summary>
    public string? Incident { get; init; }

    /// <summary>The caller's idempotency key, or <see langword="null"/>.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The verdict.</summary>
    public required Decision Decision { get; init; }

    /// <summary>The question that was decided, as canonical JSON; kept as a blob so that policies can be replayed over history.</summary>
    public required Blob DecisionInput { get; init; }

    /// <summary>The original circumstances of an imported change, or <see langword="null"/>.</summary>
    public EntryOrigin? Origin { get; init; }

    /// <summary>The change request that it belongs to, or <see langword="null"/>.</summary>
    public RequestReference? ChangeRequest { get; init; }

    /// <summary>A code in dotted words where it did not succeed, else <see langword="null"/>.</summary>
    public string? FailureCode { get; init; }

    /// <summary>What went wrong, in words; <see langword="null"/> where the verdict says it (a denial).</summary>
    public string? FailureMessage { get; init; }

    /// <summary>
    /// What else the type says, as a canonical JSON object without personal values; <see langword="null"/> for nothing. Stands in the
    /// leaf as <c>meta.details</c>.
    /// </summary>
    public ReadOnlyMemory<byte>? Details { get; init; }

    /// <summary>How the actor is called, or <see langword="null"/>. Stands in the leaf as commitments, in <c>meta.person</c>.</summary>
    public PersonalDetails? Person { get; init; }
}

/// <summary>The change request that an entry belongs to.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Hash">The content that was approved, or is to be.</param>
/// <param name="Approvals">The subjects who had approved that content then, in ordinal order.</param>
public sealed record RequestReference(string Id, Digest Hash, Sequence<string> Approvals);

/// <summary>How a person is called: by these the person is found again, and whoever is erased loses them.</summary>
/// <param name="Email">The e-mail address, or <see langword="null"/>.</param>
/// <param name="Name">The name, or <see langword="null"/>.</param>
public sealed record PersonalDetails(string? Email, string? Name);

/// <summary>What an entry did to one resource.</summary>
/// <param name="Touched">Which resource and revisions.</param>
/// <param name="Before">Digest of the sealed document before, or <see langword="null"/> for a creation.</param>
/// <param name="Patch">RFC 6902 patch between the sealed documents, canonical.</param>
/// <param name="Document">The sealed document afterwards, kept as a blob; <see langword="null"/> for a deletion.</param>
/// <param name="Privates">Values behind commitments that are new in the document.</param>
public sealed record ResourceChange(
    TouchedResource Touched,
    Digest? Before,
    byte[] Patch,
    byte[]? Document,
    IReadOnlyList<PrivateValue> Privates
);

/// <summary>Where and when an imported change really happened.</summary>
/// <param name="At">The original time.</param>
/// <param name="Subject">Pseudonymous id of the original author.</param>
/// <param name="Reason">The original reason.</param>
/// <param name="Reference">A link or commit that names the original, or <see langword="null"/>.</param>
/// <param name="Import">The import's key.</param>
/// <param name="Line">The 1-based line of the imported file.</param>
public sealed record EntryOrigin(DateTimeOffset At, string Subject, string Reason, string? Reference, string Import, long Line);
