using System.Diagnostics.CodeAnalysis;

namespace Halyard.Ledger;

/// <summary>The later tree that a proof's tree is a prefix of.</summary>
/// <param name="Size">The later tree's number of leaves.</param>
/// <param name="Root">The later tree's root.</param>
/// <param name="Hashes">The consistency proof (RFC 6962, 2.1.2).</param>
public sealed record ConsistencyPart(long Size, Digest Root, IReadOnlyList<Digest> Hashes);

/// <summary>
/// One entry with its proof: what <c>GET …/audit/{index}/proof</c> answers and <c>halyard verify-proof</c> reads. Version 1.
/// It is self-contained, so it can be kept and checked without a server.
/// </summary>
/// <param name="Log">The log's origin.</param>
/// <param name="Index">The entry's index, from 0.</param>
/// <param name="Size">The number of leaves of the tree that the proof leads to.</param>
/// <param name="Root">That tree's root.</param>
/// <param name="Leaf">The entry's canonical bytes, as stored.</param>
/// <param name="Hashes">The inclusion proof, from the leaf up (RFC 6962, 2.1.1).</param>
/// <param name="Consistency">The way on to a later tree, or null.</param>
public sealed record ProofFile(
    string Log,
    long Index,
    long Size,
    Digest Root,
    byte[] Leaf,
    IReadOnlyList<Digest> Hashes,
    ConsistencyPart? Consistency
)
{
    /// <summary>The largest file that is read, 4 MiB.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>A signed checkpoint of the proof's tree or of the later one, as the text of a note; null where there is none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The leaf hash that the file names; that of <see cref="Leaf"/> unless it was read from a file that says otherwise.</summary>
    public Digest LeafHash { get; init; } = MerkleTree.HashLeaf(Leaf);

    /// <summary>
    /// Reads a file strictly: an unknown version or member, a missing or repeated member, a negative number, a digest of the wrong
    /// length, more hashes than any tree needs or more than <see cref="MaxLength"/> bytes are refused.
    /// </summary>
    /// <param name="json">The whole file, UTF-8.</param>
    /// <param name="file">The file; not yet checked, see <see cref="Verify"/>.</param>
    /// <param name="problem">Why it was refused, in words with the place, or null.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> json,
        [NotNullWhen(true)] out ProofFile? file,
        [NotNullWhen(false)] out string? problem
    ) => ProofFileReader.TryRead(json, out file, out problem);

    /// <summary>The file's text, UTF-8.</summary>
    public byte[] ToJson() => ProofFileWriter.Write(this);

    /// <summary>
    /// Checks that the leaf is canonical and names this log and index, has the leaf hash, and that the proofs lead to the roots.
    /// Compare <see cref="Log"/>, <see cref="Size"/> and <see cref="Root"/> (or the later tree's) with a trusted checkpoint:
    /// a file that was invented as a whole agrees with itself, and only a checkpoint binds a size to its root.
    /// </summary>
    public ProofVerdict Verify() => ProofCheck.Run(this);

    /// <summary>The same, and that one of the keys signed the checkpoint of a tree that the proof leads to.</summary>
    public ProofVerdict VerifySigned(LogKeys keys) => ProofCheck.RunSigned(this, keys);
}
