using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Halyard.Core.Tests.Fixtures;

/// <summary>The same bytes on every machine: SHA-256 of the seed and a counter.</summary>
internal sealed class SeededEntropy(long seed = 1) : Entropy
{
    private readonly Lock _gate = new();
    private long _counter;

    public override void Fill(Span<byte> bytes)
    {
        Span<byte> input = stackalloc byte[16];
        Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(input, seed);
        while (bytes.Length > 0)
        {
            lock (_gate)
                BinaryPrimitives.WriteInt64BigEndian(input[8..], _counter++);
            SHA256.HashData(input, block);
            var count = Math.Min(block.Length, bytes.Length);
            block[..count].CopyTo(bytes);
            bytes = bytes[count..];
        }
    }
}
