using System.Buffers;
using System.Text;

namespace Halyard.Rego;

/// <summary>Texts: searching, cutting, joining, replacing. Places and lengths count code points.</summary>
internal static class Strings
{
    private static readonly RegoType[] One = [RegoType.String];
    private static readonly RegoType[] Two = [RegoType.String, RegoType.String];
    private static readonly RegoType[] Three = [RegoType.String, RegoType.String, RegoType.String];
    private static readonly RegoType Texts = RegoType.ArrayOfType(RegoType.String);
    private static readonly RegoType TextOrTexts = RegoType.AnyOf(
        RegoType.String,
        RegoType.SetOfType(RegoType.String),
        RegoType.ArrayOfType(RegoType.String)
    );

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("concat", [RegoType.String, RegoType.AnyOf(RegoType.SetOfType(RegoType.String), Texts)], RegoType.String, Concat),
        new("contains", Two, RegoType.Boolean, Contains),
        new(
            "startswith",
            Two,
            RegoType.Boolean,
            (_, x) => RegoValue.Of(x.Text(0).StartsWith(x.Text(1), StringComparison.Ordinal))
        ),
        new("endswith", Two, RegoType.Boolean, (_, x) => RegoValue.Of(x.Text(0).EndsWith(x.Text(1), StringComparison.Ordinal))),
        new("lower", One, RegoType.String, (context, x) => context.Give(x.Text(0).ToLowerInvariant())),
        new("upper", One, RegoType.String, (context, x) => context.Give(x.Text(0).ToUpperInvariant())),
        new("indexof", Two, RegoType.Number, IndexOf),
        new("indexof_n", Two, RegoType.ArrayOfType(RegoType.Number), IndexOfAll),
        new("substring", [RegoType.String, RegoType.Number, RegoType.Number], RegoType.String, Substring),
        new("split", Two, Texts, Split),
        new("replace", Three, RegoType.String, Replace),
        new(
            "strings.replace_n",
            [RegoType.ObjectOfTypes(RegoType.String, RegoType.String), RegoType.String],
            RegoType.String,
            ReplaceMany
        ),
        new("strings.reverse", One, RegoType.String, (context, x) => context.Give(Reversed(x.Text(0)))),
        new("strings.count", Two, RegoType.Number, Count),
        new("strings.any_prefix_match", [TextOrTexts, TextOrTexts], RegoType.Boolean, (c, x) => AnyMatch(c, x, text => text)),
        new("strings.any_suffix_match", [TextOrTexts, TextOrTexts], RegoType.Boolean, (c, x) => AnyMatch(c, x, Reversed)),
        Trim("trim", (text, cut) => Trimmed(text, cut, left: true, right: true)),
        Trim("trim_left", (text, cut) => Trimmed(text, cut, left: true, right: false)),
        Trim("trim_right", (text, cut) => Trimmed(text, cut, left: false, right: true)),
        Trim("trim_prefix", (text, cut) => text.StartsWith(cut, StringComparison.Ordinal) ? text[cut.Length..] : text),
        Trim("trim_suffix", (text, cut) => text.EndsWith(cut, StringComparison.Ordinal) ? text[..^cut.Length] : text),
        new("trim_space", One, RegoType.String, (context, x) => context.Give(x.Text(0).Trim())),
    ];

    private static Builtin Trim(string name, Func<string, string, string> trim) =>
        new(
            name,
            Two,
            RegoType.String,
            (context, x) =>
            {
                context.Spend(1 + (x.Text(0).Length + x.Text(1).Length) / 16);
                return context.Give(trim(x.Text(0), x.Text(1)));
            }
        );

    private static RegoString? Concat(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (context.Texts(arguments, 1) is not { } parts)
            return null;
        var separator = arguments.Text(0);
        context.Reserve(2L * (parts.Sum(part => (long)part.Length) + (long)separator.Length * parts.Length));
        return context.Give(string.Join(separator, parts));
    }

    private static RegoBoolean Contains(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        context.SpendSearch(arguments.Text(0), arguments.Text(1));
        return arguments.Text(0).Contains(arguments.Text(1), StringComparison.Ordinal) ? RegoBoolean.True : RegoBoolean.False;
    }

    private static RegoValue? IndexOf(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var (text, sought) = (arguments.Text(0), arguments.Text(1));
        if (sought.Length == 0)
            return context.Fail("empty search character");
        context.SpendSearch(text, sought);
        var at = text.IndexOf(sought, StringComparison.Ordinal);
        return RegoValue.Of(at < 0 ? -1 : RunesBefore(text, at));
    }

    private static RegoValue? IndexOfAll(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var (text, sought) = (arguments.Text(0), arguments.Text(1));
        if (sought.Length == 0)
            return context.Fail("empty search character");
        context.SpendSearch(text, sought);
        var found = new List<RegoValue>();
        var (runes, counted) = (0, 0);
        for (var at = text.IndexOf(sought, StringComparison.Ordinal); at >= 0; )
        {
            context.Spend(1);
            context.Reserve(48);
            runes += RunesBefore(text.AsSpan(counted), at - counted);
            counted = at;
            found.Add(RegoValue.Of(runes));
            at = text.IndexOf(sought, at + 1, StringComparison.Ordinal);
        }
        return context.Give([.. found]);
    }

    private static int RunesBefore(ReadOnlySpan<char> text, int end)
    {
        var runes = end;
        foreach (var unit in text[..end])
            runes -= char.IsLowSurrogate(unit) ? 1 : 0;
        return runes;
    }

    private static RegoValue? Substring(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (!context.TryInteger(arguments, 1, out var start) || !context.TryInteger(arguments, 2, out var length))
            return null;
        if (start < 0)
            return context.Fail("negative offset");
        var text = arguments.Text(0);
        context.Spend(text.Length / 16);
        var from = Advance(text, 0, start);
        var to = length < 0 ? text.Length : Advance(text, from, length);
        return context.Give(text[from..to]);
    }

    // The place so many code points further on, or the end.
    private static int Advance(string text, int at, long runes)
    {
        if (runes >= text.Length - at)
            return text.Length;
        for (; runes > 0 && at < text.Length; runes--)
            at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return at;
    }

    private static RegoArray Split(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var (text, delimiter) = (arguments.Text(0), arguments.Text(1));
        context.SpendSearch(text, delimiter);
        if (delimiter.Length == 0)
        {
            context.Reserve(64L * text.Length);
            return context.Give([.. text.EnumerateRunes().Select(rune => RegoValue.Of(rune.ToString()))]);
        }
        context.Reserve(64L * text.AsSpan().Count(delimiter) + 2L * text.Length);
        return context.Give([.. text.Split(delimiter).Select(RegoValue.Of)]);
    }

    private static RegoString Replace(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var (text, old, by) = (arguments.Text(0), arguments.Text(1), arguments.Text(2));
        context.SpendSearch(text, old);
        if (old.Length == 0)
            return Replaced(context, text, [KeyValuePair.Create(old, by)]);
        var times = (long)text.AsSpan().Count(old);
        context.Reserve(2L * (text.Length + times * (by.Length - old.Length)));
        return context.Give(text.Replace(old, by, StringComparison.Ordinal));
    }

    private static RegoValue? ReplaceMany(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var patterns = new List<KeyValuePair<string, string>>();
        foreach (var (key, value) in (RegoObject)arguments[0])
        {
            if (key is not RegoString old)
                return context.FailType("operand 1 non-string key found in pattern object");
            if (value is not RegoString by)
                return context.FailType("operand 1 non-string value found in pattern object");
            patterns.Add(KeyValuePair.Create(old.Value, by.Value));
        }
        return Replaced(context, arguments.Text(1), patterns);
    }

    // At each place the first pattern that matches counts, and what was put in is not looked at again.
    private static RegoString Replaced(BuiltinContext context, string text, List<KeyValuePair<string, string>> patterns)
    {
        var byFirst = patterns.Where(pattern => pattern.Key.Length > 0).ToLookup(pattern => pattern.Key[0]);
        var forNothing = patterns.Find(pattern => pattern.Key.Length == 0).Value;
        var result = new StringBuilder(text.Length);
        for (var at = 0; at <= text.Length; )
        {
            context.Spend(1);
            if (forNothing is not null)
                Append(context, result, forNothing);
            if (at == text.Length)
                break;
            var (old, by) = Matching(context, byFirst[text[at]], text, at);
            if (old is not null)
            {
                Append(context, result, by);
                at += old.Length;
                continue;
            }
            var width = char.IsSurrogatePair(text, at) ? 2 : 1;
            result.Append(text, at, width);
            at += width;
        }
        return context.Give(result.ToString());
    }

    private static KeyValuePair<string, string> Matching(
        BuiltinContext context,
        IEnumerable<KeyValuePair<string, string>> patterns,
        string text,
        int at
    )
    {
        foreach (var pattern in patterns)
        {
            context.Spend(1 + pattern.Key.Length / 64);
            if (text.AsSpan(at).StartsWith(pattern.Key, StringComparison.Ordinal))
                return pattern;
        }
        return default;
    }

    private static void Append(BuiltinContext context, StringBuilder result, string text)
    {
        context.Reserve(2L * text.Length);
        result.Append(text);
    }

    private static RegoNumber Count(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var (text, sought) = (arguments.Text(0), arguments.Text(1));
        context.SpendSearch(text, sought);
        return RegoNumber.Of(sought.Length == 0 ? RunesBefore(text, text.Length) + 1 : text.AsSpan().Count(sought));
    }

    private static string Reversed(string text)
    {
        var units = text.ToCharArray();
        Array.Reverse(units);
        for (var i = 0; i + 1 < units.Length; i++)
        {
            // A pair that was turned round is turned back.
            if (char.IsSurrogatePair(units[i + 1], units[i]))
                (units[i], units[i + 1]) = (units[i + 1], units[i++]);
        }
        return new string(units);
    }

    private static RegoBoolean? AnyMatch(BuiltinContext context, ReadOnlySpan<RegoValue> arguments, Func<string, string> turned)
    {
        if (context.Texts(arguments, 0) is not { } texts || context.Texts(arguments, 1) is not { } prefixes)
            return null;
        // Sorted, the texts with a prefix stand together where the prefix would stand itself.
        var sorted = Array.ConvertAll(texts, text => turned(text));
        var length = 1 + texts.Sum(text => (long)text.Length) + prefixes.Sum(prefix => (long)prefix.Length);
        context.Spend(length / 64 + (texts.Length + prefixes.Length) * (long)(1 + int.Log2(texts.Length + 1)));
        context.Reserve(8L * texts.Length);
        Array.Sort(sorted, StringComparer.Ordinal);
        foreach (var prefix in prefixes)
        {
            var sought = turned(prefix);
            var at = Array.BinarySearch(sorted, sought, StringComparer.Ordinal);
            if (at >= 0 || ~at < sorted.Length && sorted[~at].StartsWith(sought, StringComparison.Ordinal))
                return RegoBoolean.True;
        }
        return RegoBoolean.False;
    }

    private static string Trimmed(string text, string cut, bool left, bool right)
    {
        var runes = cut.EnumerateRunes().ToHashSet();
        var (from, to) = (0, text.Length);
        while (left && from < to && Rune.TryGetRuneAt(text, from, out var rune) && runes.Contains(rune))
            from += rune.Utf16SequenceLength;
        while (
            right
            && to > from
            && Rune.DecodeLastFromUtf16(text.AsSpan(from, to - from), out var rune, out var width) == OperationStatus.Done
        )
        {
            if (!runes.Contains(rune))
                break;
            to -= width;
        }
        return text[from..to];
    }
}
