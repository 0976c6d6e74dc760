namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>The order of a section's rows: by the columns that both have, texts and bytes by their bytes.</summary>
internal sealed class RowOrder : IComparer<object?[]>
{
    public static RowOrder Instance { get; } = new();

    public int Compare(object?[]? x, object?[]? y)
    {
        for (var i = 0; i < Math.Min(x!.Length, y!.Length); i++)
        {
            if (Compare(x[i]!, y[i]!) is not 0 and var order)
                return order;
        }
        return 0;
    }

    private static int Compare(object x, object y) =>
        (x, y) switch
        {
            (string text, string other) => Compare(text, other),
            (byte[] bytes, byte[] other) => bytes.AsSpan().SequenceCompareTo(other),
            (DateTimeOffset time, DateTimeOffset other) => time.CompareTo(other),
            _ => throw new ArgumentException($"No key has a {x.GetType().Name}.", nameof(x)),
        };

    /// <summary>As their UTF-8 is ordered: what takes two letters in memory is behind all that takes one.</summary>
    private static int Compare(string x, string y)
    {
        var same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length)
            return x.Length.CompareTo(y.Length);
        var (isPair, isOtherPair) = (char.IsSurrogate(x[same]), char.IsSurrogate(y[same]));
        return isPair == isOtherPair ? x[same].CompareTo(y[same]) : isPair.CompareTo(isOtherPair);
    }
}
