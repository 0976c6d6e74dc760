using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;

namespace Halyard.Storage.Conformance.InMemory;

/// <summary>What <see cref="AuditQuery.Text"/> means, word by word, in the plainest form.</summary>
public static class TextOracle
{
    /// <summary>True where every phrase occurs in one of the entry's texts.</summary>
    public static bool Matches(EntryText text, string query)
    {
        var texts = $"{text.Content}\n{text.Reason}".Split('\n').Select(words => words.Split(' ')).ToList();
        var phrases = TextQuery.Parse(query).Phrases;
        return phrases.Count > 0 && phrases.All(phrase => texts.Exists(words => Holds(words, phrase)));
    }

    private static bool Holds(string[] words, TextPhrase phrase)
    {
        var wanted = phrase.Text.Split(' ');
        return Enumerable.Range(0, words.Length).Any(from => Follow(words[from..], wanted, phrase.IsPrefix));
    }

    private static bool Follow(string[] words, string[] wanted, bool isPrefix) =>
        words.Length >= wanted.Length
        && Enumerable
            .Range(0, wanted.Length)
            .All(i =>
                isPrefix && i == wanted.Length - 1
                    ? words[i].StartsWith(wanted[i], StringComparison.Ordinal)
                    : words[i] == wanted[i]
            );
}
