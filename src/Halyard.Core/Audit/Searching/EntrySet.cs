using System.Buffers.Binary;
using System.Numerics;

namespace Halyard.Core.Audit.Searching;

/// <summary>Some entries of one block, a bit each.</summary>
public sealed class EntrySet
{
    /// <summary>How many entries a block has. It stands in the database: it is never changed.</summary>
    public const int BlockSize = 2_048;

    private const int Words = BlockSize / 64;
    private const int MapBytes = BlockSize / 8;

    private readonly ulong[] _words = new ulong[Words];

    /// <summary>Every entry from one place to before another.</summary>
    public static EntrySet Range(int from, int to)
    {
        var set = new EntrySet();
        for (var i = 0; i < Words; i++)
            set._words[i] = Part(i, from, to);
        return set;
    }

    public bool IsEmpty => !_words.AsSpan().ContainsAnyExcept(0UL);

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in _words)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    /// <summary>How many there are from one place to before another.</summary>
    public int CountIn(int from, int to)
    {
        var count = 0;
        for (var i = from / 64; i * 64 < to; i++)
            count += BitOperations.PopCount(_words[i] & Part(i, from, to));
        return count;
    }

    public void Add(int place) => _words[place / 64] |= 1UL << (place % 64);

    public bool Contains(int place) => (_words[place / 64] & (1UL << (place % 64))) != 0;

    public void Clear() => _words.AsSpan().Clear();

    /// <summary>Adds what <see cref="ToBytes"/> gave.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == MapBytes)
        {
            for (var i = 0; i < Words; i++)
                _words[i] |= BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * 8)..]);
            return;
        }
        AddPlaces(bytes);
    }

    /// <summary>Adds places of 2 bytes little-endian each, in any order and number.</summary>
    public void AddPlaces(ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 2; bytes = bytes[2..])
            Add(BinaryPrimitives.ReadUInt16LittleEndian(bytes));
    }

    public void IntersectWith(EntrySet other)
    {
        for (var i = 0; i < Words; i++)
            _words[i] &= other._words[i];
    }

    public void ExceptWith(EntrySet other)
    {
        for (var i = 0; i < Words; i++)
            _words[i] &= ~other._words[i];
    }

    /// <summary>The places, last first.</summary>
    public IEnumerable<int> Descending()
    {
        for (var i = Words - 1; i >= 0; i--)
        {
            for (var word = _words[i]; word != 0; )
            {
                var bit = BitOperations.Log2(word);
                word ^= 1UL << bit;
                yield return (i * 64) + bit;
            }
        }
    }

    /// <summary>The first place from there on, or -1 where there is none.</summary>
    public int Next(int from) => Next(from, this);

    /// <summary>The first place from there on that another set has too, or -1 where there is none.</summary>
    public int Next(int from, EntrySet other)
    {
        for (var i = from / 64; i < Words; i++, from = i * 64)
        {
            if ((_words[i] & other._words[i]) >> (from % 64) is not 0 and var rest)
                return from + BitOperations.TrailingZeroCount(rest);
        }
        return -1;
    }

    /// <summary>Places where they are few, else the map: never more than <see cref="BlockSize"/> / 8 bytes.</summary>
    public byte[] ToBytes()
    {
        var count = Count;
        if (count * 2 >= MapBytes)
        {
            var map = new byte[MapBytes];
            for (var i = 0; i < Words; i++)
                BinaryPrimitives.WriteUInt64LittleEndian(map.AsSpan(i * 8), _words[i]);
            return map;
        }
        var places = new byte[count * 2];
        var end = places.Length;
        foreach (var place in Descending())
            BinaryPrimitives.WriteUInt16LittleEndian(places.AsSpan(end -= 2), (ushort)place);
        return places;
    }

    /// <summary>The bits of one word that stand for places from one to before another.</summary>
    private static ulong Part(int word, int from, int to)
    {
        var (first, end) = (Math.Clamp(from - (word * 64), 0, 64), Math.Clamp(to - (word * 64), 0, 64));
        return first >= end ? 0 : (ulong.MaxValue >> (64 - (end - first))) << first;
    }
}
