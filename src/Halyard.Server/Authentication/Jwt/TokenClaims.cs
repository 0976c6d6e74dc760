using System.Text.Json;

namespace Halyard.Server.Authentication.Jwt;

/// <summary>
/// The claims of a token, or of what a provider says of a person. A claim is named by its member, or by a JSON Pointer (RFC 6901)
/// where it lies deeper: <c>/realm_access/roles</c>.
/// </summary>
/// <param name="root">A JSON object without duplicate members.</param>
internal sealed class TokenClaims(JsonElement root)
{
    /// <summary>The most characters of one text.</summary>
    public const int MaxText = 2_048;

    /// <summary>The most texts of one list.</summary>
    public const int MaxTexts = 512;

    // 9999-12-31: the last moment there is.
    private const double MaxSeconds = 253_402_300_799;

    /// <summary>Whether the claim is there, whatever it says.</summary>
    public bool Has(string claim) => Find(claim) is not null;

    /// <summary>Whether the claim is there and is this truth value.</summary>
    public bool Is(string claim, bool truth) => Find(claim)?.ValueKind == (truth ? JsonValueKind.True : JsonValueKind.False);

    /// <summary>Whether the claim is there and is an object, whatever is in it.</summary>
    public bool IsObject(string claim) => Find(claim)?.ValueKind == JsonValueKind.Object;

    /// <summary>The claim where it is a text of bounded length, else <see langword="null"/>.</summary>
    public string? Text(string claim) => Text(claim, MaxText);

    /// <summary>The claim where it is a text of at most so many characters, else <see langword="null"/>.</summary>
    public string? Text(string claim, int longest) =>
        Find(claim) is { ValueKind: JsonValueKind.String } value && value.GetString()!.Length <= longest
            ? value.GetString()
            : null;

    /// <summary>The claim where it is a text or a list of texts; <see langword="null"/> where it is absent or anything else.</summary>
    public IReadOnlyList<string>? Texts(string claim)
    {
        if (Find(claim) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            return Text(value) is { } only ? [only] : null;
        if (value.GetArrayLength() > MaxTexts)
            return null;
        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (Text(item) is not { } text)
                return null;
            texts.Add(text);
        }
        return texts;
    }

    /// <summary>The claim where it is a moment (seconds since 1970, fractions allowed), else <see langword="null"/>.</summary>
    public DateTimeOffset? Moment(string claim) =>
        Find(claim) is { ValueKind: JsonValueKind.Number } value
        && value.TryGetDouble(out var seconds)
        && seconds is >= 0 and <= MaxSeconds
            ? DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Floor(seconds * 1_000))
            : null;

    private static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MaxText } text ? text : null;

    private JsonElement? Find(string claim)
    {
        if (!claim.StartsWith('/'))
            return root.TryGetProperty(claim, out var member) ? member : null;
        var value = root;
        foreach (var step in claim[1..].Split('/'))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }
        return value;
    }
}
