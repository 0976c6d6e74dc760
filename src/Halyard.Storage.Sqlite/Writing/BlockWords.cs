using Halyard.Core.Audit.Searching;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>The words of one block's entries, both texts.</summary>
internal sealed class BlockWords(Database database)
{
    private readonly WordFolder _content = new(WordSource.Content);
    private readonly WordFolder _reason = new(WordSource.Reason);

    public void Clear()
    {
        _content.Clear();
        _reason.Clear();
    }

    /// <summary>Adds an entry's words; entries come in order.</summary>
    public void Add(int entry, ReadOnlySpan<char> content, ReadOnlySpan<char> reason)
    {
        _content.Add(entry, content);
        _reason.Add(entry, reason);
    }

    /// <summary>Writes what was added since it was cleared.</summary>
    public void Write(long first)
    {
        Write(first, _content, WordSource.Content);
        Write(first, _reason, WordSource.Reason);
    }

    // In the order of the table's key, so that each of its pages is visited once.
    private void Write(long first, WordFolder words, WordSource source)
    {
        foreach (var (word, entries, places) in words.Rows())
            database["INSERT INTO audit_block_word (first, word, source, entries, places) VALUES (?, ?, ?, ?, ?)"]
                .Run(first, word, (long)source, entries, places);
    }
}
