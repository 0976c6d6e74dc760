using System.Text;
using System.Text.RegularExpressions;

namespace Halyard.Rego;

/// <summary>Regular expressions, in Go's syntax and with Go's results.</summary>
internal static class Patterns
{
    private static readonly RegoType[] Two = [RegoType.String, RegoType.String];
    private static readonly RegoType Texts = RegoType.ArrayOfType(RegoType.String);

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("regex.is_valid", [RegoType.Any], RegoType.Boolean, IsValid),
        new("regex.match", Two, RegoType.Boolean, IsMatch),
        new("regex.split", Two, Texts, Split),
        new("regex.find_n", [RegoType.String, RegoType.String, RegoType.Number], Texts, Find),
        new(
            "regex.find_all_string_submatch_n",
            [RegoType.String, RegoType.String, RegoType.Number],
            RegoType.ArrayOfType(Texts),
            FindGroups
        ),
        new("regex.replace", [RegoType.String, RegoType.String, RegoType.String], RegoType.String, Replace),
        new(
            "regex.template_match",
            [RegoType.String, RegoType.String, RegoType.String, RegoType.String],
            RegoType.Boolean,
            MatchTemplate
        ),
        new("regex.globs_match", Two, RegoType.Boolean, GlobsMatch),
    ];

    private static RegoBoolean IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (arguments[0] is not RegoString pattern)
            return RegoBoolean.False;
        return GoPattern.Of(context, pattern.Value).Problem is null ? RegoBoolean.True : RegoBoolean.False;
    }

    private static RegoValue? IsMatch(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        Compiled(context, arguments.Text(0)) is { } pattern ? RegoValue.Of(pattern.IsMatch(context, arguments.Text(1))) : null;

    private static RegoArray? Split(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (Compiled(context, arguments.Text(0)) is not { } pattern)
            return null;
        var text = arguments.Text(1);
        var parts = new List<RegoValue>();
        var (from, to) = (0, 0);
        foreach (var match in pattern.Matches(context, text))
        {
            to = match.Index;
            if (match.Index + match.Length > 0)
                parts.Add(context.Give(text[from..to]));
            from = match.Index + match.Length;
        }
        if (to != text.Length || text.Length == 0)
            parts.Add(context.Give(text[from..]));
        return context.Give([.. parts]);
    }

    private static RegoArray? Find(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (Found(context, arguments) is not { } found)
            return null;
        return context.Give([.. found.Select(match => context.Give(match.Value))]);
    }

    private static RegoArray? FindGroups(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (Found(context, arguments) is not { } found)
            return null;
        return context.Give([
            .. found.Select(match => context.Give([.. match.Groups.Values.Select(group => context.Give(group.Value))])),
        ]);
    }

    private static IEnumerable<Match>? Found(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (!context.TryInteger(arguments, 2, out var most) || Compiled(context, arguments.Text(0)) is not { } pattern)
            return null;
        var found = pattern.Matches(context, arguments.Text(1));
        return most < 0 ? found : found.Take((int)Math.Min(most, int.MaxValue));
    }

    private static RegoString? Replace(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (Compiled(context, arguments.Text(1)) is not { } pattern)
            return null;
        var (text, by) = (arguments.Text(0), arguments.Text(2));
        var result = new StringBuilder();
        var from = 0;
        foreach (var match in pattern.Matches(context, text))
        {
            var before = result.Length;
            result.Append(text, from, match.Index - from);
            Expand(context, result, by, match, pattern.Groups);
            context.Reserve(2L * (result.Length - before));
            from = match.Index + match.Length;
        }
        return context.Give(result.Append(text, from, text.Length - from).ToString());
    }

    // "$1" and "${name}" stand for groups, "$$" for the sign itself; the longest name counts.
    private static void Expand(
        BuiltinContext context,
        StringBuilder result,
        string template,
        Match match,
        IReadOnlyList<string?> groups
    )
    {
        for (var at = 0; at < template.Length; )
        {
            context.Spend(1);
            var sign = template.IndexOf('$', at);
            result.Append(template, at, (sign < 0 ? template.Length : sign) - at);
            if (sign < 0)
                return;
            at = sign + 1;
            if (at < template.Length && template[at] == '$')
            {
                result.Append('$');
                at++;
                continue;
            }
            var braced = at < template.Length && template[at] == '{';
            var start = braced ? at + 1 : at;
            var end = start;
            while (end < template.Length && (char.IsLetterOrDigit(template[end]) || template[end] == '_'))
                end++;
            if (end == start || braced && (end == template.Length || template[end] != '}'))
            {
                result.Append('$');
                continue;
            }
            result.Append(GroupOf(match, template[start..end], groups));
            at = braced ? end + 1 : end;
        }
    }

    private static string GroupOf(Match match, string name, IReadOnlyList<string?> groups)
    {
        if (!int.TryParse(name, out var number))
        {
            number = -1;
            for (var i = 1; i < groups.Count; i++)
                number = string.Equals(groups[i], name, StringComparison.Ordinal) ? i : number;
        }
        return number >= 0 && number < match.Groups.Count ? match.Groups[number].Value : "";
    }

    private static RegoValue? MatchTemplate(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var (template, open, close) = (arguments.Text(0), arguments.Text(2), arguments.Text(3));
        if (open.Length != 1)
            return context.Fail($"start delimiter has to be exactly one character long but is {open.Length} long");
        if (close.Length != 1)
            return context.Fail($"end delimiter has to be exactly one character long but is {close.Length} long");
        var pattern = new StringBuilder("^");
        var (depth, from) = (0, 0);
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] == open[0] && depth++ == 0)
            {
                Quote(pattern, template.AsSpan(from, at - from));
                from = at + 1;
            }
            else if (template[at] == close[0])
            {
                if (--depth == 0)
                {
                    pattern.Append('(').Append(template, from, at - from).Append(')');
                    from = at + 1;
                }
                if (depth < 0)
                    break;
            }
        }
        if (depth != 0)
            return context.Fail($"unbalanced braces in \"{template}\"");
        Quote(pattern, template.AsSpan(from));
        return Compiled(context, pattern.Append('$').ToString()) is { } compiled
            ? RegoValue.Of(compiled.IsMatch(context, arguments.Text(1)))
            : null;
    }

    /// <summary>Appends a text as a pattern that matches it alone.</summary>
    public static void Quote(StringBuilder pattern, ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
            pattern.Append(@"\.+*?()|[]{}^$".Contains(unit, StringComparison.Ordinal) ? "\\" : "").Append(unit);
    }

    private static RegoValue? GlobsMatch(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var (left, right) = (PatternOverlap.Read(arguments.Text(0)), PatternOverlap.Read(arguments.Text(1)));
        if (left is null || right is null)
            return context.Fail("input:" + (left is null ? arguments.Text(0) : arguments.Text(1)) + ": bad input");
        return RegoValue.Of(PatternOverlap.Exists(context, left, right));
    }

    /// <summary>The pattern, or null after saying what is wrong with it.</summary>
    public static GoPattern? Compiled(BuiltinContext context, string source)
    {
        var pattern = GoPattern.Of(context, source);
        if (pattern.Problem is { } problem)
            context.Fail(problem);
        return pattern.Problem is null ? pattern : null;
    }
}
