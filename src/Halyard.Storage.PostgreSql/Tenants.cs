using System.Collections.Concurrent;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql;

/// <summary>Tenants' numbers: one once committed never changes.</summary>
internal sealed class Tenants
{
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The tenant's number where it was looked up before.</summary>
    public int? Known(string name) => _numbers.TryGetValue(name, out var known) ? known : null;

    /// <summary>The tenant's number, or <see langword="null"/> where it has none yet.</summary>
    public async ValueTask<int?> FindAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        if (Known(name) is { } known)
            return known;
        var found = await connection
            .Command("SELECT number FROM tenant WHERE name = $1", name)
            .ListAsync(reader => reader.GetInt32(0), cancellationToken);
        return found is [var number] ? _numbers[name] = number : null;
    }

    /// <summary>
    /// The tenant's number, given where it has none, with a log of size 0. A transaction of its own: a number without anything else is
    /// nothing that anybody sees.
    /// </summary>
    public async ValueTask<int> EnsureAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindAsync(connection, name, cancellationToken) is { } number)
                return number;
            await connection
                .Command(
                    """
                    WITH made AS (INSERT INTO tenant (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING number)
                    INSERT INTO audit_head (tenant, origin, size, frontier, root, last_at)
                    SELECT number, '', 0, '', '', '-infinity' FROM made
                    """,
                    name
                )
                .RunAsync(cancellationToken);
        }
    }
}
