using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;

namespace Halyard.Core.Reading;

/// <summary>Reads resources as they were, from the snapshots that the ledger names.</summary>
public static class History
{
    /// <summary>The resources of versions that were not deletions, in the same order, with personal values that still exist.</summary>
    public static async ValueTask<IReadOnlyList<PastResource>> ReadAsync(
        IStore store,
        PersonalVault vault,
        string tenant,
        IReadOnlyList<ResourceVersion> versions,
        CancellationToken cancellationToken
    )
    {
        var alive = versions.Where(version => version.Document is not null).ToList();
        var digests = alive.Select(version => version.Document!.Value).Distinct().ToList();
        var blobs = await store.BlobsAsync(tenant, digests, cancellationToken);
        var commitments = digests.ToDictionary(digest => digest, digest => PersonalValues.CommitmentsIn(Blob(blobs, digest)));
        var hidden = commitments.Values.SelectMany(list => list).Distinct(StringComparer.Ordinal).ToList();
        var values = await ValuesAsync(store, vault, tenant, hidden, cancellationToken);
        return
        [
            .. alive.Select(version =>
            {
                var digest = version.Document!.Value;
                return Past(version, Blob(blobs, digest), commitments[digest], values);
            }),
        ];
    }

    private static PastResource Past(
        ResourceVersion version,
        byte[] document,
        IReadOnlyList<string> commitments,
        Dictionary<string, string> values
    )
    {
        var isComplete = commitments.All(values.ContainsKey);
        var clear = commitments.Any(values.ContainsKey) ? PersonalValues.Reveal(document, values) : document;
        var readable = isComplete ? clear : PersonalValues.Readable(document, values);
        return new PastResource(version, ResourceDocuments.Read(version.Name, readable), clear, document, isComplete);
    }

    private static async ValueTask<Dictionary<string, string>> ValuesAsync(
        IStore store,
        PersonalVault vault,
        string tenant,
        List<string> commitments,
        CancellationToken cancellationToken
    )
    {
        if (commitments.Count == 0)
            return [];
        var kept = await store.DocumentPrivatesAsync(tenant, commitments, cancellationToken);
        var values = await vault.OpenAsync(tenant, kept, cancellationToken);
        return values.ToDictionary(value => value.Commitment, value => value.Value, StringComparer.Ordinal);
    }

    private static byte[] Blob(IReadOnlyDictionary<Digest, byte[]> blobs, Digest digest) =>
        blobs.TryGetValue(digest, out var content)
            ? content
            : throw new InvalidDataException($"The snapshot {digest}, which the ledger names, is missing.");
}

/// <summary>A resource as it was at one revision.</summary>
/// <param name="Version">Which revision.</param>
/// <param name="Resource">Its state; an erased value is the text of its commitment.</param>
/// <param name="Document">Its document with every personal value that still exists.</param>
/// <param name="Sealed">Its document as the ledger knows it.</param>
/// <param name="IsComplete">False where personal values of it were erased.</param>
public sealed record PastResource(ResourceVersion Version, Resource Resource, byte[] Document, byte[] Sealed, bool IsComplete);
