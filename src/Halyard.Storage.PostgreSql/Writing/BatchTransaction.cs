using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>
/// A batch of one tenant's commits as one transaction: the head locked and the state read, everything decided, all of it written. Tried
/// again where that may help; where the connection broke on the way back from the end, the log itself tells whether the batch took
/// effect.
/// </summary>
/// <param name="database">For erasures and purges, whose statements are planned by what they remove.</param>
/// <param name="lookups">For all others: <see cref="Connections.ForLookups"/>.</param>
/// <param name="tenants">The tenants' numbers.</param>
/// <param name="locks">The numbers of advisory locks.</param>
/// <param name="channel">Where commits are told of.</param>
internal sealed class BatchTransaction(
    Database database,
    Database lookups,
    Tenants tenants,
    AdvisoryLockNumbers locks,
    string channel
)
{
    /// <summary>2^22 entries a partition; it stands in the database.</summary>
    private const int PartitionBits = 22;

    private readonly StateLoader _loader = new(locks);
    private readonly BatchWriter _writer = new(channel);

    /// <summary>The partitions that are known to exist are those before this one.</summary>
    private long _partitions;

    /// <summary>What became of each commit, and the size of the log then.</summary>
    public async ValueTask<(IReadOnlyList<CommitResult> Results, long Size)> RunAsync(IReadOnlyList<Commit> commits)
    {
        (BatchPlan Plan, List<CommitResult> Results)? unknown = null;
        return await (commits[0].Effect is null ? lookups : database).DoAsync(
            async (connection, _, cancellationToken) =>
            {
                var tenant = await tenants.EnsureAsync(connection, commits[0].Tenant, cancellationToken);
                var state = await _loader.BeginAsync(connection, tenant, commits, unknown is not null, cancellationToken);
                if (unknown is { } before && before.Plan.Entries.TrueForAll(entry => state.LoggedIds.Contains(entry.Draft.Id)))
                {
                    await connection.Command(Statements.Rollback).RunAsync(cancellationToken);
                    return (before.Results, before.Plan.Head!.Range.Size);
                }
                unknown = null;
                var plan = new BatchPlan(state);
                var results = commits.Select(plan.Apply).ToList();
                if (plan.Head is not { } head)
                {
                    await connection.Command(Statements.Rollback).RunAsync(cancellationToken);
                    return ((IReadOnlyList<CommitResult>)results, state.Head?.Range.Size ?? 0);
                }
                var last = (head.Range.Size - 1) >> PartitionBits;
                unknown = (plan, results);
                await WriteAsync(connection, plan, last, cancellationToken);
                _partitions = last + 1;
                return (results, head.Range.Size);
            },
            CancellationToken.None
        );
    }

    private async ValueTask WriteAsync(
        NpgsqlConnection connection,
        BatchPlan plan,
        long last,
        CancellationToken cancellationToken
    )
    {
        // A batch is far smaller than a partition: it needs at most one that may be missing.
        var missing = last >= _partitions ? last : (long?)null;
        var firstPart = plan.Entries[0].Entry.Index >> PartitionBits;
        if (missing is not null && firstPart != last && firstPart >= _partitions)
            await connection.Command("SELECT add_entry_partition($1, $2)", plan.Tenant, firstPart).RunAsync(cancellationToken);
        await _writer.WriteAsync(connection, plan, missing, cancellationToken);
    }
}
