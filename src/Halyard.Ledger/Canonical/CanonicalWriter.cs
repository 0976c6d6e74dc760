using System.Buffers.Text;
using System.Text;

namespace Halyard.Ledger;

/// <summary>
/// Writes one value as canonical JSON (RFC 8785) at once, for callers who know the order of their members: each name must follow
/// the one before it by UTF-16 code units (3.2.3). The order and the nesting are checked always; a breach is a bug and throws
/// <see cref="InvalidOperationException"/>. Half a surrogate pair in a string becomes U+FFFD, as in UTF-8.
/// </summary>
/// <remarks>Values that come as JSON text from elsewhere go through <see cref="CanonicalJson"/> instead.</remarks>
public sealed class CanonicalWriter(int capacity = 1024)
{
    // The largest integer below which a double holds every other one.
    private const long MaxInteger = (1L << 53) - 1;

    private Frame[] _frames = new Frame[8];
    private byte[] _buffer = new byte[capacity];
    private int _depth;

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>The bytes of the whole value.</summary>
    /// <exception cref="InvalidOperationException">The value is not complete.</exception>
    public byte[] ToArray() =>
        _depth == 0 && _frames[0].Count == 1
            ? Written.ToArray()
            : throw new InvalidOperationException("The value is not complete.");

    /// <summary>Forgets what is written, so that another value can be; the buffers stay.</summary>
    public CanonicalWriter Clear()
    {
        (Length, _depth, _frames[0]) = (0, 0, default);
        return this;
    }

    /// <summary>Begins an object.</summary>
    public CanonicalWriter StartObject() => Open((byte)'{', isObject: true);

    /// <summary>Ends the object.</summary>
    public CanonicalWriter EndObject() => Close((byte)'}', isObject: true);

    /// <summary>Begins an array.</summary>
    public CanonicalWriter StartArray() => Open((byte)'[', isObject: false);

    /// <summary>Ends the array.</summary>
    public CanonicalWriter EndArray() => Close((byte)']', isObject: false);

    /// <summary>Begins a member; its value is written next.</summary>
    public CanonicalWriter Name(string name)
    {
        ref var frame = ref _frames[_depth];
        if (!frame.IsObject || frame.HasName)
            throw new InvalidOperationException($"The name '{name}' stands where none can.");
        if (frame.Count++ > 0)
            Put((byte)',');
        var before = (Start: frame.NameStart, Length: frame.NameLength);
        frame.NameStart = Length + 1;
        PutString(name);
        frame.NameLength = Length - 1 - frame.NameStart;
        if (frame.Count > 1 && MemberOrder.Compare(Text(before.Start, before.Length), NameOf(frame)) >= 0)
            throw new InvalidOperationException($"The member '{name}' is out of the canonical order.");
        frame.HasName = true;
        Put((byte)':');
        return this;
    }

    /// <summary>Writes a string, or <c>null</c> where there is none.</summary>
    public CanonicalWriter String(string? value)
    {
        if (value is null)
            return Null();
        BeginValue();
        PutString(value);
        return this;
    }

    /// <summary>Writes a digest's text, or <c>null</c> where there is none.</summary>
    public CanonicalWriter String(Digest? value)
    {
        if (value is not { } digest)
            return Null();
        BeginValue();
        Reserve(Digest.TextLength + 2);
        _buffer[Length++] = (byte)'"';
        digest.Format(_buffer.AsSpan(Length, Digest.TextLength));
        Length += Digest.TextLength;
        _buffer[Length++] = (byte)'"';
        return this;
    }

