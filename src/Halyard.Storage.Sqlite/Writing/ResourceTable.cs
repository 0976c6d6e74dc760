using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>The live state: resources and fences.</summary>
internal sealed class ResourceTable(Database database)
{
    /// <summary>Revision and id now, and the number of its row; revision 0 where it does not exist.</summary>
    public (long Revision, string? Id, long Number) Current(long tenant, ResourceName name)
    {
        using var rows = database[
            "SELECT revision, id, number FROM resource WHERE tenant = ? AND kind = ? AND project = ? AND key = ?"
        ]
            .Query(tenant, name.Kind.Name(), name.Project, name.Key);
        return rows.Next() ? (rows.Int64(0), rows.Text(1), rows.Int64(2)) : default;
    }

    public long Fence(long tenant, string name) =>
        database["SELECT value FROM fence WHERE tenant = ? AND name = ?"].Number(tenant, name) ?? 0;

    public void Raise(long tenant, string fence) =>
        database["INSERT INTO fence (tenant, name, value) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET value = value + 1"]
            .Run(tenant, fence);

    /// <summary>Writes what was checked before; the revision is part of each statement all the same.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="write">What is written.</param>
    /// <param name="number">The number of its row, where there is one.</param>
    /// <param name="times">When it was touched.</param>
    public void Write(long tenant, ResourceWrite write, long number, TouchTimes times)
    {
        switch (write)
        {
            case ResourceWrite.Put { ExpectedRevision: 0 } put:
                Insert(tenant, put, times);
                break;
            case ResourceWrite.Put put:
                Update(put, number, times);
                break;
            case ResourceWrite.Delete { ExpectedRevision: > 0 } delete:
                Delete(delete, number);
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

    private void Update(ResourceWrite.Put put, long number, TouchTimes times)
    {
        database[
            """
            UPDATE resource SET
              id = ?, revision = ?, created_at = coalesce(?, created_at), updated_at = ?, document = ?, sealed = ?
            WHERE number = ? AND revision = ?
            """
        ]
            .Run(
                put.Id,
                put.Revision,
                times.Created is { } created ? created : default(SqlValue),
                times.Updated,
                put.Document,
                put.Sealed,
                number,
                put.ExpectedRevision
            );
        RequireOne(put);
    }

    private void Delete(ResourceWrite.Delete delete, long number)
    {
        database["DELETE FROM resource WHERE number = ? AND revision = ?"].Run(number, delete.ExpectedRevision);
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
