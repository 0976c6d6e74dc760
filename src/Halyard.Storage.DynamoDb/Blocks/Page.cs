using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Halyard.Core.Audit.Searching;

namespace Halyard.Storage.DynamoDb.Blocks;

/// <summary>
/// Which page of a block has a term or a word. Pages are many, so that a query reads little of a block, and numbered, so that no term is in
/// a key and whoever removes something knows where to look. The numbers stand in tables: they are never changed.
/// </summary>
internal readonly record struct Page(PageKind Kind, int Number)
{
    /// <summary>How many pages of each kind a block has.</summary>
    private const int Count = 64;

    /// <summary>As a key has it.</summary>
    public string Name =>
        Kind switch
        {
            PageKind.Terms => "TERM",
            PageKind.Content => "WORD",
            _ => "REASON",
        }
        + "#"
        + Number.ToString(CultureInfo.InvariantCulture);

    public static Page OfTerm(string term) => new(PageKind.Terms, SHA256.HashData(Encoding.UTF8.GetBytes(term))[0] % Count);

    /// <summary>By the first letter alone: words that begin alike are on one page.</summary>
    public static Page OfWord(WordSource source, string word) =>
        new(source == WordSource.Reason ? PageKind.Reason : PageKind.Content, word[0] % Count);

    /// <summary>Every page of a block.</summary>
    public static IEnumerable<Page> All() => [.. Of(PageKind.Terms), .. Of(PageKind.Content), .. Of(PageKind.Reason)];

    /// <summary>Those of one kind.</summary>
    public static IEnumerable<Page> Of(PageKind kind) => Enumerable.Range(0, Count).Select(number => new Page(kind, number));
}

/// <summary>What stands on a page.</summary>
internal enum PageKind
{
    /// <summary>What entries are found by, and whose values they brought.</summary>
    Terms,

    /// <summary>The words of entries, those of reasons aside.</summary>
    Content,

    /// <summary>The words of reasons, which are personal.</summary>
    Reason,
}
