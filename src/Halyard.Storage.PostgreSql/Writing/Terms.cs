using System.Security.Cryptography;
using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>
/// Names for the values that entries are found by, all of one length: the first 16 bytes of the SHA-256 of facet and value. No
/// dictionary that every commit of every server would have to agree on, and nothing in an index that is too long for it.
/// </summary>
internal static class Terms
{
    public static Guid Of(string facet, string value)
    {
        // No facet has a NUL, so that no two pairs are one text.
        var bytes = Encoding.UTF8.GetBytes($"{facet}\0{value}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>The terms of an entry, each once, as an array's literal.</summary>
    public static string Literal(EntryDraft draft) => Literal(Facets.Of(draft));

    /// <summary>The terms of these facets, each once, as an array's literal.</summary>
    public static string Literal(IEnumerable<(string Facet, string Value)> facets)
    {
        var terms = new HashSet<Guid>();
        foreach (var (facet, value) in facets)
            terms.Add(Of(facet, value));
        return $"{{{string.Join(',', terms)}}}";
    }
}
