using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Halyard.Server.Delivery.Files;

/// <summary>
/// The lines of a file that is in index order, read where they lie: whatever its size, a line is found by halving it. Lines must be
/// whole, each with its end.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="length">How much of it is read; a line ends there.</param>
internal sealed class JsonlLines(SafeFileHandle file, long length)
{
    /// <summary>The most bytes of a line, its end not included: more than a leaf can have.</summary>
    public const int MaxLine = 65_536;

    private readonly byte[] _window = new byte[2 * (MaxLine + 1)];
    private long _windowStart;
    private int _windowLength;
    private long _next;

    /// <summary>The index that a line says; <see langword="null"/> where it is no leaf.</summary>
    public static long? IndexOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var leaf = JsonDocument.ParseValue(ref reader);
            return leaf.RootElement.GetProperty("idx").GetInt64();
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Goes to the first line whose index is not below this one.</summary>
    /// <exception cref="InvalidDataException">A line is no leaf.</exception>
    public void Seek(long index)
    {
        // Lines that begin before low are below the index, those from high on are not.
        var (low, high) = (0L, length);
        while (high - low > MaxLine)
        {
            var middle = low + ((high - low) / 2);
            var start = middle + Line(middle).Length + 1;
            // One line has the whole second half.
            if (start >= high)
                break;
            if (IndexAt(start) < index)
                low = start + Line(start).Length + 1;
            else
                high = start;
        }
        while (low < high && IndexAt(low) < index)
            low += Line(low).Length + 1;
        _next = low;
    }

    /// <summary>Goes on over lines with lower indexes; true where the next has this index, and then over it, if it is this line.</summary>
    /// <exception cref="InvalidDataException">A line is no leaf.</exception>
    public bool Has(long index, ReadOnlySpan<byte> line)
    {
        while (_next < length && IndexAt(_next) < index)
            _next += Line(_next).Length + 1;
        if (_next == length || !Line(_next).SequenceEqual(line))
            return false;
        _next += line.Length + 1;
        return true;
    }

    private long IndexAt(long start) =>
        IndexOf(Line(start)) ?? throw new InvalidDataException("A line of the file is no leaf; the file is left as it is.");

    /// <summary>What lies from an offset up to the end of its line.</summary>
    private ReadOnlySpan<byte> Line(long start)
    {
        if (start < _windowStart || InWindow(start).IndexOf((byte)'\n') < 0)
            Fill(start);
        var end = InWindow(start).IndexOf((byte)'\n');
        return end >= 0
            ? InWindow(start)[..end]
            : throw new InvalidDataException("A line of the file is longer than a leaf; the file is left as it is.");
    }

    private ReadOnlySpan<byte> InWindow(long start) =>
        start - _windowStart < _windowLength
            ? _window.AsSpan((int)(start - _windowStart), _windowLength - (int)(start - _windowStart))
            : [];

    private void Fill(long start)
    {
        (_windowStart, _windowLength) = (start, 0);
        var wanted = (int)Math.Min(_window.Length, length - start);
        while (_windowLength < wanted)
        {
            var read = RandomAccess.Read(file, _window.AsSpan(_windowLength, wanted - _windowLength), start + _windowLength);
            if (read == 0)
                throw new EndOfStreamException("The file became shorter while it was read.");
            _windowLength += read;
        }
    }
}
