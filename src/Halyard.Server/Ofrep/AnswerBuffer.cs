using System.Buffers;
using System.Text;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Ofrep;

/// <summary>Bytes of an answer in the making, in pooled memory that <see cref="Dispose"/> gives back.</summary>
internal ref struct AnswerBuffer(int size)
{
    private static readonly SearchValues<char> Plain = SearchValues.Create([
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Except(['"', '\\']),
    ]);

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(size);
    private int _length;

    /// <summary>What was written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Forgets what was written.</summary>
    public void Clear() => _length = 0;

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Space(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Writes a JSON string, quotes included, in the form of RFC 8785; half a surrogate pair becomes U+FFFD.</summary>
    public void WriteText(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Plain))
        {
            Write(Encoding.UTF8.GetBytes(FlagValue.Of(text).Json));
            return;
        }
        var space = Space(text.Length + 2);
        space[0] = (byte)'"';
        Encoding.UTF8.GetBytes(text, space[1..]);
        space[text.Length + 1] = (byte)'"';
        _length += text.Length + 2;
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private Span<byte> Space(int count)
    {
        if (_bytes.Length - _length < count)
            Grow(count);
        return _bytes.AsSpan(_length);
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + count));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
