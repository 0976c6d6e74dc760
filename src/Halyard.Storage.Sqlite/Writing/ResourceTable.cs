using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>The live state: resources and fences.</summary>
internal sealed class ResourceTable(Database database)
{
    /// <summary>Revision and id now; revision 0 where it does not exist.</summary>
    public (long Revision, string? Id) Current(long tenant, ResourceName name)
    {
        using var rows = database["SELECT revision, id FROM resource WHERE tenant = ? AND kind = ? AND project = ? AND key = ?"]
            .Query(tenant, name.Kind.Name(), name.Project, name.Key);
        return rows.Next() ? (rows.Int64(0), rows.Text(1)) : (0, null);
    }

    public long Fence(long tenant, string name) =>
        database["SELECT value FROM fence WHERE tenant = ? AND name = ?"].Number(tenant, name) ?? 0;

    public void Raise(long tenant, string fence) =>
        database["INSERT INTO fence (tenant, name, value) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET value = value + 1"]
            .Run(tenant, fence);

    /// <summary>Writes what was checked before; the revision is part of each statement all the same.</summary>
    public void Write(long tenant, ResourceWrite write, TouchTimes times)
    {
        switch (write)
        {
            case ResourceWrite.Put { ExpectedRevision: 0 } put:
                Insert(tenant, put, times);
                break;
            case ResourceWrite.Put put:
                Update(tenant, put, times);
                break;
            case ResourceWrite.Delete { ExpectedRevision: > 0 } delete:
                Delete(tenant, delete);
                break;
        }
    }

    private void Insert(long tenant, ResourceWrite.Put put, TouchTimes times) =>
        database[
            """
            INSERT INTO resource (tenant, kind, project, key, id, revision, created_at, updated_at, document, sealed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ]
            .Run(
                tenant,
                put.Name.Kind.Name(),
                put.Name.Project,
                put.Name.Key,
                put.Id,
                put.Revision,
                times.Created ?? times.Updated,
                times.Updated,
                put.Document,
                put.Sealed
            );

    private void Update(long tenant, ResourceWrite.Put put, TouchTimes times)
    {
        database[
            """
            UPDATE resource SET
              id = ?, revision = ?, created_at = coalesce(?, created_at), updated_at = ?, document = ?, sealed = ?
            WHERE tenant = ? AND kind = ? AND project = ? AND key = ? AND revision = ?
            """
        ]
            .Run(
                put.Id,
                put.Revision,
                times.Created is { } created ? created : default(SqlValue),
                times.Updated,
                put.Document,
                put.Sealed,
                tenant,
                put.Name.Kind.Name(),
                put.Name.Project,
                put.Name.Key,
                put.ExpectedRevision
            );
        RequireOne(put);
    }

    private void Delete(long tenant, ResourceWrite.Delete delete)
    {
        database["DELETE FROM resource WHERE tenant = ? AND kind = ? AND project = ? AND key = ? AND revision = ?"]
            .Run(tenant, delete.Name.Kind.Name(), delete.Name.Project, delete.Name.Key, delete.ExpectedRevision);
        RequireOne(delete);
    }

    private void RequireOne(ResourceWrite write)
    {
        if (database.Changes != 1)
            throw new InvalidOperationException(
                $"Revision {write.ExpectedRevision} of {write.Name} changed inside the transaction."
            );
    }
}
