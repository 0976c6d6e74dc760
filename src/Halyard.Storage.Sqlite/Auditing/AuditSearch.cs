using Halyard.Core.Audit;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Reading;

namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>Pages and counts of entries.</summary>
internal static class AuditSearch
{
    /// <summary>One page, newest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is outside its range.</exception>
    public static List<LogEntry> Page(Database database, long tenant, AuditQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, AuditQuery.MaxLimit, nameof(query));
        var positions = new AuditScan(database, tenant, query)
            .Newest(query.Before)
            .SelectMany(block => block.Entries.Descending().Select(place => block.First + place))
            .Take(query.Limit);
        return [.. positions.Select(position => Entry(database, position))];
    }

    /// <summary>How many entries match; <see cref="AuditQuery.Before"/> does not count.</summary>
    public static long Count(Database database, long tenant, AuditQuery query) =>
        new AuditScan(database, tenant, query).Newest(before: null).Sum(block => (long)block.Entries.Count);

    private static LogEntry Entry(Database database, long position) =>
        LogReader.Entry(database, position)
        ?? throw new IOException($"The index of the audit log is damaged: there is no entry at {position}.");
}
