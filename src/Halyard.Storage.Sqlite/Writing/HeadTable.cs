using Halyard.Core.Audit;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>The heads of the logs. Only this process writes, so what was committed is known without reading it again.</summary>
internal sealed class HeadTable(Database database)
{
    private readonly Dictionary<long, LogHead> _committed = [];
    private readonly Dictionary<long, LogHead> _pending = [];

    /// <summary>The head as of this transaction.</summary>
    public LogHead? Find(long tenant, string name)
    {
        if (_pending.TryGetValue(tenant, out var pending))
            return pending;
        if (_committed.TryGetValue(tenant, out var committed))
            return committed;
        var read = LogTables.Head(database, tenant, name);
        if (read is not null)
            _committed[tenant] = read;
        return read;
    }

    public void Advance(long tenant, LogHead head) => _pending[tenant] = head;

    /// <summary>The logs that this transaction appends to, with their sizes after it.</summary>
    public IEnumerable<(long Tenant, long Size)> Advanced => _pending.Select(pending => (pending.Key, pending.Value.Range.Size));

    /// <summary>One row a log and transaction, however many entries it brought.</summary>
    public void Flush()
    {
        foreach (var (tenant, head) in _pending)
        {
            database[
                """
                INSERT INTO audit_head (tenant, origin, size, frontier, root, last_at) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant) DO UPDATE SET
                  origin = excluded.origin, size = excluded.size, frontier = excluded.frontier, root = excluded.root, last_at = excluded.last_at
                """
            ]
                .Run(tenant, head.Origin, head.Range.Size, head.Range.ToBytes(), head.Range.Root, head.LastAt);
        }
    }

    /// <summary>The transaction is durable.</summary>
    public void Accept()
    {
        foreach (var (tenant, head) in _pending)
            _committed[tenant] = head;
        _pending.Clear();
    }

    public void Forget()
    {
        _committed.Clear();
        _pending.Clear();
    }
}
