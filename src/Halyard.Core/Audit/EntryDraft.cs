using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Ledger;

namespace Halyard.Core.Audit;

/// <summary>
/// An audit entry that is complete but for what only the locked head of the log can give: index, time and origin.
/// The leaf is held as its three canonical fragments around those members, so that sealing is a concatenation.
/// </summary>
/// <param name="Id">The entry's ULID.</param>
/// <param name="BeforeTime">Canonical bytes up to the value of <c>at</c>.</param>
/// <param name="BeforeIndex">Canonical bytes between the values of <c>at</c> and <c>idx</c>.</param>
/// <param name="AfterLog">Canonical bytes after the value of <c>log</c>.</param>
/// <param name="Time">When the pipeline accepted the change; sealing never lets a log's time go back.</param>
/// <param name="EffectiveAt">For imported entries the original time; <see langword="null"/> means the sealed time.</param>
/// <param name="Index">What the entry is found by.</param>
/// <param name="Blobs">Content-addressed snapshots and decision inputs that the leaf names by digest.</param>
/// <param name="Privates">The values behind the leaf's commitments, encrypted.</param>
public sealed record EntryDraft(
    string Id,
    ReadOnlyMemory<byte> BeforeTime,
    ReadOnlyMemory<byte> BeforeIndex,
    ReadOnlyMemory<byte> AfterLog,
    DateTimeOffset Time,
    DateTimeOffset? EffectiveAt,
    EntryIndex Index,
    IReadOnlyList<Blob> Blobs,
    IReadOnlyList<SealedValue> Privates
);

/// <summary>A draft whose personal values are still to be encrypted; it cannot be committed as it is.</summary>
/// <param name="Draft">The entry, without its private values.</param>
/// <param name="Values">The values behind its commitments, in clear.</param>
public sealed record ClearDraft(EntryDraft Draft, IReadOnlyList<PrivateValue> Values);

/// <summary>What an entry can be found by; derived from the leaf and stored beside it.</summary>
/// <param name="Type">The entry's type in the catalogue.</param>
/// <param name="Actions">Every semantic change in it, by name; at least one.</param>
/// <param name="Actor">Pseudonymous id of who did it; for imported entries of the original author.</param>
/// <param name="ActorKind">user, service, system or client.</param>
/// <param name="Project">The project's key, or empty.</param>
/// <param name="Environments">Keys of the environments it affects.</param>
/// <param name="Resources">What it touched, with revisions; a denial names what it would have touched, with equal revisions.</param>
/// <param name="Succeeded">False for denied and failed attempts.</param>
/// <param name="Ticket">The ticket named by the change, or <see langword="null"/>.</param>
/// <param name="Incident">The incident named by the change, or <see langword="null"/>.</param>
/// <param name="ChangeRequest">The change request it came from, or <see langword="null"/>.</param>
/// <param name="Import">The import it belongs to, or <see langword="null"/> for native entries.</param>
/// <param name="ImportLine">The 1-based line of the imported file, or 0.</param>
public sealed record EntryIndex(
    string Type,
    IReadOnlyList<string> Actions,
    string Actor,
    string ActorKind,
    string Project,
    IReadOnlyList<string> Environments,
    IReadOnlyList<TouchedResource> Resources,
    bool Succeeded,
    string? Ticket,
    string? Incident,
    string? ChangeRequest,
    string? Import = null,
    long ImportLine = 0
)
{
    /// <summary>What free text finds it by.</summary>
    public EntryText Text { get; init; } = EntryText.Empty;
}

/// <summary>One resource in one entry.</summary>
/// <param name="Name">Where it is found.</param>
/// <param name="Id">Its id.</param>
/// <param name="RevisionFrom">0 for a creation.</param>
/// <param name="RevisionTo">
/// <paramref name="RevisionFrom"/> + 1, a deletion being a revision too; equal where the entry only names the resource (a denial): it
/// is found by it, but no version is recorded.
/// </param>
/// <param name="After">Digest of the sealed document afterwards, or <see langword="null"/> for a deletion.</param>
public sealed record TouchedResource(ResourceName Name, string Id, long RevisionFrom, long RevisionTo, Digest? After)
{
    /// <summary>Whether the entry changed it, rather than only naming it.</summary>
    public bool IsChanged => RevisionTo != RevisionFrom;
}

/// <summary>Bytes found by their SHA-256.</summary>
public sealed record Blob(Digest Digest, ReadOnlyMemory<byte> Content)
{
    /// <summary>The blob of these bytes.</summary>
    public static Blob Of(byte[] content) => new(Digest.Of(content), content);
}

/// <summary>The value behind one commitment, in clear; erasing it leaves every proof valid.</summary>
/// <param name="Pointer">The pointer the commitment binds; list positions are element ids or <c>-</c>.</param>
/// <param name="Commitment">As it stands in the leaf or document.</param>
/// <param name="Key">The 32-byte HMAC key.</param>
/// <param name="Value">The value as canonical JSON.</param>
/// <param name="Subject">
/// Pseudonymous id of whom it belongs to; <see langword="null"/> where it belongs to whom the value itself names.
/// </param>
/// <param name="InDocument">True where it stands in a resource's document and so may recur in later entries.</param>
/// <param name="NamesSubject">True where the value is a name of its subject, by which the subject is found again.</param>
public sealed record PrivateValue(
    string Pointer,
    string Commitment,
    byte[] Key,
    string Value,
    string? Subject,
    bool InDocument,
    bool NamesSubject = false
);
