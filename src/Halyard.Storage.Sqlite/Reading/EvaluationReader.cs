using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Reading;

/// <summary>Queries for evaluation counters.</summary>
internal static class EvaluationReader
{
    public static List<EvaluationCount> Totals(Database database, long tenant, string environment)
    {
        using var rows = database[
            """
            SELECT flag, variant, count, last_at FROM evaluation_total
            WHERE tenant = ? AND environment = ? ORDER BY flag, variant
            """
        ]
            .Query(tenant, environment);
        return Counts(rows);
    }

    public static List<EvaluationCount> Totals(
        Database database,
        long tenant,
        string environment,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        using var rows = database[
            """
            SELECT flag, variant, sum(count), max(last_at) FROM evaluation_hour
            WHERE tenant = ? AND environment = ? AND hour >= ? AND hour < ?
            GROUP BY flag, variant ORDER BY flag, variant
            """
        ]
            .Query(tenant, environment, Micros.Ceiling(from), Micros.Ceiling(to));
        return Counts(rows);
    }

    /// <summary>One seek an hour: there are at most some two thousand, and an environment may have as many flags in each.</summary>
    public static List<HourlyEvaluations> Hours(
        Database database,
        (long Tenant, string Environment, string Flag) where,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        var found = new List<HourlyEvaluations>();
        using var rows = database[
            """
            WITH RECURSIVE hours (hour) AS (
              SELECT min(hour) FROM evaluation_hour WHERE tenant = ?1 AND environment = ?2 AND hour >= ?4 AND hour < ?5
              UNION ALL
              SELECT (
                SELECT min(hour) FROM evaluation_hour WHERE tenant = ?1 AND environment = ?2 AND hour > hours.hour AND hour < ?5)
              FROM hours WHERE hour IS NOT NULL)
            SELECT e.hour, e.variant, e.count FROM hours CROSS JOIN evaluation_hour e
              ON e.tenant = ?1 AND e.environment = ?2 AND e.hour = hours.hour AND e.flag = ?3
            ORDER BY e.hour, e.variant
            """
        ]
            .Query(where.Tenant, where.Environment, where.Flag, Micros.Ceiling(from), Micros.Ceiling(to));
        while (rows.Next())
            found.Add(new HourlyEvaluations(rows.Time(0), rows.Text(1), rows.Int64(2)));
        return found;
    }

    private static List<EvaluationCount> Counts(in Rows rows)
    {
        var found = new List<EvaluationCount>();
        while (rows.Next())
            found.Add(new EvaluationCount(rows.Text(0), rows.Text(1), rows.Int64(2), rows.Time(3)));
        return found;
    }
}
