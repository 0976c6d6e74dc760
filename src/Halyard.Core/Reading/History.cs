using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Reading;

/// <summary>Reads resources as they were, from the snapshots that the ledger names.</summary>
public static class History
{
    /// <summary>The resources of versions that were not deletions, in the same order, with personal values that still exist.</summary>
    public static async ValueTask<IReadOnlyList<PastResource>> ReadAsync(
        IStore store,
        string tenant,
        IReadOnlyList<ResourceVersion> versions,
        CancellationToken cancellationToken
    )
    {
        var alive = versions.Where(version => version.Document is not null).ToList();
        var digests = alive.Select(version => version.Document!.Value).Distinct().ToList();
        var blobs = await store.BlobsAsync(tenant, digests, cancellationToken);
        var commitments = digests
            .SelectMany(digest => PersonalValues.CommitmentsIn(Blob(blobs, digest)))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var values =
            commitments.Count == 0
                ? []
                : (await store.DocumentPrivatesAsync(tenant, commitments, cancellationToken)).ToDictionary(
                    value => value.Commitment,
                    value => value.Value,
                    StringComparer.Ordinal
                );
        return
        [
            .. alive.Select(version =>
            {
                var document = Blob(blobs, version.Document!.Value);
                var clear = values.Count == 0 ? document : PersonalValues.Reveal(document, values);
                return new PastResource(version, ResourceDocuments.Read(version.Name, clear), clear);
            }),
        ];
    }

    private static byte[] Blob(IReadOnlyDictionary<Digest, byte[]> blobs, Digest digest) =>
        blobs.TryGetValue(digest, out var content)
            ? content
            : throw new InvalidDataException($"The snapshot {digest}, which the ledger names, is missing.");
}

/// <summary>A resource as it was at one revision.</summary>
public sealed record PastResource(ResourceVersion Version, Resource Resource, byte[] Document);
