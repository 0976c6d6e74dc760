using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>Evaluation counters: totals for good, hours for a while.</summary>
internal sealed class EvaluationTable(Database database, TermTable terms)
{
    // More than one flush can add, so that hours do not grow without end, and little enough that nobody waits for it.
    private const int PurgedBeyondAdded = 1_000;

    public void Add(string tenantName, IReadOnlyCollection<EvaluationDelta> deltas)
    {
        var tenant = terms.Tenant(tenantName);
        foreach (var delta in deltas)
        {
            foreach (var count in delta.Counts)
                Add(tenant, delta.EnvironmentId, count);
            if (delta.Counts.Count > 0)
                Purge(tenant, delta);
        }
    }

    private void Add(long tenant, string environment, EvaluationCount count)
    {
        database[
            """
            INSERT INTO evaluation_total (tenant, environment, flag, variant, count, last_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, last_at = max(last_at, excluded.last_at)
            """
        ]
            .Run(tenant, environment, count.Flag, count.Variant, count.Count, count.LastAt);
        database[
            """
            INSERT INTO evaluation_hour (tenant, environment, hour, flag, variant, count, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, last_at = max(last_at, excluded.last_at)
            """
        ]
            .Run(tenant, environment, EvaluationHours.Of(count.LastAt), count.Flag, count.Variant, count.Count, count.LastAt);
    }

    private void Purge(long tenant, EvaluationDelta delta) =>
        database[
            """
            DELETE FROM evaluation_hour WHERE (tenant, environment, hour, flag, variant) IN (
              SELECT tenant, environment, hour, flag, variant FROM evaluation_hour
              WHERE tenant = ? AND environment = ? AND hour < ? LIMIT ?)
            """
        ]
            .Run(
                tenant,
                delta.EnvironmentId,
                delta.Counts.Max(count => count.LastAt) - EvaluationHours.Kept,
                delta.Counts.Count + PurgedBeyondAdded
            );
}
