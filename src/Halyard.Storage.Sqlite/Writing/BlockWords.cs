using Halyard.Storage.Sqlite.Auditing;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>The words of one block's entries, both texts.</summary>
internal sealed class BlockWords(Database database)
{
    private readonly WordFolder _content = new(database, WordSource.Content);
    private readonly WordFolder _reason = new(database, WordSource.Reason);

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
        _content.Write(first);
        _reason.Write(first);
    }
}
