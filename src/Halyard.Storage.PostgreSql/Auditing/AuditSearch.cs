using Halyard.Core.Audit;
using Halyard.Storage.PostgreSql.Native;
using Halyard.Storage.PostgreSql.Reading;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Auditing;

/// <summary>Pages and counts of entries.</summary>
internal static class AuditSearch
{
    /// <summary>One page, newest first.</summary>
    public static async ValueTask<IReadOnlyList<LogEntry>> PageAsync(
        NpgsqlConnection connection,
        int tenant,
        AuditQuery query,
        CancellationToken cancellationToken
    )
    {
        var scan = new AuditScan(connection, tenant, query);
        if (scan.IsHopeless)
            return [];
        var indexes = new List<long>(query.Limit);
        await foreach (var (first, entries) in scan.NewestAsync(query.Before, toTheEnd: false, cancellationToken))
        {
            foreach (var place in entries.Descending())
            {
                if (indexes.Count < query.Limit)
                    indexes.Add(first + place);
            }
            if (indexes.Count == query.Limit)
                break;
        }
        var page = await LogReader.LastEntriesAsync(connection, tenant, [.. indexes], cancellationToken);
        return page.Count == indexes.Count
            ? page
            : throw new IOException("The index of the audit log is damaged: it names an entry that is not there.");
    }

    /// <summary>How many entries match; <see cref="AuditQuery.Before"/> does not count.</summary>
    public static async ValueTask<long> CountAsync(
        NpgsqlConnection connection,
        int tenant,
        AuditQuery query,
        CancellationToken cancellationToken
    )
    {
        var scan = new AuditScan(connection, tenant, query);
        if (scan.IsHopeless)
            return 0;
        var count = 0L;
        await foreach (var (_, entries) in scan.NewestAsync(before: null, toTheEnd: true, cancellationToken))
            count += entries.Count;
        await connection.Command(Statements.Commit).RunAsync(cancellationToken);
        return count;
    }
}
