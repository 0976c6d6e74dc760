namespace Halyard.Ledger;

/// <summary>
/// Walks the members or elements of a canonical array or object. Canonical text has no blanks and is well-formed, which is not
/// checked again: finding where a value ends is all there is to do. What has no end is refused.
/// </summary>
internal ref struct CanonicalParts
{
    private readonly ReadOnlySpan<byte> _text;

    // Where the next part begins: behind the bracket, or behind a comma.
    private int _next = 1;

    /// <summary>The parts of a value that begins with a bracket.</summary>
    public CanonicalParts(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>The member's name as it is written, without quotes.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value's text.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where each element of an array stands.</summary>
    public static List<Range> Elements(ReadOnlySpan<byte> array)
    {
        var elements = new List<Range>();
        for (var start = 1; array[start] != (byte)']'; )
        {
            var end = start + LengthOf(array[start..]);
            elements.Add(start..end);
            start = array[end] == (byte)',' ? end + 1 : end;
        }
        return elements;
    }

    /// <summary>Steps to the next member of an object; false where there is none.</summary>
    public bool NextMember()
    {
        if (_text[_next] == (byte)'}')
            return false;
        var name = LengthOf(_text[_next..]);
        Name = _text.Slice(_next + 1, name - 2);
        var start = _next + name + 1;
        Value = _text.Slice(start, LengthOf(_text[start..]));
        var end = start + Value.Length;
        _next = _text[end] == (byte)',' ? end + 1 : end;
        return true;
    }

    /// <summary>How long the value is that the text begins with.</summary>
    private static int LengthOf(ReadOnlySpan<byte> text)
    {
        if (text[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
        {
            var end = text.IndexOfAny((byte)',', (byte)'}', (byte)']');
            return end < 0 ? text.Length : end;
        }
        var (depth, place) = (0, 0);
        do
        {
            switch (text[place])
            {
                case (byte)'"':
                    place += LengthOfString(text[place..]);
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    place++;
                    break;
                default:
                    depth--;
                    place++;
                    break;
            }
            if (depth > 0)
                place += Found(text[place..].IndexOfAny("\"{}[]"u8));
        } while (depth > 0);
        return place;
    }

    private static int LengthOfString(ReadOnlySpan<byte> text)
    {
        for (var place = 1; ; place += 2)
        {
            place += Found(text[place..].IndexOfAny((byte)'"', (byte)'\\'));
            if (text[place] == (byte)'"')
                return place + 1;
        }
    }

    private static int Found(int place) =>
        place >= 0 ? place : throw new FormatException("A document that should be canonical has no end.");
}
