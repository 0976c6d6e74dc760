using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Writing;

namespace Halyard.Storage.Sqlite;

internal sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public ValueTask<Mark?> MarkAsync(string tenant, string name, CancellationToken cancellationToken) =>
        ReadAsync<Mark?>(tenant, (database, number) => MarkTable.Find(database, number, name), null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Mark>> MarksAsync(string tenant, string prefix, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Mark>>(
            tenant,
            // No name has a character this large, so that what begins with the prefix is one range of the table's key.
            (database, number) => MarkTable.Find(database, number, prefix, prefix + "\uFFFF"),
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask<bool> SetMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellationToken
    )
    {
        Mark.Validate(name, value);
        return await _writer.DoAsync(
            session => session.SetMark(tenant, name, expectedVersion, value),
            weight: 1,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        CancellationToken cancellationToken
    ) => await _writer.DoAsync(session => session.RemoveMark(tenant, name, expectedVersion), weight: 1, cancellationToken);
}
