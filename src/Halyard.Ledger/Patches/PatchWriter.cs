using System.Globalization;

namespace Halyard.Ledger;

/// <summary>
/// Writes operations as canonical text: members in order (op, path, value, was), values copied from canonical documents.
/// Keeps the pointer of the current place in the escaped form in which a JSON string holds it.
/// </summary>
internal sealed class PatchWriter
{
    private Bytes _text = new(512);
    private Bytes _path = new(128);

    public PatchWriter() => _text.Put("["u8);

    public byte[] ToArray()
    {
        _text.Put("]"u8);
        return _text.Written.ToArray();
    }

    /// <summary>Steps into a member; the result is for <see cref="Leave"/>.</summary>
    /// <param name="name">The name as canonical JSON holds it, without quotes.</param>
    public int Enter(ReadOnlySpan<byte> name)
    {
        var place = _path.Length;
        _path.Put("/"u8);
        for (int special; (special = name.IndexOfAny((byte)'~', (byte)'/')) >= 0; name = name[(special + 1)..])
        {
            _path.Put(name[..special]);
            _path.Put(name[special] == (byte)'~' ? "~0"u8 : "~1"u8);
        }
        _path.Put(name);
        return place;
    }

    /// <summary>Steps into an element; the result is for <see cref="Leave"/>.</summary>
    public int Enter(int index)
    {
        Span<byte> digits = stackalloc byte[10];
        index.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        return Enter(digits[..length]);
    }

    public void Leave(int place) => _path.Length = place;

    public void Add(ReadOnlySpan<byte> value) => Write("add"u8, value, []);

    public void Remove(ReadOnlySpan<byte> was) => Write("remove"u8, [], was);

    public void Replace(ReadOnlySpan<byte> was, ReadOnlySpan<byte> value) => Write("replace"u8, value, was);

    /// <summary>The place up to which was written, for <see cref="ReplaceIfShorter"/>.</summary>
    public int Mark() => _text.Length;

    /// <summary>Takes back what was written since the mark when one replace of the current place is shorter.</summary>
    public void ReplaceIfShorter(int mark, ReadOnlySpan<byte> was, ReadOnlySpan<byte> value)
    {
        var end = _text.Length;
        Replace(was, value);
        var replaced = _text.Length - end;
        if (replaced >= end - mark)
        {
            _text.Length = end;
            return;
        }
        // The separator was written for what stood before; without it the operation is the first again.
        var operation = _text.Written[end..];
        if (mark == 1 && operation[0] == (byte)',')
            operation = operation[1..];
        var moved = operation.ToArray();
        _text.Length = mark;
        _text.Put(moved);
    }

    private void Write(ReadOnlySpan<byte> operation, ReadOnlySpan<byte> value, ReadOnlySpan<byte> was)
    {
        _text.Put(_text.Length == 1 ? "{\"op\":\""u8 : ",{\"op\":\""u8);
        _text.Put(operation);
        _text.Put("\",\"path\":\""u8);
        _text.Put(_path.Written);
        _text.Put("\""u8);
        if (!value.IsEmpty)
        {
            _text.Put(",\"value\":"u8);
            _text.Put(value);
        }
        if (!was.IsEmpty)
        {
            _text.Put(",\"was\":"u8);
            _text.Put(was);
        }
        _text.Put("}"u8);
    }

    private struct Bytes(int capacity)
    {
        private byte[] _buffer = new byte[capacity];

        public int Length { get; set; }

        public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

        public void Put(ReadOnlySpan<byte> bytes)
        {
            if (_buffer.Length - Length < bytes.Length)
                Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + bytes.Length));
            bytes.CopyTo(_buffer.AsSpan(Length));
            Length += bytes.Length;
        }
    }
}
