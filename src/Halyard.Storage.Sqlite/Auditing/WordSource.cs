using Halyard.Core.Audit.Searching;

namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>Which of an entry's texts a word stands in. The numbers stand in the database: they are never changed.</summary>
internal enum WordSource
{
    /// <summary><see cref="EntryText.Content"/>.</summary>
    Content = 1,

    /// <summary><see cref="EntryText.Reason"/>.</summary>
    Reason = 2,
}
