using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Halyard.Evaluation.Tests.Naive;

/// <summary>The formulas of docs/evaluation.md, "Bucketing", on a copied text.</summary>
internal static class NaiveHash
{
    /// <summary><c>(murmur3_x86_32(utf8(text), 0) × total) >> 32</c>.</summary>
    public static long Bucket(string text, long total) =>
        (long)((new BigInteger(Murmur3(Encoding.UTF8.GetBytes(text))) * total) >> 32);

    // MurmurHash3_x86_32 with seed 0, as Austin Appleby published it.
    private static uint Murmur3(byte[] bytes)
    {
        uint hash = 0;
        foreach (var block in bytes.Chunk(4))
        {
            var padded = new byte[4];
            block.CopyTo(padded, 0);
            var mixed = BitOperations.RotateLeft(BinaryPrimitives.ReadUInt32LittleEndian(padded) * 0xcc9e2d51, 15) * 0x1b873593;
            hash ^= mixed;
            if (block.Length == 4)
                hash = BitOperations.RotateLeft(hash, 13) * 5 + 0xe6546b64;
        }
        hash ^= (uint)bytes.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
