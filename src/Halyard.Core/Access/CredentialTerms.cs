using System.Text.Json;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Access;

/// <summary>How long a credential counts.</summary>
/// <param name="ExpiresAt">From when on it counts no more, or <see langword="null"/>: until it is revoked.</param>
/// <param name="Previous">SHA-256 of the secret before the last rotation, or <see langword="null"/>.</param>
/// <param name="PreviousUntil">From when on that one counts no more.</param>
public sealed record CredentialTerms(DateTimeOffset? ExpiresAt, Digest? Previous = null, DateTimeOffset? PreviousUntil = null)
{
    /// <summary>Until it is revoked.</summary>
    public static CredentialTerms Unlimited { get; } = new(ExpiresAt: null);

    /// <summary>Whether the credential counts at a time.</summary>
    public bool IsInForce(DateTimeOffset at) => !(at >= ExpiresAt);

    /// <summary>
    /// The terms after a rotation: the secret of now becomes the previous one, for no longer than it would have counted without, and
    /// the one before it is worth nothing.
    /// </summary>
    public CredentialTerms Rotated(Digest secret, DateTimeOffset until, DateTimeOffset? expiresAt) =>
        new(expiresAt ?? ExpiresAt, secret, ExpiresAt < until ? ExpiresAt : until);

    /// <summary>Writes what is limited; nothing where nothing is.</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        if (ExpiresAt is { } end)
            writer.WriteString("expiresAt", Rfc3339.Format(end));
        if (Previous is not { } previous || PreviousUntil is not { } until)
            return;
        writer.WriteString("previousSecret", previous.ToString());
        writer.WriteString("previousUntil", Rfc3339.Format(until));
    }

    /// <summary>Reads what <see cref="Write"/> wrote; documents of before there were terms have none.</summary>
    internal static CredentialTerms Read(JsonCursor json)
    {
        Digest? previous = null;
        if (json.NullableString("previousSecret", int.MaxValue) is { } text)
        {
            if (!Digest.TryParse(text, out var digest))
                json["previousSecret"].Problem("is no digest");
            previous = digest;
        }
        return new CredentialTerms(json.OptionalTime("expiresAt"), previous, json.OptionalTime("previousUntil"));
    }
}
