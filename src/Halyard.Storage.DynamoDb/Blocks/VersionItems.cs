using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Blocks;

/// <summary>Versions of resources as items: one by its revision, one in the row of its name's versions.</summary>
internal static class VersionItems
{
    /// <summary>Those of the versions that one entry made, with the names that they make known.</summary>
    public static IEnumerable<Item> Write(string tenant, IReadOnlyList<ResourceVersion> versions)
    {
        for (var place = 0; place < versions.Count; place++)
        {
            var (version, name) = (versions[place], versions[place].Name);
            yield return Write(Keys.Version(tenant, name, version.Index, place), version);
            yield return Write(Keys.Revision(tenant, version.Id, version.Revision), version);
            yield return WriteName(Keys.Name(tenant, name), name);
            yield return WriteName(Keys.NameGroup(tenant, name.Kind, name.Project), name);
        }
    }

    public static ResourceVersion Read(Item item) =>
        new(
            ReadName(item),
            item.Text("id"),
            item.Number("revision"),
            item.Number("idx"),
            item.Time("effective"),
            item.Has("digest") ? item.Digest("digest") : null
        );

    public static ResourceName ReadName(Item item) => Reading.ResourceItems.Name(item);

    private static Item Write(Key key, ResourceVersion version)
    {
        var item = WriteName(key, version.Name)
            .With("id", version.Id)
            .With("revision", version.Revision)
            .With("idx", version.Index)
            .With("effective", version.EffectiveAt);
        return version.Document is { } digest ? item.With("digest", digest.ToArray()) : item;
    }

    private static Item WriteName(Key key, ResourceName name) =>
        new Item(key).With("kind", name.Kind.Name()).With("project", name.Project).With("key", name.Key);
}
