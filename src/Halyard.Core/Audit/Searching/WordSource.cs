namespace Halyard.Core.Audit.Searching;

/// <summary>Which of an entry's texts a word stands in. The numbers stand in the database: they are never changed.</summary>
public enum WordSource
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><see cref="EntryText.Content"/>.</summary>
    Content = 1,

    /// <summary><see cref="EntryText.Reason"/>.</summary>
    Reason = 2,
}
