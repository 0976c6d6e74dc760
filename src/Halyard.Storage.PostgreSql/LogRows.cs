using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql;

/// <summary>Rows that the writer and the readers both read.</summary>
internal static class LogRows
{
    public const string Head = "SELECT origin, size, frontier, last_at, minimum FROM audit_head WHERE tenant = $1";

    /// <summary>The head in a row of <see cref="Head"/>; <see langword="null"/> where the log has no entry.</summary>
    public static LogHead? ReadHead(NpgsqlDataReader reader, string tenant) =>
        reader.GetInt64(1) == 0
            ? null
            : new LogHead(tenant, reader.Text(0), CompactRange.FromBytes(reader.GetInt64(1), reader.Bytes(2)), reader.Time(3))
            {
                Minimum = reader.GetInt64(4),
            };

    /// <summary>The answer in a row that begins with request, outcome, body, idx, root and at.</summary>
    public static StoredAnswer ReadAnswer(NpgsqlDataReader reader, string origin) =>
        new(
            reader.Digest(0),
            reader.Text(1),
            reader.Bytes(2),
            new Receipt(origin, reader.GetInt64(3), reader.Digest(4), reader.Time(5))
        );

    public static ResourceKind Kind(string name) =>
        ResourceKinds.Parse(name) ?? throw new IOException($"The database holds a resource of unknown kind '{name}'.");
}
