using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Halyard.Evaluation;

/// <summary>Reads attributes straight from a JSON reader, within bounds.</summary>
internal struct AttributeReader(int maxMembers, int maxDepth)
{
    private const int ShortName = 64;
    private const int TypicalMembers = 8;

    private int _members;
    private int _depth;

    /// <summary>Why reading failed, in words.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Reads the object that the reader stands at.</summary>
    public bool TryObject(ref Utf8JsonReader reader, [NotNullWhen(true)] out AttributeObject? result)
    {
        result = null;
        if (++_depth > maxDepth)
            return Fail($"must nest at most {maxDepth} deep");
        var members = new List<KeyValuePair<string, AttributeValue>>(TypicalMembers);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (++_members > maxMembers)
                return Fail($"must have at most {maxMembers} attributes");
            if (!TryName(ref reader, out var name))
                return false;
            reader.Read();
            if (!TryValue(ref reader, out var value))
                return false;
            members.Add(new(name, value));
        }
        _depth--;
        result = new AttributeObject(CollectionsMarshal.AsSpan(members));
        return true;
    }

    /// <summary>Reads the value that the reader stands at.</summary>
    public bool TryValue(ref Utf8JsonReader reader, out AttributeValue value)
    {
        value = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                if (!TryObject(ref reader, out var members))
                    return false;
                value = AttributeValue.Of(members);
                return true;
            case JsonTokenType.StartArray:
                return TryList(ref reader, out value);
            case JsonTokenType.String:
                if (!TryText(ref reader, out var text))
                    return false;
                value = AttributeValue.Of(text);
                return true;
            case JsonTokenType.Number:
                value = reader.TryGetDouble(out var number) ? AttributeValue.Of(number) : default;
                return true;
            case JsonTokenType.True:
            case JsonTokenType.False:
                value = AttributeValue.Of(reader.TokenType == JsonTokenType.True);
                return true;
            default:
                return true;
        }
    }

    private bool TryList(ref Utf8JsonReader reader, out AttributeValue value)
    {
        value = default;
        if (++_depth > maxDepth)
            return Fail($"must nest at most {maxDepth} deep");
        var elements = new List<AttributeValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!TryValue(ref reader, out var element))
                return false;
            elements.Add(element);
        }
        _depth--;
        value = AttributeValue.List([.. elements]);
        return true;
    }

    private bool TryName(ref Utf8JsonReader reader, out string name)
    {
        // A code unit of UTF-16 comes from at least one byte, so the name fits.
        if (reader.HasValueSequence || reader.ValueSpan.Length > ShortName)
            return TryText(ref reader, out name);
        Span<char> text = stackalloc char[ShortName];
        try
        {
            name = NamePool.Share(text[..reader.CopyString(text)]);
            return true;
        }
        catch (InvalidOperationException)
        {
            // As in a value.
            return TryText(ref reader, out name);
        }
    }

    private bool TryText(ref Utf8JsonReader reader, out string text)
    {
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // Well-formed JSON may escape half a surrogate pair, and bytes need not be UTF-8: there is no such string.
            text = "";
            return Fail("holds text that is not valid Unicode");
        }
    }

    private bool Fail(string rule)
    {
        Problem = $"the context {rule}";
        return false;
    }
}