    /// <summary>Writes an integer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is beyond ±(2^53−1), where a double does not hold every integer.</exception>
    public CanonicalWriter Number(long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxInteger);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -MaxInteger);
        BeginValue();
        Span<byte> text = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(value, text, out var length);
        Put(text[..length]);
        return this;
    }

    /// <summary>Writes a number as ECMAScript does (3.2.2.3).</summary>
    /// <exception cref="ArgumentOutOfRangeException">NaN or infinite: JSON has no text for it.</exception>
    public CanonicalWriter Number(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has no text for this number.");
        BeginValue();
        Span<byte> text = stackalloc byte[CanonicalNumber.MaxLength];
        Put(text[..CanonicalNumber.Write(value, text)]);
        return this;
    }

    /// <summary>Writes <c>true</c> or <c>false</c>.</summary>
    public CanonicalWriter Boolean(bool value) => Literal(value ? "true"u8 : "false"u8);

    /// <summary>Writes <c>null</c>.</summary>
    public CanonicalWriter Null() => Literal("null"u8);

    /// <summary>Writes a value that is canonical already, which is not checked again.</summary>
    public CanonicalWriter UnverifiedCanonical(ReadOnlySpan<byte> value) => Literal(value);

    /// <summary>The place of the value that is written next, for <see cref="Since"/> and <see cref="Rewind"/>.</summary>
    public Mark Here() => new(Length, _depth, _frames[_depth]);

    /// <summary>What was written since; valid until the next write.</summary>
    public ReadOnlySpan<byte> Since(Mark mark) => _buffer.AsSpan(mark.Length, Length - mark.Length);

    /// <summary>Takes back what was written since, so that another value can stand there.</summary>
    public void Rewind(Mark mark)
    {
        Length = mark.Length;
        _depth = mark.Depth;
        _frames[_depth] = mark.Frame;
    }

    private ReadOnlySpan<byte> NameOf(Frame frame) => Text(frame.NameStart, frame.NameLength);

    private ReadOnlySpan<byte> Text(int start, int length) => _buffer.AsSpan(start, length);

    private CanonicalWriter Open(byte bracket, bool isObject)
    {
        BeginValue();
        if (_depth == CanonicalJson.MaxDepth)
            throw new InvalidOperationException($"Nesting deeper than {CanonicalJson.MaxDepth} levels is not accepted.");
        Put(bracket);
        if (++_depth == _frames.Length)
            Array.Resize(ref _frames, _frames.Length * 2);
        _frames[_depth] = new Frame { IsObject = isObject };
        return this;
    }

    private CanonicalWriter Close(byte bracket, bool isObject)
    {
        if (_depth == 0 || _frames[_depth].IsObject != isObject || _frames[_depth].HasName)
            throw new InvalidOperationException($"'{(char)bracket}' closes nothing here.");
        Put(bracket);
        _depth--;
        return this;
    }

    private CanonicalWriter Literal(ReadOnlySpan<byte> text)
    {
        BeginValue();
        Put(text);
        return this;
    }

    private void BeginValue()
    {
        ref var frame = ref _frames[_depth];
        if (frame.IsObject)
        {
            if (!frame.HasName)
                throw new InvalidOperationException("A member has a name before its value.");
            frame.HasName = false;
            return;
        }
        if (frame.Count++ == 0)
            return;
        if (_depth == 0)
            throw new InvalidOperationException("The value is complete.");
        Put((byte)',');
    }

    private void PutString(ReadOnlySpan<char> text)
    {
        Put((byte)'"');
        while (true)
        {
            var plain = CanonicalString.PlainLength(text);
            Reserve(Encoding.UTF8.GetMaxByteCount(plain));
            Length += Encoding.UTF8.GetBytes(text[..plain], _buffer.AsSpan(Length));
            if (plain == text.Length)
                break;
            Reserve(CanonicalString.MaxLength);
            Length += CanonicalString.Write(new Rune(text[plain]), _buffer.AsSpan(Length));
            text = text[(plain + 1)..];
        }
        Put((byte)'"');
    }

    private void Put(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    private void Reserve(int more)
    {
        if (_buffer.Length - Length < more)
            Array.Resize(ref _buffer, checked(Math.Max(_buffer.Length * 2, Length + more)));
    }

    /// <summary>A place in a value under way; holds for the writer that gave it, until what encloses it ends.</summary>
    public readonly struct Mark
    {
        internal Mark(int length, int depth, Frame frame) => (Length, Depth, Frame) = (length, depth, frame);

        internal int Length { get; }

        internal int Depth { get; }

        internal Frame Frame { get; }
    }

    /// <summary>An array or object under way; the outermost one holds the value itself.</summary>
    internal struct Frame
    {
        public bool IsObject;
        public bool HasName;
        public int Count;
        public int NameStart;
        public int NameLength;
    }
}
