using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>Evaluation counters: totals for good, hours for a while.</summary>
internal static class Counters
{
    // More than one flush can add, so that hours do not grow without end, and little enough that nobody waits for it.
    private const int PurgedBeyondAdded = 1_000;

    private const string Totals = """
        INSERT INTO evaluation_total AS t (tenant, environment, flag, variant, count, last_at)
        SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[])
        ON CONFLICT (tenant, environment, flag, variant) DO UPDATE SET
          count = t.count + excluded.count, last_at = greatest(t.last_at, excluded.last_at)
        """;

    private const string Hours = """
        INSERT INTO evaluation_hour AS t (tenant, environment, hour, flag, variant, count, last_at)
        SELECT $1, * FROM unnest($2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[])
        ON CONFLICT (tenant, environment, hour, flag, variant) DO UPDATE SET
          count = t.count + excluded.count, last_at = greatest(t.last_at, excluded.last_at)
        """;

    private const string Purge = """
        DELETE FROM evaluation_hour WHERE (tenant, environment, hour, flag, variant) IN (
          SELECT tenant, environment, hour, flag, variant FROM evaluation_hour
          WHERE tenant = $1 AND environment = $2 AND hour < $3 LIMIT $4 FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>One transaction. Rows are visited in the order of the tables' keys, so that servers which count at once do not meet.</summary>
    public static async ValueTask AddAsync(
        NpgsqlConnection connection,
        int tenant,
        IReadOnlyCollection<EvaluationDelta> deltas,
        CancellationToken cancellationToken
    )
    {
        var counts = deltas
            .SelectMany(delta => delta.Counts.Select(count => (Environment: delta.EnvironmentId, Count: count)))
            .ToList();
        if (counts.Count == 0)
            return;
        var totals = Summed(counts, _ => DateTimeOffset.MinValue);
        var hours = Summed(counts, count => EvaluationHours.Of(count.LastAt));
        var batch = connection
            .CreateBatch()
            .Add(Statements.Begin)
            .Add(
                Totals,
                tenant,
                Array.ConvertAll(totals, row => row.Cell.Environment),
                Array.ConvertAll(totals, row => row.Cell.Flag),
                Array.ConvertAll(totals, row => row.Cell.Variant),
                Array.ConvertAll(totals, row => row.Count),
                Array.ConvertAll(totals, row => row.LastAt)
            )
            .Add(
                Hours,
                tenant,
                Array.ConvertAll(hours, row => row.Cell.Environment),
                Array.ConvertAll(hours, row => row.Cell.Hour),
                Array.ConvertAll(hours, row => row.Cell.Flag),
                Array.ConvertAll(hours, row => row.Cell.Variant),
                Array.ConvertAll(hours, row => row.Count),
                Array.ConvertAll(hours, row => row.LastAt)
            );
        foreach (var environment in counts.GroupBy(count => count.Environment, count => count.Count, StringComparer.Ordinal))
        {
            var last = environment.Max(count => count.LastAt);
            batch.Add(Purge, tenant, environment.Key, last - EvaluationHours.Kept, environment.Count() + PurgedBeyondAdded);
        }
        await batch.Add(Statements.Commit).RunAsync(cancellationToken);
    }

    // One row a cell: a statement cannot meet the same row twice.
    private static (
        (string Environment, DateTimeOffset Hour, string Flag, string Variant) Cell,
        long Count,
        DateTimeOffset LastAt
    )[] Summed(List<(string Environment, EvaluationCount Count)> counts, Func<EvaluationCount, DateTimeOffset> hour) =>
        [
            .. counts
                .GroupBy(count => (count.Environment, Hour: hour(count.Count), count.Count.Flag, count.Count.Variant))
                .OrderBy(cell => cell.Key.Environment, StringComparer.Ordinal)
                .ThenBy(cell => cell.Key.Hour)
                .ThenBy(cell => cell.Key.Flag, StringComparer.Ordinal)
                .ThenBy(cell => cell.Key.Variant, StringComparer.Ordinal)
                .Select(cell => (cell.Key, cell.Sum(count => count.Count.Count), cell.Max(count => count.Count.LastAt))),
        ];
}
