using Halyard.Core.Audit;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>The heads of logs that no server has open.</summary>
internal static class Heads
{
    /// <summary>The head of a tenant's log, or <see langword="null"/> where it has no entry.</summary>
    public static async ValueTask<LogHead?> ReadAsync(Table table, string tenant, CancellationToken cancellationToken)
    {
        using var log = new TenantLog(table, tenant);
        return await table.GetAsync(Keys.Head(tenant), cancellationToken) is { } item ? log.ReadHead(item).Head : null;
    }

    /// <summary>Writes a head, and that the tenant has a log.</summary>
    public static async ValueTask WriteAsync(Table table, LogHead head, long lastErasure, CancellationToken cancellationToken)
    {
        using var log = new TenantLog(table, head.Tenant);
        var listed = new Item(Keys.Tenant(head.Tenant)).With("name", head.Tenant);
        await table.PutAsync([log.WriteHead(head, lastErasure), listed], cancellationToken);
    }
}
