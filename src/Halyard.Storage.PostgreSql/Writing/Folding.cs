using Halyard.Storage.PostgreSql.Native;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>Folds the whole blocks of a tenant, one transaction each.</summary>
internal sealed class Folding(Database database, Tenants tenants, AdvisoryLockNumbers locks)
{
    private readonly BlockFolder _folder = new(locks);

    /// <summary>Folds all there is, and tells the first index that is then not folded.</summary>
    public async ValueTask<long> FoldAsync(string tenant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (unfolded, folded) = await database.DoAsync(
                async (connection, cancellation) =>
                    await tenants.FindAsync(connection, tenant, cancellation) is { } number
                        ? await _folder.FoldOneAsync(connection, number, cancellation)
                        : (0, false),
                cancellationToken
            );
            if (!folded)
                return unfolded;
        }
    }
}
