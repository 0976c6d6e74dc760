using System.Text;

namespace Halyard.Rego;

/// <summary>Queries of URLs: <c>a=b&amp;c=d</c>, escaped as forms are.</summary>
internal static class UrlQueries
{
    private static readonly RegoType[] One = [RegoType.String];
    private static readonly RegoType Texts = RegoType.ArrayOfType(RegoType.String);

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("urlquery.encode", One, RegoType.String, (context, x) => context.Give(Escape(context, x.Text(0)))),
        new("urlquery.decode", One, RegoType.String, Decode),
        new(
            "urlquery.encode_object",
            [
                RegoType.ObjectOfTypes(
                    RegoType.String,
                    RegoType.AnyOf(RegoType.String, Texts, RegoType.SetOfType(RegoType.String))
                ),
            ],
            RegoType.String,
            EncodeObject
        ),
        new("urlquery.decode_object", One, RegoType.ObjectOfTypes(RegoType.String, Texts), DecodeObject),
    ];

    private static RegoString? Decode(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        Unescape(context, arguments.Text(0)) is { } text ? context.Give(text) : null;

    private static RegoValue? EncodeObject(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var query = new StringBuilder();
        var members = ((RegoObject)arguments[0]).Select(member => (Name: RegoJson.NameOf(member.Key), member.Value));
        foreach (var (name, value) in members.OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            var values = value is RegoString ? new ReadOnlySpan<RegoValue>(in value) : Collections.Items(value);
            if (value is not (RegoString or RegoArray or RegoSet))
                return context.FailType("operand 1 values must be string, array[string], or set[string]");
            foreach (var item in values)
            {
                if (item is not RegoString text)
                    return context.FailType("operand 1 values must be string, array[string], or set[string]");
                query.Append(query.Length > 0 ? "&" : "").Append(Escape(context, name));
                query.Append('=').Append(Escape(context, text.Value));
            }
        }
        return context.Give(query.ToString());
    }

    private static RegoValue? DecodeObject(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var byName = new Dictionary<string, List<RegoValue>>(StringComparer.Ordinal);
        foreach (var part in arguments.Text(0).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            context.Reserve(256);
            if (part.Contains(';', StringComparison.Ordinal))
                return context.Fail("invalid semicolon separator in query");
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = Unescape(context, equals < 0 ? part : part[..equals]);
            var value = Unescape(context, equals < 0 ? "" : part[(equals + 1)..]);
            if (name is null || value is null)
                return null;
            if (!byName.TryGetValue(name, out var values))
                byName.Add(name, values = []);
            values.Add(RegoValue.Of(value));
        }
        var members = new RegoObjectBuilder();
        foreach (var (name, values) in byName)
            members.Set(RegoValue.Of(name), context.Give([.. values]));
        return context.Give(members);
    }

    private static string Escape(BuiltinContext context, string text)
    {
        var bytes = Encodings.Bytes(context, text);
        context.Reserve(6L * bytes.Length);
        var escaped = new StringBuilder(bytes.Length);
        foreach (var unit in bytes)
        {
            _ = unit switch
            {
                (byte)' ' => escaped.Append('+'),
                (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' => escaped.Append((char)unit),
                _ when char.IsAsciiLetterOrDigit((char)unit) => escaped.Append((char)unit),
                _ => escaped.Append('%').Append(unit.ToString("X2")),
            };
        }
        return escaped.ToString();
    }

    // The text, or null after saying which escape is none.
    private static string? Unescape(BuiltinContext context, string text)
    {
        var escaped = Encodings.Bytes(context, text);
        var bytes = new byte[escaped.Length];
        var length = 0;
        for (var at = 0; at < escaped.Length; at++, length++)
        {
            bytes[length] = escaped[at] == (byte)'+' ? (byte)' ' : escaped[at];
            if (escaped[at] != (byte)'%')
                continue;
            var digits = Encoding.UTF8.GetString(escaped.AsSpan(at, Math.Min(3, escaped.Length - at)));
            if (digits.Length != 3 || !char.IsAsciiHexDigit(digits[1]) || !char.IsAsciiHexDigit(digits[2]))
            {
                context.Fail($"invalid URL escape \"{digits}\"");
                return null;
            }
            bytes[length] = Convert.ToByte(digits[1..], 16);
            at += 2;
        }
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
