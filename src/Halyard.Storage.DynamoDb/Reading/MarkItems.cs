using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>Marks: an item each.</summary>
internal static class MarkItems
{
    /// <summary>The attribute that a write compares.</summary>
    public const string Version = "version";

    /// <summary>Another each time that the item is written, by which a write whose answer was lost knows itself.</summary>
    public const string Stamp = "write";

    public static Item Write(string tenant, string name, long version, ReadOnlyMemory<byte> value, Entropy entropy) =>
        new Item(Keys.Mark(tenant, name))
            .With("name", name)
            .With(Version, version)
            .With("value", value)
            .With(Stamp, Convert.ToHexStringLower(entropy.Bytes(16)));

    public static Mark Read(Item item) => new(item.Text("name"), item.Number(Version), item.Bytes("value"));
}
