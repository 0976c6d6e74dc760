using System.Text;

namespace Halyard.Core.Audit.Searching;

/// <summary>
/// What somebody looks for, read: an entry must have every phrase. Words apart are phrases of one word; what stands in quotes, or
/// without a space between as <c>FEAT-123</c> does, is a phrase of several. There are no operators, so nothing can be malformed.
/// </summary>
public sealed class TextQuery
{
    /// <summary>The longest query, in characters.</summary>
    public const int MaxLength = 256;

    private const char Quote = '"';
    private const char Star = '*';

    private TextQuery(IReadOnlyList<TextPhrase> phrases) => Phrases = phrases;

    /// <summary>What must occur; none where the query has no letter or digit, and nothing matches that.</summary>
    public IReadOnlyList<TextPhrase> Phrases { get; }

    /// <summary>Reads a query; any text is one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is longer than <see cref="MaxLength"/>.</exception>
    public static TextQuery Parse(string text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MaxLength, nameof(text));
        var phrases = new List<TextPhrase>();
        var lastIsQuoted = true;
        for (ReadOnlySpan<char> rest = text; rest.Length > 0; )
        {
            var quoted = rest[0] == Quote;
            var piece = quoted ? Quoted(ref rest) : Unquoted(ref rest);
            if (Phrase(piece, isPrefix: quoted ? rest is [Star, ..] : piece is [.., Star]) is not { } phrase)
                continue;
            phrases.Add(phrase);
            lastIsQuoted = quoted;
        }
        // Whoever is still typing has not ended the last word yet.
        if (!lastIsQuoted)
            phrases[^1] = phrases[^1] with { IsPrefix = true };
        return new TextQuery([.. phrases.Distinct()]);
    }

    /// <summary>Whether an entry with these words is meant.</summary>
    public bool Matches(ReadOnlySpan<char> content, ReadOnlySpan<char> reason)
    {
        foreach (var phrase in Phrases)
        {
            if (!phrase.IsIn(content) && !phrase.IsIn(reason))
                return false;
        }
        return Phrases.Count > 0;
    }

    private static ReadOnlySpan<char> Quoted(ref ReadOnlySpan<char> rest)
    {
        rest = rest[1..];
        var end = rest.IndexOf(Quote);
        var piece = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return piece;
    }

    private static ReadOnlySpan<char> Unquoted(ref ReadOnlySpan<char> rest)
    {
        var end = 1;
        while (end < rest.Length && rest[end] != Quote && !char.IsWhiteSpace(rest[end]))
            end++;
        var piece = rest[..end];
        rest = rest[end..];
        return piece;
    }

    private static TextPhrase? Phrase(ReadOnlySpan<char> piece, bool isPrefix)
    {
        var words = new StringBuilder();
        FoldedWords.Append(piece, words);
        return words.Length == 0 ? null : new TextPhrase(words.ToString(), isPrefix);
    }
}

/// <summary>Words that follow each other in one text.</summary>
/// <param name="Text">The folded words, a space between two.</param>
/// <param name="IsPrefix">Whether the last word may go on.</param>
public sealed record TextPhrase(string Text, bool IsPrefix)
{
    /// <summary>Whether folded words, as in <see cref="EntryText"/>, hold it.</summary>
    public bool IsIn(ReadOnlySpan<char> words)
    {
        for (var from = 0; words[from..].IndexOf(Text, StringComparison.Ordinal) is >= 0 and var found; )
        {
            var (start, end) = (from + found, from + found + Text.Length);
            if (IsEdge(words, start - 1) && (IsPrefix || IsEdge(words, end)))
                return true;
            from = start + 1;
        }
        return false;
    }

    private static bool IsEdge(ReadOnlySpan<char> words, int place) =>
        place < 0 || place >= words.Length || words[place] is EntryText.WordEnd or EntryText.TextEnd;
}
