using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>
/// A document that can be changed. JSON null is a node like any other, so that a missing node can mean absent.
/// Scalars keep their canonical bytes.
/// </summary>
internal abstract class JsonTree
{
    private JsonTree() { }

    /// <summary>Reads canonical text.</summary>
    public static JsonTree Read(byte[] canonical)
    {
        using var document = JsonDocument.Parse(canonical);
        return Read(document.RootElement);
    }

    /// <summary>Reads a part of a canonical document.</summary>
    public static JsonTree Read(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => new Map(
                element.EnumerateObject().ToDictionary(p => p.Name, p => Read(p.Value), StringComparer.Ordinal)
            ),
            JsonValueKind.Array => new List([.. element.EnumerateArray().Select(Read)]),
            _ => new Scalar(JsonMarshal.GetRawUtf8Value(element).ToArray()),
        };

    /// <summary>How many arrays and objects are nested in each other; 0 for a scalar.</summary>
    public abstract int Depth { get; }

    /// <summary>The JSON text; members in no particular order.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A copy that shares nothing that can change.</summary>
    public abstract JsonTree Clone();

    /// <summary>True for the same JSON value.</summary>
    public abstract bool SameAs(JsonTree other);

    protected abstract void WriteTo(Utf8JsonWriter writer);

    public sealed class Scalar(byte[] text) : JsonTree
    {
        private readonly byte[] _text = text;

        public override int Depth => 0;

        public override JsonTree Clone() => this;

        public override bool SameAs(JsonTree other) => other is Scalar scalar && _text.AsSpan().SequenceEqual(scalar._text);

        protected override void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(_text, skipInputValidation: true);
    }

    public sealed class Map(Dictionary<string, JsonTree> members) : JsonTree
    {
        public Dictionary<string, JsonTree> Members => members;

        public override int Depth => 1 + members.Values.Select(m => m.Depth).DefaultIfEmpty().Max();

        public override bool SameAs(JsonTree other) =>
            other is Map map
            && map.Members.Count == members.Count
            && members.All(m => map.Members.TryGetValue(m.Key, out var value) && m.Value.SameAs(value));

        public override JsonTree Clone() =>
            new Map(members.ToDictionary(m => m.Key, m => m.Value.Clone(), StringComparer.Ordinal));

        protected override void WriteTo(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
    }

    public sealed class List(List<JsonTree> items) : JsonTree
    {
        public List<JsonTree> Items => items;

        public override int Depth => 1 + items.Select(i => i.Depth).DefaultIfEmpty().Max();

        public override bool SameAs(JsonTree other) =>
            other is List list
            && list.Items.Count == items.Count
            && items.Zip(list.Items).All(pair => pair.First.SameAs(pair.Second));

        public override JsonTree Clone() => new List(items.ConvertAll(i => i.Clone()));

        protected override void WriteTo(Utf8JsonWriter writer)
        {
            writer.WriteStartArray();
            foreach (var item in items)
                item.WriteTo(writer);
            writer.WriteEndArray();
        }
    }
}
