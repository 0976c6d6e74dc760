using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Halyard.Evaluation.Definitions;

/// <content>Members of each type. An optional member that is absent has its fallback; null is never the same as absent.</content>
public readonly partial struct JsonCursor
{
    /// <summary>A string of <paramref name="minLength"/>…<paramref name="maxLength"/> UTF-16 code units; empty after a problem.</summary>
    public string RequiredString(string member, int maxLength, int minLength = 1) => this[member].Text(maxLength, minLength);

    /// <summary>A string of up to <paramref name="maxLength"/> UTF-16 code units, which may be empty.</summary>
    public string OptionalString(string member, int maxLength, string fallback = "") =>
        this[member] is { Exists: true } value ? value.Text(maxLength, 0) : fallback;

    /// <summary>A string of up to <paramref name="maxLength"/> UTF-16 code units; absent and null both read as null.</summary>
    public string? NullableString(string member, int maxLength, int minLength = 0) =>
        this[member] is { Exists: true, Element.ValueKind: not JsonValueKind.Null } value
            ? value.Text(maxLength, minLength)
            : null;

    /// <summary>A key; see <see cref="IsKey"/>.</summary>
    public string RequiredKey(string member) => this[member].Key();

    /// <summary>The key here; see <see cref="IsKey"/>. Empty after a problem.</summary>
    public string Key()
    {
        var before = _problems?.Count;
        var text = Text(Limits.Identifier, 1);
        if (before == _problems?.Count && !IsKey(text))
        {
            Problem("must be letters, digits, '.', '_' or '-', beginning with a letter or digit");
            return "";
        }
        return text;
    }

    /// <summary>The string here, of <paramref name="minLength"/>…<paramref name="maxLength"/> UTF-16 code units; empty after a problem.</summary>
    public string Text(int maxLength, int minLength)
    {
        if (Element.ValueKind != JsonValueKind.String)
        {
            Problem(Exists ? "must be a string" : "is required");
            return "";
        }

        string text;
        try
        {
            text = Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Problem("is not valid Unicode");
            return "";
        }

        if (text.Length >= minLength && text.Length <= maxLength)
            return text;
        Problem(text.Length == 0 ? "must not be empty" : $"must have {minLength} to {maxLength} characters");
        return "";
    }

    /// <summary>A boolean; false after a problem.</summary>
    public bool RequiredBool(string member)
    {
        var value = this[member];
        if (value.Element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            value.Problem(value.Exists ? "must be true or false" : "is required");
        return value.Element.ValueKind == JsonValueKind.True;
    }

    /// <summary>A boolean, or <paramref name="fallback"/> where it is absent.</summary>
    public bool OptionalBool(string member, bool fallback = false) => this[member].Exists ? RequiredBool(member) : fallback;

    /// <summary>A whole number of <paramref name="min"/>…<paramref name="max"/>; <paramref name="min"/> after a problem.</summary>
    public int RequiredInt(string member, int min = int.MinValue, int max = int.MaxValue) => (int)RequiredLong(member, min, max);

    /// <summary>A whole number, or <paramref name="fallback"/> where it is absent.</summary>
    public int OptionalInt(string member, int fallback = 0, int min = int.MinValue, int max = int.MaxValue) =>
        this[member].Exists ? RequiredInt(member, min, max) : fallback;

    /// <summary>A whole number of <paramref name="min"/>…<paramref name="max"/>; <paramref name="min"/> after a problem.</summary>
    public long RequiredLong(string member, long min = long.MinValue, long max = long.MaxValue)
    {
        var value = this[member];
        if (value.Element.ValueKind != JsonValueKind.Number)
            value.Problem(value.Exists ? "must be a whole number" : "is required");
        else if (!value.Element.TryGetInt64(out var number) || number < min || number > max)
            value.Problem($"must be a whole number from {min} to {max}");
        else
            return number;
        return min;
    }

    /// <summary>A whole number, or <paramref name="fallback"/> where it is absent.</summary>
    public long OptionalLong(string member, long fallback = 0, long min = long.MinValue, long max = long.MaxValue) =>
        this[member].Exists ? RequiredLong(member, min, max) : fallback;

    /// <summary>An enumeration's wire name (<see cref="WireNames"/>); the first declared value after a problem.</summary>
    public TEnum RequiredEnum<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEnum>(string member)
        where TEnum : struct, Enum
    {
        var value = this[member];
        var before = _problems?.Count;
        var name = value.Text(Limits.Identifier, 1);
        if (WireNames.TryParse<TEnum>(name, out var result))
            return result;
        if (before == _problems?.Count)
            value.Problem($"'{name}' is not one of {string.Join(", ", WireNames.All<TEnum>())}");
        return default;
    }

    /// <summary>An enumeration's wire name, or <paramref name="fallback"/> where it is absent.</summary>
    public TEnum OptionalEnum<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEnum>(
        string member,
        TEnum fallback = default
    )
        where TEnum : struct, Enum => this[member].Exists ? RequiredEnum<TEnum>(member) : fallback;

    /// <summary>An RFC 3339 time; null where it is absent or null, and after a problem.</summary>
    public DateTimeOffset? OptionalTime(string member)
    {
        var text = NullableString(member, Limits.Identifier, minLength: 1);
        if (string.IsNullOrEmpty(text))
            return null;
        if (Rfc3339.TryParse(text, out var time))
            return time;
        this[member].Problem("must be a time such as 2026-01-31T09:30:00Z (RFC 3339)");
        return null;
    }

    /// <summary>Any JSON value of at most <see cref="Limits.ValueBytes"/>; null after a problem.</summary>
    public FlagValue RequiredValue(string member) => this[member].Value();

    /// <summary>The JSON value here, of at most <see cref="Limits.ValueBytes"/>; null after a problem.</summary>
    public FlagValue Value()
    {
        if (!Exists)
        {
            Problem("is required");
            return default;
        }
        if (Element.ValueKind == JsonValueKind.String)
            return FlagValue.Of(Text(Limits.ValueBytes, 0));
        if (IsDeeper(Element, Limits.ValueDepth))
        {
            Problem($"must not be nested deeper than {Limits.ValueDepth} levels");
            return default;
        }
        var bytes = JsonMarshal.GetRawUtf8Value(Element);
        if (bytes.Length > Limits.ValueBytes)
            Problem($"must have at most {Limits.ValueBytes} bytes of JSON");
        else if (!Utf8.IsValid(bytes))
            Problem("is not valid Unicode");
        else
            return FlagValue.From(Element);
        return default;
    }

    private static bool IsDeeper(JsonElement element, int levels) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => levels == 0 || element.EnumerateObject().Any(member => IsDeeper(member.Value, levels - 1)),
            JsonValueKind.Array => levels == 0 || element.EnumerateArray().Any(item => IsDeeper(item, levels - 1)),
            _ => false,
        };
}
