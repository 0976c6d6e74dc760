using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Effects;

/// <summary>Takes an erased person's values from closed change requests and bypasses, as many at once as every store can write.</summary>
internal static class Redaction
{
    /// <summary>The type of the entry of a part that comes before the erasure.</summary>
    public const string Type = "privacy.values_redacted";

    /// <summary>The most documents of one commit, fewer than any store's limit: an erasure writes something itself.</summary>
    public const int MaxDocuments = 64;

    private const int MaxBytes = 1 << 20;

    /// <summary>Whether a value still stands in the document in clear.</summary>
    public static bool IsOwed(StoredResource stored, IReadOnlySet<string> hidden) =>
        PersonalValues.AnyInClear(stored.Name.Kind, stored.Document, stored.Sealed!, hidden);

    /// <summary>The first documents, as they will be without the values, and whether these are all.</summary>
    public static (IReadOnlyList<RedactedDocument> Documents, bool IsAll) FirstOf(
        IReadOnlyList<StoredResource> closed,
        IReadOnlySet<string> hidden
    )
    {
        var (count, bytes) = (0, 0L);
        while (count < closed.Count && count < MaxDocuments)
        {
            bytes += closed[count].Document.Length + closed[count].Sealed!.Length;
            if (count > 0 && bytes > MaxBytes)
                break;
            count++;
        }
        return ([.. closed.Take(count).Select(stored => RedactedDocument.Of(stored, hidden))], count == closed.Count);
    }

    /// <summary>What is recorded of a part.</summary>
    public static ChangeEvent Event(int count, SortedSet<string> subjects)
    {
        var writer = new CanonicalWriter(256).StartObject();
        writer.Name("subjects").StartArray();
        foreach (var subject in subjects)
            writer.String(subject);
        writer.EndArray().EndObject();
        return new ChangeEvent(
            Type,
            $"values of {string.Join(", ", subjects)} removed from {count} closed change requests and bypasses"
        )
        {
            Details = writer.ToArray(),
        };
    }
}

/// <summary>A live document that loses values; what the log knows of it stays as it is.</summary>
/// <param name="Before">As it is.</param>
/// <param name="Document">As it will be: commitments in place of those values.</param>
internal sealed record RedactedDocument(StoredResource Before, byte[] Document)
{
    /// <summary>The document without these values.</summary>
    public static RedactedDocument Of(StoredResource stored, IReadOnlySet<string> hidden) =>
        new(stored, PersonalValues.Without(stored.Name.Kind, stored.Document, stored.Sealed!, hidden));
}
