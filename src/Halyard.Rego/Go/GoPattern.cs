using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Halyard.Rego;

/// <summary>A regular expression of Go's syntax that matches in time linear in the text. Thread-safe.</summary>
internal sealed class GoPattern
{
    /// <summary>How many characters a pattern may have.</summary>
    public const int MaximumLength = 4096;

    // Policies use few patterns; whoever makes many of them only makes them again.
    private const int MaximumKept = 256;

    private static readonly ConcurrentDictionary<string, GoPattern> Kept = new(StringComparer.Ordinal);

    private readonly string _source;
    private readonly Regex? _units;
    private Regex? _pairs;

    private GoPattern(string source)
    {
        _source = source;
        (_units, Problem) = Compile(source, astral: false, out var groups);
        Groups = groups;
    }

    /// <summary>What is wrong with the pattern, in Go's words; null if nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>The names of the groups by their numbers; null where a group has none.</summary>
    public IReadOnlyList<string?> Groups { get; }

    /// <summary>The pattern of a text. Compiling counts once in each evaluation, whoever has compiled it before.</summary>
    public static GoPattern Of(BuiltinContext context, string source) =>
        context.Cached(
            "pattern",
            RegoValue.Of(source),
            _ =>
            {
                context.Spend(500 + 20L * source.Length);
                context.Reserve(1024 + 64L * source.Length);
                return Shared(source);
            }
        );

    private static GoPattern Shared(string source)
    {
        if (Kept.TryGetValue(source, out var kept))
            return kept;
        if (Kept.Count >= MaximumKept)
            Kept.Clear();
        return Kept.GetOrAdd(source, text => new GoPattern(text));
    }

    /// <summary>Whether the pattern matches somewhere in the text. The pattern must have no problem.</summary>
    public bool IsMatch(BuiltinContext context, string text)
    {
        Charge(context, text.Length);
        return For(text).IsMatch(text);
    }

    /// <summary>The matches from left to right, as Go finds them: no empty match where another one has just ended.</summary>
    public IEnumerable<Match> Matches(BuiltinContext context, string text)
    {
        Charge(context, text.Length);
        var lastEnd = -1;
        for (var match = For(text).Match(text); match.Success; match = match.NextMatch())
        {
            // Finding the next match may look at the whole rest and go back to where it began.
            context.Spend(1 + match.Length + (text.Length - match.Index) / 64);
            context.Reserve(128);
            var splitsPair =
                match.Index > 0 && match.Index < text.Length && char.IsSurrogatePair(text[match.Index - 1], text[match.Index]);
            if (match.Length > 0 || match.Index != lastEnd && !splitsPair)
                yield return match;
            lastEnd = match.Index + match.Length;
        }
    }

    private void Charge(BuiltinContext context, int length) => context.Spend(1 + (long)length * (1 + _source.Length / 32) / 4);

    private Regex For(string text) =>
        text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0
            ? _units!
            : _pairs ??= Compile(_source, astral: true, out _).Regex ?? _units!;

    private static (Regex? Regex, string? Problem) Compile(string source, bool astral, out IReadOnlyList<string?> groups)
    {
        groups = [];
        if (source.Length > MaximumLength)
            return (null, "error parsing regexp: expression is too long");
        var translator = new PatternTranslator(source, astral);
        var translated = translator.Translate();
        groups = translator.Groups;
        if (translated is null)
            return (null, translator.Problem);
        try
        {
            return (new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), null);
        }
        catch (NotSupportedException)
        {
            // The engine refuses what would take too many states, for example nested counts.
            return (null, $"error parsing regexp: expression is too large: `{source}`");
        }
    }
}
