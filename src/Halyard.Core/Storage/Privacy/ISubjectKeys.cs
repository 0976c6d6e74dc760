namespace Halyard.Core.Storage.Privacy;

/// <summary>
/// The data keys of subjects, wrapped at rest by a key-encryption key, in a store of their own outside the main one, with short
/// retention of backups: whoever restores the main store does not bring back what was erased. Also by which pseudonyms of names
/// subjects are found, and who was erased. An operation that cannot reach its storage throws.
/// </summary>
public interface ISubjectKeys
{
    /// <summary>The key that makes pseudonyms of names (<see cref="Audit.Privacy.PersonNames"/>), the same for ever.</summary>
    ValueTask<byte[]> DirectoryKeyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The key for each request, made where there is none; in the order of the requests. Durable when it returns. The key is
    /// <see langword="null"/> for a subject that was erased: it never gets another.
    /// </summary>
    ValueTask<IReadOnlyList<SubjectKey>> EnsureAsync(
        string tenant,
        IReadOnlyList<SubjectRequest> requests,
        CancellationToken cancellationToken
    );

    /// <summary>The keys of subjects, those that exist.</summary>
    ValueTask<IReadOnlyDictionary<string, byte[]>> FindAsync(
        string tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    );

    /// <summary>The subjects that have one of these pseudonyms of a name, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> NamedAsync(
        string tenant,
        IReadOnlyCollection<string> pseudonyms,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Removes the keys and pseudonyms of subjects and lists them as erased by the entry at an index. Durable when it returns;
    /// doing it again only names the newer entry.
    /// </summary>
    ValueTask EraseAsync(string tenant, IReadOnlyCollection<string> subjects, long index, CancellationToken cancellationToken);

    /// <summary>Everybody who was erased, in the order of the entries: what every restored or archived copy must forget too.</summary>
    ValueTask<IReadOnlyList<ErasedSubject>> ErasedAsync(string tenant, CancellationToken cancellationToken);
}

/// <summary>Asks for one subject's key.</summary>
/// <param name="Subject">The subject's id; <see langword="null"/> for whom the pseudonym names, who gets an id where unknown.</param>
/// <param name="Pseudonym">The pseudonym of a name of the subject, or <see langword="null"/>; it is remembered.</param>
public readonly record struct SubjectRequest(string? Subject, string? Pseudonym);

/// <summary>A subject's data key.</summary>
/// <param name="Subject">Whose.</param>
/// <param name="Key">32 bytes, or <see langword="null"/> where the subject was erased.</param>
public sealed record SubjectKey(string Subject, byte[]? Key);

/// <summary>Somebody who was erased.</summary>
/// <param name="Subject">Pseudonymous id.</param>
/// <param name="Index">The entry that says so.</param>
public sealed record ErasedSubject(string Subject, long Index);
