using System.Text;

namespace Halyard.Core.Audit.Searching;

/// <summary>
/// What free text finds an entry by: folded words with a space between, and a line end between texts, which no phrase crosses.
/// </summary>
/// <param name="Content">What happened in words, the keys of the resources touched, ticket and incident.</param>
/// <param name="Reason">Why, in somebody's own words; apart, because it is personal and can be erased.</param>
public sealed record EntryText(string Content, string Reason)
{
    /// <summary>Between two words of one text.</summary>
    public const char WordEnd = ' ';

    /// <summary>Between two texts.</summary>
    public const char TextEnd = '\n';

    private const int MaxKept = 8 * 1024;

    // One a thread: its buffers would be most of what folding a text allocates.
    [ThreadStatic]
    private static StringBuilder? _threadsWords;

    /// <summary>Without words.</summary>
    public static EntryText Empty { get; } = new("", "");

    /// <summary>The words of an entry.</summary>
    /// <param name="summary">Every semantic change, in words.</param>
    /// <param name="keys">The keys of the resources touched; one that comes twice counts once.</param>
    /// <param name="references">Ticket and incident, where named.</param>
    /// <param name="reason">The reason, or <see langword="null"/>.</param>
    public static EntryText Of(
        IEnumerable<string> summary,
        IEnumerable<string> keys,
        IEnumerable<string?> references,
        string? reason
    )
    {
        // Taken while it is used, and left behind where a text without its like made it large.
        var words = _threadsWords?.Clear() ?? new StringBuilder(256);
        _threadsWords = null;
        Fold(summary, words);
        Fold(keys is IReadOnlyList<string> and ([] or [_]) ? keys : keys.Distinct(StringComparer.Ordinal), words);
        Fold(references, words);
        var content = words.ToString();
        Fold(reason, words.Clear());
        var text = new EntryText(content, words.ToString());
        if (words.Capacity <= MaxKept)
            _threadsWords = words;
        return text;
    }

    private static void Fold(IEnumerable<string?> texts, StringBuilder words)
    {
        foreach (var text in texts)
            Fold(text, words);
    }

    private static void Fold(string? text, StringBuilder words)
    {
        if (string.IsNullOrEmpty(text))
            return;
        var end = words.Length;
        if (end > 0)
            words.Append(TextEnd);
        var start = words.Length;
        FoldedWords.Append(text, words);
        if (words.Length == start)
            words.Length = end;
    }
}
