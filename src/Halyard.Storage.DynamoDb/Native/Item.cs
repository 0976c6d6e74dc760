using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Halyard.Ledger;

namespace Halyard.Storage.DynamoDb.Native;

/// <summary>Where an item is: partition key and sort key.</summary>
internal readonly record struct Key(string Partition, string Sort);

/// <summary>One item of the table.</summary>
internal sealed class Item(Dictionary<string, AttributeValue> attributes)
{
    public const string Partition = "PK";
    public const string Sort = "SK";

    public Item(Key key)
        : this(KeyOf(key)) { }

    public Dictionary<string, AttributeValue> Attributes => attributes;

    public Key Key => new(Text(Partition), Text(Sort));

    public static Dictionary<string, AttributeValue> KeyOf(Key key) =>
        new(StringComparer.Ordinal) { [Partition] = Of(key.Partition), [Sort] = Of(key.Sort) };

    public static AttributeValue Of(string text) => new() { S = text };

    public static AttributeValue Of(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };

    public static AttributeValue Of(ReadOnlyMemory<byte> bytes) => new() { B = new MemoryStream(bytes.ToArray()) };

    public Item With(string name, string text) => With(name, Of(text));

    public Item With(string name, long number) => With(name, Of(number));

    public Item With(string name, ReadOnlyMemory<byte> bytes) => With(name, Of(bytes));

    /// <summary>To the microsecond.</summary>
    public Item With(string name, DateTimeOffset time) => With(name, Of(Instants.Micros(time)));

    /// <summary>Another with the same attributes.</summary>
    public Item Copy() => new(new Dictionary<string, AttributeValue>(attributes, StringComparer.Ordinal));

    public bool Has(string name) => attributes.ContainsKey(name);

    public string Text(string name) => attributes[name].S;

    public long Number(string name) => long.Parse(attributes[name].N, CultureInfo.InvariantCulture);

    public byte[] Bytes(string name) => attributes[name].B.ToArray();

    public Digest Digest(string name) => Halyard.Ledger.Digest.FromBytes(Bytes(name));

    public DateTimeOffset Time(string name) => Instants.From(Number(name));

    private Item With(string name, AttributeValue value)
    {
        attributes[name] = value;
        return this;
    }
}
