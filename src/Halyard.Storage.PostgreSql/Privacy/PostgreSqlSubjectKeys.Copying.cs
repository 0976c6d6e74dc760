using Halyard.Core.Storage.Copying;
using Halyard.Storage.PostgreSql.Copying;
using Halyard.Storage.PostgreSql.Native;

namespace Halyard.Storage.PostgreSql.Privacy;

/// <summary>Keys on their way from one store to another: unwrapped here and wrapped there.</summary>
internal sealed partial class PostgreSqlSubjectKeys
{
    /// <summary>Whether there is nothing but what opening the keys makes.</summary>
    public async ValueTask<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        var rows = await _database.DoAsync(
            (connection, cancellation) =>
                connection
                    .Command(
                        """
                        SELECT (SELECT count(*) FROM subject_key) + (SELECT count(*) FROM subject_name) + (SELECT count(*) FROM erased)
                        """
                    )
                    .ListAsync(row => row.GetInt64(0), cancellation),
            cancellationToken
        );
        return rows[0] == 0;
    }

    /// <summary>A page of a section, keys in clear.</summary>
    public async ValueTask<IReadOnlyList<object?[]>> RowsAsync(
        Section section,
        object?[]? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = await _database.DoAsync(
            (connection, cancellation) => SectionTable.All[section].ReadAsync(connection, 0, after, limit, cancellation),
            cancellationToken
        );
        foreach (var row in rows)
        {
            if (WrappedIn(section) is { } column)
            {
                var (tenant, name) = PlaceOf(row, column);
                row[column] = _wrap.Open(tenant, name, (byte[])row[column]!);
            }
        }
        return rows;
    }

    /// <summary>Removes all rows of a section.</summary>
    public ValueTask ClearAsync(Section section, CancellationToken cancellationToken) =>
        _database.DoOnceAsync(
            (connection, cancellation) => SectionTable.All[section].ClearAsync(connection, 0, cancellation),
            cancellationToken
        );

    /// <summary>Adds rows to a section, whose keys are in clear.</summary>
    public async ValueTask WriteAsync(Section section, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        var wrapped = rows.Select(row => (object?[])row.Clone()).ToList();
        foreach (var row in wrapped)
        {
            if (WrappedIn(section) is { } column)
            {
                var (tenant, name) = PlaceOf(row, column);
                row[column] = _wrap.Seal(tenant, name, (byte[])row[column]!, _entropy);
            }
        }
        await _database.DoOnceAsync(
            (connection, cancellation) => SectionTable.All[section].WriteAsync(connection, 0, wrapped, cancellation),
            cancellationToken
        );
    }

    private static int? WrappedIn(Section section) =>
        section.Columns[section.Keys].Kind == ColumnKind.Bytes ? section.Keys : null;

    /// <summary>A secret has a name alone, a key a tenant and a subject.</summary>
    private static (string Tenant, string Name) PlaceOf(object?[] row, int keys) =>
        keys == 1 ? ("", (string)row[0]!) : ((string)row[0]!, (string)row[1]!);
}
