using System.Text;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>The checks of a proof file, in order; the first that fails is the verdict.</summary>
internal static class ProofCheck
{
    public static ProofVerdict Run(ProofFile file)
    {
        ProofVerdict? found = CheckLeaf(file);
        found ??= CheckInclusion(file) ?? CheckConsistency(file);
        return found ?? CheckCheckpoint(file) ?? (ProofVerdict)new ProofVerdict.Verified();
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
        // The entries that a log had before it lost some stand under the name that it had then.
        if (
            !Names(leaf, "log", JsonValueKind.String)
            || leaf.GetProperty("log").GetString() is not { } log
            || (log != file.Log && !LogName.Of(file.Log).IsLaterThan(LogName.Of(log)))
        )
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

    // Who signed is another question, see ProofFile.VerifySigned.
    private static ProofVerdict.Tampered? CheckCheckpoint(ProofFile file)
    {
        if (file.Checkpoint is null)
            return null;
        if (!Note.TryParse(Encoding.UTF8.GetBytes(file.Checkpoint), out var note, out var problem))
            return Tampered($"the checkpoint is not a signed note: {problem}");
        if (!Checkpoint.TryParse(note.Text, out var checkpoint, out problem))
            return Tampered($"the checkpoint cannot be read: {problem}");
        if (checkpoint.Origin != file.Log)
            return Tampered($"the checkpoint is of the log '{checkpoint.Origin}'");
        var reached =
            (checkpoint.Size == file.Size && checkpoint.Root == file.Root)
            || (file.Consistency is { } later && checkpoint.Size == later.Size && checkpoint.Root == later.Root);
        return reached
            ? null
            : Tampered($"the checkpoint is of another tree, with {checkpoint.Size} leaves and {checkpoint.Root}");
    }

    /// <summary>Who signed the checkpoint of a file that was verified otherwise.</summary>
    public static ProofVerdict RunSigned(ProofFile file, LogKeys keys)
    {
        var found = Run(file);
        if (found is not ProofVerdict.Verified)
            return found;
        if (file.Checkpoint is null)
            return new ProofVerdict.Incomplete("the file has no signed checkpoint");
        var (_, verdict) = new CheckpointCheck(file.Log, keys).Open(Encoding.UTF8.GetBytes(file.Checkpoint), "the checkpoint");
        return verdict switch
        {
            ArchiveVerdict.Tampered tampered => Tampered($"{tampered.Path} {tampered.Words}"),
            ArchiveVerdict.Incomplete incomplete => new ProofVerdict.Incomplete(incomplete.Words),
            _ => found,
        };
    }

    private static ProofVerdict.Tampered Tampered(string reason) => new(reason);

    private static bool Names(JsonElement leaf, string member, JsonValueKind kind) =>
        leaf.TryGetProperty(member, out var value) && value.ValueKind == kind;
}
