using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>Fences: an item for each that was ever raised.</summary>
internal static class FenceItems
{
    public const string Value = "value";

    public static Item Write(string tenant, string name, long value) =>
        new Item(Keys.Fence(tenant, name)).With("name", name).With(Value, value);
}
