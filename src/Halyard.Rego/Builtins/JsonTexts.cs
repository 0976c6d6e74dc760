using System.Text;
using System.Text.Json;

namespace Halyard.Rego;

/// <summary>Values as JSON text and back.</summary>
internal static class JsonTexts
{
    private static readonly RegoType Options = RegoType.ObjectOfTypes(RegoType.String, RegoType.Any);

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("json.marshal", [RegoType.Any], RegoType.String, (context, x) => context.Give(Compact(context, x[0]))),
        new("json.marshal_with_options", [RegoType.Any, Options], RegoType.String, MarshalWithOptions),
        new("json.unmarshal", [RegoType.String], RegoType.Any, (context, x) => Unmarshal(context, x.Text(0))),
        new(
            "json.is_valid",
            [RegoType.Any],
            RegoType.Boolean,
            (context, x) => RegoValue.Of(x[0] is RegoString text && Read(context, text.Value) is not null)
        ),
    ];

    /// <summary>The value as JSON without spaces, as Go writes it.</summary>
    public static string Compact(BuiltinContext context, RegoValue value) => new JsonWriting(context, null, "").Text(value);

    /// <summary>The value of a JSON text, or null after saying that it is none.</summary>
    public static RegoValue? Unmarshal(BuiltinContext context, string text) =>
        Read(context, text) ?? context.Fail("invalid JSON text");

    /// <summary>The value of a JSON text, or null if it is none.</summary>
    public static RegoValue? Read(BuiltinContext context, string text)
    {
        // A value of one character takes about as much as ten numbers' digits.
        context.Spend(1 + text.Length);
        context.Reserve(16L * text.Length);
        try
        {
            return RegoValue.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RegoValue? MarshalWithOptions(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var (prefix, indent, pretty, isPlain) = ("", "\t", (bool?)null, true);
        foreach (var (key, value) in (RegoObject)arguments[1])
        {
            switch ((key as RegoString)?.Value, value)
            {
                case ("prefix", RegoString text):
                    (prefix, isPlain) = (text.Value, false);
                    break;
                case ("indent", RegoString text):
                    (indent, isPlain) = (text.Value, false);
                    break;
                case ("pretty", RegoBoolean flag):
                    pretty = flag.Value;
                    break;
                case ("prefix" or "indent" or "pretty", _):
                    return context.FailType($"operand 2 key {key} must not be {value.KindName}");
                default:
                    return context.FailType($"operand 2 object contained unknown key {key}");
            }
        }
        return context.Give(
            pretty ?? !isPlain ? new JsonWriting(context, indent, prefix).Text(arguments[0]) : Compact(context, arguments[0])
        );
    }

    /// <summary>One writing: compact, or with an indent for each depth and a prefix before each line.</summary>
    private sealed class JsonWriting(BuiltinContext context, string? indent, string prefix)
    {
        private readonly StringBuilder _text = new(indent is null ? "" : prefix);
        private int _counted;

        public string Text(RegoValue value)
        {
            Write(value, 0);
            return _text.ToString();
        }

        private void Write(RegoValue value, int depth)
        {
            context.Spend(1);
            context.Reserve(2L * (_text.Length - _counted));
            _counted = _text.Length;
            switch (value)
            {
                case RegoString text:
                    Quote(text.Value);
                    break;
                case RegoArray or RegoSet:
                    _text.Append('[');
                    var items = Collections.Items(value);
                    for (var i = 0; i < items.Length; i++)
                    {
                        Line(depth + 1, i > 0);
                        Write(items[i], depth + 1);
                    }
                    Close(']', depth, items.Length);
                    break;
                case RegoObject members:
                    WriteMembers(members, depth);
                    break;
                default:
                    _text.Append(value);
                    break;
            }
        }

        private void WriteMembers(RegoObject members, int depth)
        {
            _text.Append('{');
            var named = members.Select(member => (Name: RegoJson.NameOf(member.Key), member.Value)).ToArray();
            // Keys that are no texts become texts, and then take their places among them.
            Array.Sort(named, (left, right) => CodePoints.Compare(left.Name, right.Name));
            for (var i = 0; i < named.Length; i++)
            {
                Line(depth + 1, i > 0);
                Quote(named[i].Name);
                _text.Append(indent is null ? ":" : ": ");
                Write(named[i].Value, depth + 1);
            }
            Close('}', depth, named.Length);
        }

        private void Line(int depth, bool separated)
        {
            _text.Append(separated ? "," : "");
            if (indent is null)
                return;
            context.Reserve(2L * depth * indent.Length);
            _text.Append('\n').Append(prefix).Insert(_text.Length, indent, depth);
        }

        private void Close(char bracket, int depth, int count)
        {
            if (count > 0)
                Line(depth, separated: false);
            _text.Append(bracket);
        }

        // Go also escapes what could end a script or a line within a page.
        private void Quote(string text)
        {
            var start = _text.Length;
            RegoJson.AppendQuoted(_text, text);
            if (!text.AsSpan().ContainsAny("<>&\u2028\u2029"))
                return;
            var quoted = _text.ToString(start, _text.Length - start);
            _text.Length = start;
            foreach (var unit in quoted)
                _ = unit is '<' or '>' or '&' or '\u2028' or '\u2029' ? _text.Append($@"\u{(int)unit:x4}") : _text.Append(unit);
        }
    }
}
