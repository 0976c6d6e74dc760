using System.Buffers;
using System.Globalization;
using System.Text;

namespace Halyard.Core.Flags.Differences;

/// <summary>One thing that a change means, found by comparing states and never by trusting the request.</summary>
/// <param name="Action">Its name in the audit catalogue.</param>
/// <param name="Environment">The environment it concerns, or <see langword="null"/> for all.</param>
/// <param name="Words">What happened, in words, without personal values.</param>
public sealed record SemanticChange(string Action, string? Environment, string Words);

/// <summary>Collects semantic changes in order.</summary>
internal sealed class ChangeList
{
    private const int MaxQuoted = 120;

    // Printable ASCII but the quote: nearly every name, and nothing to show otherwise.
    private static readonly SearchValues<char> Plain = SearchValues.Create([
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(letter => letter != '\''),
    ]);

    private readonly List<SemanticChange> _changes = [];

    public IReadOnlyList<SemanticChange> Changes => _changes;

    public void Add(string action, string words, string? environment = null) =>
        _changes.Add(new SemanticChange(action, environment, environment is null ? words : $"{words} in {Quote(environment)}"));

    public void Replaced(string action, string what, string before, string after)
    {
        if (before != after)
            Add(action, $"{what} {Quote(before)} → {Quote(after)}");
    }

    /// <summary>
    /// A name that somebody typed, made fit for a sentence: quoted, control and formatting characters shown as code points, and
    /// cut where it is long, so that it can forge neither a line of a log nor another part of the sentence.
    /// </summary>
    public static string Quote(string text)
    {
        if (text.Length <= MaxQuoted && !text.AsSpan().ContainsAnyExcept(Plain))
            return $"'{text}'";
        var safe = new StringBuilder(text.Length + 2).Append('\'');
        foreach (var rune in text.EnumerateRunes())
        {
            if (safe.Length > MaxQuoted)
            {
                safe.Append('…');
                break;
            }
            if (rune.Value == '\'')
                safe.Append('’');
            else if (IsHidden(rune))
                safe.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
            else
                safe.Append(rune.ToString());
        }
        return safe.Append('\'').ToString();
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.Surrogate;
}
