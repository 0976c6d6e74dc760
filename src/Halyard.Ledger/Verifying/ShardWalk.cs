namespace Halyard.Ledger;

/// <summary>An entry with which the name of the log that it says it is from begins, in a bundle.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Log">The name.</param>
/// <param name="Record">What it says where it opens a shard, or null.</param>
internal sealed record NamedFrom(long Index, string Log, RestoreRecord? Record);

/// <summary>
/// Follows a log through its shards, in the order of the entries: each shard's first entry must say what it goes on from, and that
/// must be what is there.
/// </summary>
internal sealed class ShardWalk(string origin)
{
    private readonly List<RestoreRecord> _records = [];
    private string? _log;

    /// <summary>The first entries of the shards that were passed.</summary>
    public IReadOnlyList<RestoreRecord> Records => _records;

    /// <summary>Passes an entry with which a name begins; gives what is wrong with it, or null.</summary>
    /// <param name="next">The entry.</param>
    /// <param name="root">The root of the entries before it.</param>
    public string? Pass(NamedFrom next, Func<Digest> root)
    {
        var before = _log;
        _log = next.Log;
        if (before == next.Log)
            return null;
        if (before is null)
            // Behind purged entries any shard may be the first to be seen; the very first entry is of the first.
            return next.Index > 0 || LogName.Of(next.Log).Shard == 1
                ? null
                : $"is the first one of the log '{next.Log}' and does not say what that goes on from";
        if (
            next.Record is not { } record
            || record.Shard != next.Log
            || record.Log != before
            || record.Index != next.Index
            || !LogName.Of(next.Log).IsLaterThan(LogName.Of(before))
        )
            return $"is of the log '{next.Log}' and does not say that it goes on from '{before}' here";
        _records.Add(record);
        return record.Root == root() ? null : $"names another root of the {next.Index} entries before it than they have";
    }

    /// <summary>Why the entries are not those of the log, once all were passed; null where they are, or none was there.</summary>
    public string? Conclude() =>
        _log is null || _log == origin
            ? null
            : $"the entries that are there are those of '{_log}', which '{origin}' goes on from";

    /// <summary>
    /// Whether what was given out up to a checkpoint of an earlier shard is said to be lost; the checkpoint is not one of the tree.
    /// </summary>
    public bool Admits(Checkpoint given) =>
        _records
            .SelectMany(record => record.Lost)
            .Any(lost =>
                lost.Log == given.Origin && (given.Size < lost.To || (given.Size == lost.To && given.Root == lost.Root))
            );
}
