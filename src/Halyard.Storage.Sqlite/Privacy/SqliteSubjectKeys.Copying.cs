using Halyard.Core.Storage.Copying;
using Halyard.Storage.Sqlite.Copying;

namespace Halyard.Storage.Sqlite.Privacy;

/// <summary>Keys on their way from one store to another: unwrapped here and wrapped there.</summary>
internal sealed partial class SqliteSubjectKeys
{
    /// <summary>Whether there is nothing but what opening the file makes.</summary>
    public bool IsEmpty =>
        _database[
            "SELECT (SELECT count(*) FROM subject_key) + (SELECT count(*) FROM subject_name) + (SELECT count(*) FROM erased)"
        ]
            .Number() == 0;

    /// <summary>A page of a section, keys in clear.</summary>
    public List<object?[]> Rows(Section section, object?[]? after, int limit)
    {
        var rows = SectionTable.All[section].Read(_database, 0, after, limit);
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
    public void Clear(Section section) => SectionTable.All[section].Clear(_database, 0);

    /// <summary>Adds rows to a section, whose keys are in clear.</summary>
    public void Write(Section section, IReadOnlyList<object?[]> rows)
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
        _database.Execute("BEGIN IMMEDIATE");
        try
        {
            SectionTable.All[section].Write(_database, 0, wrapped, _ => 0);
            _database.Execute("COMMIT");
        }
        catch
        {
            if (_database.InTransaction)
                _database.Execute("ROLLBACK");
            throw;
        }
    }

    private static int? WrappedIn(Section section) =>
        section.Columns[section.Keys].Kind == ColumnKind.Bytes ? section.Keys : null;

    /// <summary>A secret has a name alone, a key a tenant and a subject.</summary>
    private static (string Tenant, string Name) PlaceOf(object?[] row, int keys) =>
        keys == 1 ? ("", (string)row[0]!) : ((string)row[0]!, (string)row[1]!);
}
