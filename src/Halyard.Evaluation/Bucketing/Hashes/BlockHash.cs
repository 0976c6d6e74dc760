using System.Buffers.Binary;

namespace Halyard.Evaluation;

/// <summary>What a hash of the MD4 family does with each block, and which way round it writes the length.</summary>
internal interface IBlockDigest
{
    /// <summary>Whether the length behind the last byte is big-endian.</summary>
    static abstract bool IsBigEndian { get; }

    /// <summary>Digests one block of <see cref="BlockBuffer.Size"/> bytes.</summary>
    void Digest(ReadOnlySpan<byte> block);
}

/// <summary>Cuts what is hashed into blocks and pads the last one (RFC 1321, sections 3.1 and 3.2; FIPS 180-4, section 5.1.1).</summary>
internal struct BlockHash<TDigest> : IHashState
    where TDigest : struct, IBlockDigest
{
    private TDigest _digest = new();
    private BlockBuffer _block;
    private ulong _length;

    public BlockHash() { }

    public void Append(ReadOnlySpan<byte> data)
    {
        var filled = (int)(_length % BlockBuffer.Size);
        _length += (ulong)data.Length;
        Span<byte> block = _block;
        while (filled + data.Length >= BlockBuffer.Size)
        {
            data[..(BlockBuffer.Size - filled)].CopyTo(block[filled..]);
            data = data[(BlockBuffer.Size - filled)..];
            _digest.Digest(block);
            filled = 0;
        }
        data.CopyTo(block[filled..]);
    }

    /// <summary>The digest of what was appended. The state is spent.</summary>
    public TDigest Finish()
    {
        var filled = (int)(_length % BlockBuffer.Size);
        Span<byte> block = _block;
        block[filled..].Clear();
        block[filled] = 0x80;
        var length = block[^sizeof(ulong)..];
        if (filled >= BlockBuffer.Size - sizeof(ulong))
        {
            _digest.Digest(block);
            block.Clear();
        }
        if (TDigest.IsBigEndian)
            BinaryPrimitives.WriteUInt64BigEndian(length, _length * 8);
        else
            BinaryPrimitives.WriteUInt64LittleEndian(length, _length * 8);
        _digest.Digest(block);
        return _digest;
    }
}
