using System.Globalization;

namespace Halyard.Ledger;

/// <summary>
/// The name of a log, taken apart. One that lost entries that were given out is never signed again under its name: it goes on
/// under that of its next shard, <c>host/tenant/admin</c> as <c>host/tenant/admin/2</c>.
/// </summary>
/// <param name="First">The name of the first shard.</param>
/// <param name="Shard">Which one, from 1.</param>
public readonly record struct LogName(string First, int Shard)
{
    /// <summary>The most shards of a log.</summary>
    public const int MaxShard = 999_999;

    private static readonly string[] Logs = ["/admin", "/data"];

    /// <summary>Takes a name apart; one of another form is a first shard.</summary>
    public static LogName Of(string origin)
    {
        var slash = origin.LastIndexOf('/');
        return
            slash > 0
            && int.TryParse(origin.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            && shard is > 1 and <= MaxShard
            && origin[slash + 1] != '0'
            && Array.Exists(Logs, log => origin[..slash].EndsWith(log, StringComparison.Ordinal))
            ? new LogName(origin[..slash], shard)
            : new LogName(origin, 1);
    }

    /// <summary>Whether another name is that of an earlier shard of this log.</summary>
    public bool IsLaterThan(LogName other) => Shard > other.Shard && First == other.First;

    /// <summary>The name as leaves and checkpoints have it.</summary>
    public override string ToString() => Shard == 1 ? First : string.Create(CultureInfo.InvariantCulture, $"{First}/{Shard}");
}
