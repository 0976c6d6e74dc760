using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>The checks of a proof file, in order; the first that fails is the verdict.</summary>
internal static class ProofCheck
{
    public static ProofVerdict Run(ProofFile file)
    {
        ProofVerdict? found = CheckLeaf(file);
        return found ?? CheckInclusion(file) ?? CheckConsistency(file) ?? new ProofVerdict.Verified();
    }

    private static ProofVerdict.Tampered? CheckLeaf(ProofFile file)
    {
        if (!CanonicalJson.IsCanonical(file.Leaf))
            return Tampered("the leaf is not canonical JSON");
        using var document = JsonDocument.Parse(file.Leaf);
        var leaf = document.RootElement;
        if (leaf.ValueKind != JsonValueKind.Object)
            return Tampered("the leaf is not a JSON object");
        if (
            !Names(leaf, "idx", JsonValueKind.Number)
            || !leaf.GetProperty("idx").TryGetInt64(out var index)
            || index != file.Index
        )
            return Tampered($"the leaf does not say that it is entry {file.Index}");
        if (!Names(leaf, "log", JsonValueKind.String) || !leaf.GetProperty("log").ValueEquals(file.Log))
            return Tampered($"the leaf does not say that it is from the log '{file.Log}'");
        return MerkleTree.HashLeaf(file.Leaf) == file.LeafHash ? null : Tampered("the leaf does not have the leaf hash");
    }

    private static ProofVerdict? CheckInclusion(ProofFile file)
    {
        if (file.Index < 0 || file.Index >= file.Size)
            return Tampered($"a tree of {file.Size} leaves has no entry {file.Index}");
        var expected = InclusionProof.LengthFor(file.Index, file.Size);
        if (file.Hashes.Count < expected)
            return new ProofVerdict.Incomplete($"the inclusion proof has {file.Hashes.Count} hashes; {expected} are needed");
        return InclusionProof.Verify(file.Index, file.Size, file.LeafHash, file.Hashes, file.Root)
            ? null
            : Tampered("the inclusion proof does not lead from the leaf to the root");
    }

    private static ProofVerdict? CheckConsistency(ProofFile file)
    {
        if (file.Consistency is not { } later)
            return null;
        if (later.Size < file.Size)
            return Tampered($"the later tree has {later.Size} leaves, fewer than {file.Size}");
        var expected = ConsistencyProof.LengthFor(file.Size, later.Size);
        if (later.Hashes.Count < expected)
            return new ProofVerdict.Incomplete($"the consistency proof has {later.Hashes.Count} hashes; {expected} are needed");
        return ConsistencyProof.Verify(file.Size, later.Size, file.Root, later.Root, later.Hashes)
            ? null
            : Tampered("the consistency proof does not lead to both roots");
    }

    private static ProofVerdict.Tampered Tampered(string reason) => new(reason);

    private static bool Names(JsonElement leaf, string member, JsonValueKind kind) =>
        leaf.TryGetProperty(member, out var value) && value.ValueKind == kind;
}
