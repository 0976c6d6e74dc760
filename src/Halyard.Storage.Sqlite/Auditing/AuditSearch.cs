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
        var page = new List<LogEntry>();
        var branches = AuditPlan.Branches(database, tenant, query, query.Before);
        if (branches.Count == 0)
            return page;
        using var rows = PageSql(branches, query.Limit).Query(database);
        while (rows.Next())
            page.Add(LogReader.Entry(rows));
        return page;
    }

    public static long Count(Database database, long tenant, AuditQuery query)
    {
        var count = 0L;
        foreach (var branch in AuditPlan.Branches(database, tenant, query, before: null))
        {
            var sql = new SqlText().Add("SELECT count(*)");
            branch.AddTo(sql);
            using var rows = sql.Query(database);
            if (rows.Next())
                count += rows.Int64(0);
        }
        return count;
    }

    /// <summary>The newest of each branch, the newest of those, and only then the entries themselves.</summary>
    public static SqlText PageSql(List<AuditBranch> branches, int limit)
    {
        var sql = new SqlText().Add("SELECT e.position, e.at, e.effective_at, e.leaf FROM (");
        for (var i = 0; i < branches.Count; i++)
        {
            sql.Add(i == 0 ? "SELECT position FROM (SELECT p.position" : " UNION ALL SELECT position FROM (SELECT p.position");
            branches[i].AddTo(sql);
            sql.Add(" ORDER BY p.position DESC LIMIT ").Add(limit).Add(")");
        }
        return sql.Add(" ORDER BY position DESC LIMIT ")
            .Add(limit)
            .Add(") c CROSS JOIN audit_entry e ON e.position = c.position ORDER BY c.position DESC");
    }
}
