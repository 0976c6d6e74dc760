using Halyard.Core.Audit;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>Content found by its digest: written once, never changed, so that it may be there before the entry that names it.</summary>
internal static class BlobItems
{
    private const string Content = "content";
    private const string Parts = "parts";

    public static IEnumerable<Item> Write(string tenant, Blob blob)
    {
        var pieces = Pieces.Cut(blob.Content);
        return pieces.Select(
            (piece, part) => new Item(Keys.Blob(tenant, blob.Digest, part)).With(Content, piece).With(Parts, pieces.Count)
        );
    }

    /// <summary>Those that exist.</summary>
    public static async ValueTask<IReadOnlyDictionary<Digest, byte[]>> ReadAsync(
        Table table,
        string tenant,
        IReadOnlyCollection<Digest> digests,
        CancellationToken cancellationToken
    )
    {
        Digest[] wanted = [.. digests.Distinct()];
        var first = await table.GetAsync(wanted.Select(digest => Keys.Blob(tenant, digest, 0)), cancellationToken);
        var rest = await table.GetAsync(
            wanted.SelectMany(digest =>
                first.TryGetValue(Keys.Blob(tenant, digest, 0), out var item)
                    ? Enumerable.Range(1, (int)item.Number(Parts) - 1).Select(part => Keys.Blob(tenant, digest, part))
                    : []
            ),
            cancellationToken
        );
        var found = new Dictionary<Digest, byte[]>();
        foreach (var digest in wanted)
        {
            if (!first.TryGetValue(Keys.Blob(tenant, digest, 0), out var item))
                continue;
            var content = item.Bytes(Content).AsEnumerable();
            for (var part = 1; part < item.Number(Parts); part++)
                content = content.Concat(rest[Keys.Blob(tenant, digest, part)].Bytes(Content));
            found[digest] = [.. content];
        }
        return found;
    }
}
