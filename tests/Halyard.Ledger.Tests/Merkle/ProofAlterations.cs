namespace Halyard.Ledger.Tests.Merkle;

/// <summary>Ways to break a proof: each hash flipped, dropped, doubled, swapped with its neighbour; hashes put before and after.</summary>
internal static class ProofAlterations
{
    public static IEnumerable<IReadOnlyList<Digest>> Of(Digest[] proof)
    {
        var stray = Digest.Of("stray"u8);
        yield return [stray, .. proof];
        yield return [.. proof, stray];
        yield return [.. proof, MerkleTree.EmptyRoot];
        for (var i = 0; i < proof.Length; i++)
        {
            yield return [.. proof[..i], Flip(proof[i]), .. proof[(i + 1)..]];
            yield return [.. proof[..i], .. proof[(i + 1)..]];
            yield return [.. proof[..i], proof[i], .. proof[i..]];
            if (i > 0 && proof[i] != proof[i - 1])
                yield return [.. proof[..(i - 1)], proof[i], proof[i - 1], .. proof[(i + 1)..]];
        }
    }

    public static Digest Flip(Digest digest)
    {
        var bytes = digest.ToArray();
        bytes[17] ^= 0x10;
        return Digest.FromBytes(bytes);
    }
}
