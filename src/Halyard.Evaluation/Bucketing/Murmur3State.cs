using System.Buffers.Binary;
using System.Numerics;

namespace Halyard.Evaluation;

/// <summary>MurmurHash3_x86_32 in the making (Austin Appleby).</summary>
internal struct Murmur3State(uint seed) : IHashState
{
    private const uint C1 = 0xcc9e2d51;
    private const uint C2 = 0x1b873593;

    private uint _hash = seed;
    private uint _tail;
    private int _tailBytes;
    private uint _length;

    public void Append(ReadOnlySpan<byte> data)
    {
        _length += (uint)data.Length;
        // Each block's low bytes complete the tail that is left over, its high bytes are the next tail.
        var shift = 8 * _tailBytes;
        for (; data.Length >= 4; data = data[4..])
        {
            var joined = ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(data) << shift) | _tail;
            Mix((uint)joined);
            _tail = (uint)(joined >> 32);
        }
        foreach (var value in data)
            Push(value);
    }

    public readonly uint Finish()
    {
        var hash = _hash;
        if (_tailBytes != 0)
            hash ^= Scramble(_tail);
        hash ^= _length;
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Scramble(uint block) => BitOperations.RotateLeft(block * C1, 15) * C2;

    private void Mix(uint block) => _hash = BitOperations.RotateLeft(_hash ^ Scramble(block), 13) * 5 + 0xe6546b64;

    private void Push(byte value)
    {
        _tail |= (uint)value << (8 * _tailBytes);
        if (++_tailBytes < 4)
            return;
        Mix(_tail);
        _tail = 0;
        _tailBytes = 0;
    }
}
