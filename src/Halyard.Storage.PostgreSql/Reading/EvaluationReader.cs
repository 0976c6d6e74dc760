using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Reading;

/// <summary>Queries for evaluation counters.</summary>
internal static class EvaluationReader
{
    public static async ValueTask<IReadOnlyList<EvaluationCount>> TotalsAsync(
        NpgsqlConnection connection,
        int tenant,
        string environment,
        CancellationToken cancellationToken
    ) =>
        await connection
            .Command(
                """
                SELECT flag, variant, count, last_at FROM evaluation_total
                WHERE tenant = $1 AND environment = $2 ORDER BY flag, variant
                """,
                tenant,
                environment
            )
            .ListAsync(Count, cancellationToken);

    public static async ValueTask<IReadOnlyList<EvaluationCount>> TotalsAsync(
        NpgsqlConnection connection,
        int tenant,
        string environment,
        (DateTimeOffset From, DateTimeOffset To) hours,
        CancellationToken cancellationToken
    ) =>
        await connection
            .Command(
                """
                SELECT flag, variant, sum(count)::bigint, max(last_at) FROM evaluation_hour
                WHERE tenant = $1 AND environment = $2 AND hour >= $3 AND hour < $4
                GROUP BY flag, variant ORDER BY flag, variant
                """,
                tenant,
                environment,
                Instants.Ceiling(hours.From),
                Instants.Ceiling(hours.To)
            )
            .ListAsync(Count, cancellationToken);

    public static async ValueTask<IReadOnlyList<HourlyEvaluations>> HoursAsync(
        NpgsqlConnection connection,
        int tenant,
        (string Environment, string Flag) what,
        (DateTimeOffset From, DateTimeOffset To) hours,
        CancellationToken cancellationToken
    ) =>
        await connection
            .Command(
                """
                SELECT hour, variant, count FROM evaluation_hour
                WHERE tenant = $1 AND environment = $2 AND flag = $3 AND hour >= $4 AND hour < $5 ORDER BY hour, variant
                """,
                tenant,
                what.Environment,
                what.Flag,
                Instants.Ceiling(hours.From),
                Instants.Ceiling(hours.To)
            )
            .ListAsync(row => new HourlyEvaluations(row.Time(0), row.Text(1), row.GetInt64(2)), cancellationToken);

    private static EvaluationCount Count(NpgsqlDataReader row) => new(row.Text(0), row.Text(1), row.GetInt64(2), row.Time(3));
}
