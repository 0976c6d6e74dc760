using System.Text;

namespace Halyard.Rego;

/// <summary>
/// Globs: <c>*</c> and <c>?</c> stop at delimiters, <c>**</c> does not; <c>[a-z]</c>, <c>[!abc]</c>, <c>{one,other}</c>; a
/// backslash takes what follows as it is.
/// </summary>
internal static class Globs
{
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new(
            "glob.match",
            [RegoType.String, RegoType.AnyOf(RegoType.Null, RegoType.ArrayOfType(RegoType.String)), RegoType.String],
            RegoType.Boolean,
            Match
        ),
        new("glob.quote_meta", [RegoType.String], RegoType.String, QuoteMeta),
    ];

    private static RegoValue? Match(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var delimiters = "";
        if (arguments[1] is RegoArray given)
        {
            if (context.Texts(arguments, 1) is not { } texts)
                return null;
            delimiters = given.Count == 0 ? "." : string.Concat(texts.Where(text => text.Length > 0).Select(First));
        }
        var glob = arguments.Text(0);
        if (glob.Length > GoPattern.MaximumLength)
            return context.Fail("the pattern is too long");
        context.Spend(1 + glob.Length + delimiters.Length);
        if (new Translation(glob, delimiters).Pattern() is not { } pattern)
            return context.Fail($"syntax error in pattern \"{glob}\"");
        return Patterns.Compiled(context, pattern) is { } compiled
            ? RegoValue.Of(compiled.IsMatch(context, arguments.Text(2)))
            : null;
    }

    private static string First(string text) => Rune.TryGetRuneAt(text, 0, out var rune) ? rune.ToString() : "\uFFFD";

    private static RegoString QuoteMeta(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var text = arguments.Text(0);
        context.Reserve(4L * text.Length);
        var quoted = new StringBuilder(text.Length);
        foreach (var unit in text)
            quoted.Append(@"*?\[]{}".Contains(unit, StringComparison.Ordinal) ? "\\" : "").Append(unit);
        return context.Give(quoted.ToString());
    }

    /// <summary>A glob on its way to a regular expression.</summary>
    private sealed class Translation(string glob, string delimiters)
    {
        private readonly StringBuilder _pattern = new("(?s)^");
        private int _depth;

        /// <summary>The regular expression of Go's syntax, or null if the glob is none.</summary>
        public string? Pattern()
        {
            for (var at = 0; at < glob.Length; at++)
            {
                switch (glob[at])
                {
                    case '*':
                        var stars = at;
                        while (at + 1 < glob.Length && glob[at + 1] == '*')
                            at++;
                        _pattern.Append(at > stars || delimiters.Length == 0 ? ".*" : NoDelimiter() + "*");
                        break;
                    case '?':
                        _pattern.Append(delimiters.Length == 0 ? "." : NoDelimiter());
                        break;
                    case '[':
                        if (!Class(ref at))
                            return null;
                        break;
                    case '{':
                        _depth++;
                        _pattern.Append("(?:");
                        break;
                    case '}' when _depth > 0:
                        _depth--;
                        _pattern.Append(')');
                        break;
                    case ',' when _depth > 0:
                        _pattern.Append('|');
                        break;
                    case '\\' when at + 1 < glob.Length:
                        Patterns.Quote(_pattern, glob.AsSpan(++at, 1));
                        break;
                    case '\\' or ']' or '}':
                        return null;
                    default:
                        Patterns.Quote(_pattern, glob.AsSpan(at, 1));
                        break;
                }
            }
            return _depth == 0 ? _pattern.Append('$').ToString() : null;
        }

        private string NoDelimiter() => $"[^{Listed(delimiters)}]";

        private static string Listed(string characters) =>
            string.Concat(characters.EnumerateRunes().Select(rune => $@"\x{{{rune.Value:x}}}"));

        // "[abc]" and "[a-c]", either with "!" for everything else.
        private bool Class(ref int at)
        {
            var negated = at + 1 < glob.Length && glob[at + 1] == '!';
            var start = at + (negated ? 2 : 1);
            var end = start;
            var characters = new StringBuilder();
            while (end < glob.Length && glob[end] != ']')
            {
                end += glob[end] == '\\' && end + 1 < glob.Length ? 1 : 0;
                characters.Append(glob[end++]);
            }
            if (end >= glob.Length || characters.Length == 0)
                return false;
            at = end;
            var runes = characters.ToString().EnumerateRunes().ToArray();
            var isRange = runes.Length == 3 && runes[1].Value == '-';
            if (isRange && runes[2] < runes[0])
                return false;
            _pattern.Append(negated ? "[^" : "[");
            _pattern.Append(isRange ? $@"\x{{{runes[0].Value:x}}}-\x{{{runes[2].Value:x}}}" : Listed(characters.ToString()));
            _pattern.Append(']');
            return true;
        }
    }
}
