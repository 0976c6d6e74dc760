namespace Halyard.Storage.DynamoDb.Native;

/// <summary>Many requests, some at once.</summary>
internal static class Many
{
    /// <summary>How many are under way at once.</summary>
    private const int AtOnce = 16;

    /// <summary>What each gives, in the order of what was asked.</summary>
    public static async ValueTask<List<T>> SelectAsync<TSource, T>(IEnumerable<TSource> asked, Func<TSource, ValueTask<T>> work)
    {
        var found = new List<T>();
        foreach (var some in asked.Chunk(AtOnce))
            found.AddRange(await Task.WhenAll(some.Select(one => work(one).AsTask())));
        return found;
    }

    public static async ValueTask ForEachAsync<TSource>(IEnumerable<TSource> asked, Func<TSource, ValueTask> work)
    {
        foreach (var some in asked.Chunk(AtOnce))
            await Task.WhenAll(some.Select(one => work(one).AsTask()));
    }
}
