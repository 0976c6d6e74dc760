using System.Text;
using System.Text.Json;
using Halyard.Evaluation.Tests.Agreement;

namespace Halyard.Evaluation.Tests.Fuzzing;

/// <summary>Damages a JSON document: its bytes, or the values and members that it still has.</summary>
internal sealed class Mutator(Dice dice, IReadOnlyList<string> nasty)
{
    /// <summary>Values that are put in the place of others, as JSON text or as what some would take for it.</summary>
    private static readonly string[] Values =
    [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-1",
        "1.5",
        "5e0",
        "2147483647",
        "2147483648",
        "4294967296",
        "99999999999999999999",
        "1e400",
        "-1e400",
        "1e-400",
        "1E+2",
        "NaN",
        "Infinity",
        "01",
        "[]",
        "{}",
        "[[[1]]]",
        "{\"a\":{\"b\":{}}}",
        "\"\"",
        "\"\\ud800\"",
        "\"\\udc00x\"",
        "\"\\ud83d\\ude00\"",
        "\"\\u0000\"",
        "\"in\"",
        "\"segment\"",
        "\"matches\"",
        "\"exists\"",
        "\"(a+)+$\"",
        "\"((a{999}){999}){999}\"",
        "\"[\"",
        "\"0000-00-00T00:00:00Z\"",
        "\"9999-12-31T23:59:60Z\"",
        "\"1.2.3-\"",
        "\"::/0\"",
        "\"10.0.0.0/33\"",
        "\"targetingKey\"",
        "\"..\"",
        "\"flag-0\"",
        "\"seg-0\"",
    ];

    private static readonly byte[] Megabyte = Encoding.UTF8.GetBytes($"\"{new string('a', 1 << 20)}\"");

    /// <summary>The document with one to four things wrong; it may be valid by chance.</summary>
    public byte[] Mutate(byte[] document)
    {
        for (var i = 1 + dice.Below(4); i > 0; i--)
        {
            document =
                dice.OneIn(5) || Spans(document) is not { Count: > 0 } spans ? Bytes(document) : Structure(document, spans);
        }
        return document;
    }

    private byte[] Bytes(byte[] document)
    {
        if (document.Length == 0)
            return "{"u8.ToArray();
        var (start, length) = (dice.Below(document.Length), 1 + dice.Below(8));
        var end = Math.Min(document.Length, start + length);
        return dice.Below(4) switch
        {
            0 => [.. document[..start], .. document[end..]],
            1 => [.. document[..end], .. document[start..]],
            2 => [.. document[..start], (byte)dice.Below(256), .. document[start..]],
            _ => [.. document[..start], (byte)(document[start] ^ (1 << dice.Below(8))), .. document[(start + 1)..]],
        };
    }

    private byte[] Structure(byte[] document, List<Span> spans)
    {
        var span = dice.One(spans);
        return dice.Below(8) switch
        {
            0 => Without(document, span),
            1 => [.. document[..span.From], .. document[span.From..span.End], (byte)',', .. document[span.From..]],
            2 => Replace(document, span, dice.One(spans) is var other ? document[other.Start..other.End] : []),
            3 when span.From < span.Start => [.. document[..span.From], .. Text(), (byte)':', .. document[span.Start..]],
            4 => Replace(document, span, Wrapped(document[span.Start..span.End])),
            5 or 6 => Replace(document, span, Text()),
            _ => Replace(document, span, dice.OneIn(300) ? Megabyte : Encoding.UTF8.GetBytes(dice.One(Values))),
        };
    }

    private byte[] Text() => JsonSerializer.SerializeToUtf8Bytes(dice.One(nasty));

    private byte[] Wrapped(byte[] value)
    {
        var depth = dice.One(1, 2, 31, 32, 33, 70);
        return [.. Enumerable.Repeat((byte)'[', depth), .. value, .. Enumerable.Repeat((byte)']', depth)];
    }

    private static byte[] Replace(byte[] document, Span span, byte[] value) =>
        [.. document[..span.Start], .. value, .. document[span.End..]];

    private static byte[] Without(byte[] document, Span span)
    {
        var (from, end) = (span.From, span.End);
        if (end < document.Length && document[end] == ',')
            end++;
        else if (from > 0 && document[from - 1] == ',')
            from--;
        return [.. document[..from], .. document[end..]];
    }

    /// <summary>Every value, with the name in front of it where it is a member; null where the document is not JSON.</summary>
    private static List<Span>? Spans(byte[] document)
    {
        var spans = new List<Span>();
        var open = new Stack<(int From, int Start)>();
        var reader = new Utf8JsonReader(document);
        var name = -1;
        try
        {
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = start;
                        continue;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((name < 0 ? start : name, start));
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        var (from, first) = open.Pop();
                        spans.Add(new Span(from, first, (int)reader.BytesConsumed));
                        break;
                    default:
                        spans.Add(new Span(name < 0 ? start : name, start, (int)reader.BytesConsumed));
                        break;
                }
                name = -1;
            }
            return spans;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private readonly record struct Span(int From, int Start, int End);
}
