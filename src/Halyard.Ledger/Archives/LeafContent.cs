namespace Halyard.Ledger;

/// <summary>The content kept beside a log that its entries name by digest: what an archive needs besides the entries.</summary>
public static class LeafContent
{
    /// <summary>What an entry names. A list of changes (true) names more itself: <see cref="NamedInList"/>.</summary>
    /// <exception cref="InvalidDataException">It is no entry.</exception>
    public static IReadOnlyList<(Digest Digest, bool IsList)> NamedIn(ReadOnlySpan<byte> leaf)
    {
        var named = new List<NamedContent>();
        return LeafFacts.TryRead(leaf, [], named, out _)
            ? [.. named.Select(each => (each.Digest, each.IsList))]
            : throw new InvalidDataException("What should be an entry is none.");
    }

    /// <summary>What a list of changes names.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    public static IReadOnlyList<(Digest Digest, bool IsList)> NamedInList(ReadOnlySpan<byte> list)
    {
        var named = new List<NamedContent>();
        NamedContent.CollectList(list, named);
        return [.. named.Select(each => (each.Digest, each.IsList))];
    }
}
