using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>Live resources as items. A document that is too large for one is cut into parts of their own, written with it.</summary>
internal static class ResourceItems
{
    private const string Document = "document";
    private const string Sealed = "sealed";
    private const string Parts = "parts";
    private const string Length = "length";
    private const string HasSealed = "hasSealed";
    private const string Id = "id";
    private const string Created = "created";

    /// <summary>The attribute that a write compares.</summary>
    public const string Revision = "revision";

    /// <summary>The resource's item, and the parts of its documents where these are large.</summary>
    public static List<Item> Write(string tenant, ResourceWrite.Put put, DateTimeOffset created, DateTimeOffset updated)
    {
        var item = new Item(Keys.Resource(tenant, put.Name))
            .With("kind", put.Name.Kind.Name())
            .With("project", put.Name.Project)
            .With("key", put.Name.Key)
            .With(Id, put.Id)
            .With(Revision, put.Revision)
            .With(Created, created)
            .With("updated", updated);
        var masked = put.Sealed ?? ReadOnlyMemory<byte>.Empty;
        if (put.Document.Length + masked.Length <= Pieces.MaxBytes)
        {
            item.With(Document, put.Document).With(Parts, 0);
            if (put.Sealed is not null)
                item.With(Sealed, masked);
            return [item];
        }
        byte[] both = [.. put.Document.Span, .. masked.Span];
        var pieces = Pieces.Cut(both);
        item.With(Parts, pieces.Count).With(Length, put.Document.Length).With(HasSealed, put.Sealed is null ? 0 : 1);
        return
        [
            item,
            .. pieces.Select(
                (piece, part) =>
                    new Item(Keys.ResourcePart(tenant, put.Name, part)).With(Document, piece).With(Revision, put.Revision)
            ),
        ];
    }

    public static ResourceName Name(Item item) =>
        new(
            ResourceKinds.Parse(item.Text("kind"))
                ?? throw new IOException($"The table holds a resource of unknown kind '{item.Text("kind")}'."),
            item.Text("project"),
            item.Text("key")
        );

    /// <summary>What a commit has to know of it.</summary>
    public static Writing.LiveResource Live(Item item) =>
        new(item.Number(Revision), item.Text(Id), item.Time(Created), (int)item.Number(Parts));

    /// <summary>Reads resources whole, each as of one moment.</summary>
    /// <exception cref="IOException">One is not whole, however often it is read.</exception>
    public static async ValueTask<List<StoredResource>> ReadAsync(
        Table table,
        string tenant,
        IReadOnlyCollection<Item> items,
        CancellationToken cancellationToken
    )
    {
        var keys = items.Select(item => item.Key).ToList();
        var isAgain = false;
        var (whole, parts) = await table.ReadWholeAsync(
            async () =>
            {
                var found = isAgain ? await table.GetAsync(keys, cancellationToken) : items.ToDictionary(item => item.Key);
                isAgain = true;
                return (Items: found, Parts: await table.GetAsync(PartKeys(tenant, found.Values), cancellationToken));
            },
            read => read.Items.Values.All(item => IsWhole(tenant, item, read.Parts)),
            cancellationToken
        );
        return [.. Read(tenant, keys.Where(whole.ContainsKey).Select(key => whole[key]), parts)];
    }

    /// <summary>Where the parts of resources are that have some.</summary>
    public static IEnumerable<Key> PartKeys(string tenant, IEnumerable<Item> items) =>
        items.SelectMany(item =>
        {
            var name = Name(item);
            return Enumerable.Range(0, (int)item.Number(Parts)).Select(part => Keys.ResourcePart(tenant, name, part));
        });

    /// <summary>Resources with the parts of those that have some.</summary>
    /// <exception cref="IOException">A part is missing, or another revision's.</exception>
    public static IEnumerable<StoredResource> Read(string tenant, IEnumerable<Item> items, Dictionary<Key, Item> parts) =>
        items.Select(item =>
            IsWhole(tenant, item, parts)
                ? Read(tenant, item, parts)
                : throw new IOException($"The table has not all of {Name(item)} in revision {item.Number(Revision)}.")
        );

    private static bool IsWhole(string tenant, Item item, Dictionary<Key, Item> parts) =>
        PartKeys(tenant, [item])
            .All(key => parts.TryGetValue(key, out var part) && part.Number(Revision) == item.Number(Revision));

    private static StoredResource Read(string tenant, Item item, Dictionary<Key, Item> parts)
    {
        var name = Name(item);
        var (document, masked) = Documents(tenant, name, item, parts);
        return new StoredResource(
            name,
            item.Text(Id),
            item.Number(Revision),
            document,
            masked,
            item.Time(Created),
            item.Time("updated")
        );
    }

    private static (byte[] Document, byte[]? Sealed) Documents(
        string tenant,
        ResourceName name,
        Item item,
        Dictionary<Key, Item> parts
    )
    {
        var count = (int)item.Number(Parts);
        if (count == 0)
            return (item.Bytes(Document), item.Has(Sealed) ? item.Bytes(Sealed) : null);
        byte[] both =
        [
            .. Enumerable.Range(0, count).SelectMany(part => parts[Keys.ResourcePart(tenant, name, part)].Bytes(Document)),
        ];
        var length = (int)item.Number(Length);
        return (both[..length], item.Number(HasSealed) == 1 ? both[length..] : null);
    }
}
