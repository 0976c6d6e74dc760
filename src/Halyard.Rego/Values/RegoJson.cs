using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Halyard.Rego;

/// <summary>Values from JSON and to JSON.</summary>
internal static class RegoJson
{
    private static readonly JsonReaderOptions Reading = new() { MaxDepth = RegoValue.MaxDepth };

    private static readonly JsonWriterOptions Writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = RegoValue.MaxDepth + 1,
    };

    public static RegoValue Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Reading);
        if (!reader.Read())
            throw new JsonException("There is no value.");
        var value = Read(ref reader);
        if (reader.Read())
            throw new JsonException("There is more after the value.");
        return value;
    }

    public static RegoValue Read(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Null => RegoValue.Null,
            JsonValueKind.True => RegoBoolean.True,
            JsonValueKind.False => RegoBoolean.False,
            JsonValueKind.String => RegoValue.Of(element.GetString()!),
            JsonValueKind.Number => Number(element.GetRawText()),
            JsonValueKind.Array => RegoArray.From(element.EnumerateArray().Select(Read)),
            JsonValueKind.Object => RegoObject.From(
                element.EnumerateObject().Select(member => KeyValuePair.Create(RegoValue.Of(member.Name), Read(member.Value)))
            ),
            _ => throw new JsonException("The element is undefined."),
        };

    public static string Text(RegoValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
            Write(value, writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void Write(RegoValue value, Utf8JsonWriter writer)
    {
        switch (value)
        {
            case RegoNull:
                writer.WriteNullValue();
                break;
            case RegoBoolean boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            case RegoNumber number:
                writer.WriteRawValue(number.Text, skipInputValidation: true);
                break;
            case RegoString text:
                writer.WriteStringValue(text.Value);
                break;
            case RegoArray array:
                WriteItems(array.AsSpan(), writer);
                break;
            case RegoSet set:
                WriteItems(set.AsSpan(), writer);
                break;
            case RegoObject members:
                writer.WriteStartObject();
                foreach (var (key, member) in members)
                {
                    writer.WritePropertyName(NameOf(key));
                    Write(member, writer);
                }
                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>The member name that a key becomes in JSON.</summary>
    public static string NameOf(RegoValue key) => key is RegoString text ? text.Value : Text(key);

    /// <summary>Appends a text in quotes, escaped as little as JSON allows.</summary>
    public static void AppendQuoted(StringBuilder target, string text)
    {
        target.Append('"');
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '"' => target.Append("\\\""),
                '\\' => target.Append("\\\\"),
                '\n' => target.Append("\\n"),
                '\r' => target.Append("\\r"),
                '\t' => target.Append("\\t"),
                '\b' => target.Append("\\b"),
                '\f' => target.Append("\\f"),
                < ' ' => target.Append("\\u").Append(((int)unit).ToString("x4")),
                _ => target.Append(unit),
            };
        }
        target.Append('"');
    }

    private static void WriteItems(ReadOnlySpan<RegoValue> items, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var item in items)
            Write(item, writer);
        writer.WriteEndArray();
    }

    private static RegoValue Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return RegoValue.Null;
            case JsonTokenType.True:
                return RegoBoolean.True;
            case JsonTokenType.False:
                return RegoBoolean.False;
            case JsonTokenType.String:
                return RegoValue.Of(TextOf(ref reader));
            case JsonTokenType.Number:
                return Number(reader.ValueSpan);
            case JsonTokenType.StartArray:
                return ReadArray(ref reader);
            default:
                return ReadObject(ref reader);
        }
    }

    private static RegoArray ReadArray(ref Utf8JsonReader reader)
    {
        var items = new GrowingArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Read(ref reader));
        return RegoArray.Of(items.ToArray());
    }

    private static RegoObject ReadObject(ref Utf8JsonReader reader)
    {
        var (names, values) = (new GrowingArray(), new GrowingArray());
        var isInOrder = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = NameAt(ref reader);
            isInOrder &= names.Count == 0 || names.Last.CompareTo(name) < 0;
            names.Add(name);
            reader.Read();
            values.Add(Read(ref reader));
        }
        // Canonical JSON stands in order already, and then no name comes twice.
        return isInOrder
            ? RegoObject.OfSorted(names.ToArray(), values.ToArray())
            : RegoObject.From(
                names.ToArray().Zip(values.ToArray(), (name, value) => KeyValuePair.Create((RegoValue)name, value))
            );
    }

    private static RegoString NameAt(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped)
            return new RegoString(TextOf(ref reader));
        if (KnownNames.Find(reader.ValueSpan) is { } known)
            return known;
        var name = new RegoString(TextOf(ref reader));
        KnownNames.Keep(reader.ValueSpan, name);
        return name;
    }

    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException notUtf8)
        {
            throw new JsonException("A text holds a lone surrogate or bytes that are not UTF-8.", notUtf8);
        }
    }

    private static RegoNumber Number(ReadOnlySpan<byte> text)
    {
        // Nearly every number: a whole one without a sign, which has one way to be written.
        if (
            text.Length is > 0 and < 19
            && (text[0] != '0' || text.Length == 1)
            && Utf8Parser.TryParse(text, out long whole, out var read)
            && read == text.Length
            && text[0] != '-'
        )
            return RegoNumber.Of(whole);
        return Number(Encoding.UTF8.GetString(text));
    }

    private static RegoNumber Number(string text) =>
        RegoNumber.TryParse(text, out var number) ? number : throw new JsonException("A number is out of range.");

    /// <summary>Values one after the other, of which there are few nearly always.</summary>
    private struct GrowingArray()
    {
        private RegoValue[] _items = [];

        public int Count { get; private set; }

        public readonly RegoValue Last => _items[Count - 1];

        public void Add(RegoValue value)
        {
            if (Count == _items.Length)
                Array.Resize(ref _items, Math.Max(4, Count * 2));
            _items[Count++] = value;
        }

        /// <summary>The values; nothing may be added afterwards.</summary>
        public RegoValue[] ToArray()
        {
            if (_items.Length != Count)
                Array.Resize(ref _items, Count);
            return _items;
        }
    }
}
