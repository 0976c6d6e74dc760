using System.Collections.Frozen;
using Halyard.Core.Storage.Copying;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Copying;

/// <summary>The statements that read and write one section; each text is made once, so that each is prepared once.</summary>
internal sealed class SectionTable
{
    /// <summary>Of the tenant, positions and subjects' numbers in place of indexes and ids.</summary>
    private const string Index = "position & 68719476735";

    private const string Subject = "(SELECT value FROM audit_term WHERE number = subject)";

    private readonly Section _section;
    private readonly bool _isOfTenant;
    private readonly string _first;
    private readonly string _next;
    private readonly string _clear;
    private readonly string _insert;

    private SectionTable(Section section, bool isOfTenant)
    {
        (_section, _isOfTenant) = (section, isOfTenant);
        var names = section.Columns.Select(column => column.Name).ToList();
        var keys = string.Join(", ", names.Take(section.Keys));
        var select = $"SELECT {string.Join(", ", names.Select(Expression))} FROM {section.Name} WHERE ";
        var ofTenant = isOfTenant ? "tenant = ?" : "?1 IS NOT NULL";
        var end = $" ORDER BY {keys} LIMIT ?";
        _first = select + ofTenant + end;
        _next = $"{select}{ofTenant} AND ({keys}) > ({Parameters(section.Keys)}){end}";
        _clear = $"DELETE FROM {section.Name} WHERE {ofTenant}";
        var written = names.Select(name => HasPosition && name == "idx" ? "position" : name).ToList();
        if (isOfTenant)
            written.Insert(0, "tenant");
        _insert = $"INSERT INTO {section.Name} ({string.Join(", ", written)}) VALUES ({Parameters(written.Count)})";
    }

    /// <summary>How each section is kept.</summary>
    public static FrozenDictionary<Section, SectionTable> All { get; } =
        Section
            .OfTenants.Append(Section.Blobs)
            .Select(section => new SectionTable(section, isOfTenant: true))
            .Concat(Section.OfKeys.Select(section => new SectionTable(section, isOfTenant: false)))
            .ToFrozenDictionary(table => table._section);

    private bool HasPosition => _section.Name is "document_private" or "erased_subject";

    private bool HasSubject => _section.Name is "document_private";

    /// <summary>A page of rows.</summary>
    public List<object?[]> Read(Database database, long tenant, object?[]? after, int limit)
    {
        List<SqlValue> values = [tenant];
        if (after is not null)
            values.AddRange(after.Take(_section.Keys).Select(Value));
        values.Add(limit);
        var found = new List<object?[]>();
        using var rows = database[after is null ? _first : _next].Query([.. values]);
        while (rows.Next())
        {
            var row = new object?[_section.Columns.Count];
            for (var i = 0; i < row.Length; i++)
                row[i] = Read(rows, i, _section.Columns[i].Kind);
            found.Add(row);
        }
        return found;
    }

    public void Clear(Database database, long tenant) => database[_clear].Run(tenant);

    /// <summary>Writes rows.</summary>
    /// <param name="database">A connection in a transaction.</param>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="subject">Gives the number of a subject's id.</param>
    public void Write(Database database, long tenant, IReadOnlyList<object?[]> rows, Func<string, long> subject)
    {
        foreach (var row in rows)
        {
            List<SqlValue> values = _isOfTenant ? [tenant] : [];
            for (var i = 0; i < row.Length; i++)
                values.Add(
                    _section.Columns[i].Name switch
                    {
                        "idx" when HasPosition => Position.Of(tenant, (long)row[i]!),
                        "subject" when HasSubject => subject((string)row[i]!),
                        _ => Value(row[i]),
                    }
                );
            database[_insert].Run([.. values]);
        }
    }

    private string Expression(string name) =>
        name switch
        {
            "idx" when HasPosition => Index,
            "subject" when HasSubject => Subject,
            _ => name,
        };

    private static object? Read(in Rows rows, int column, ColumnKind kind) =>
        kind switch
        {
            ColumnKind.Text => rows.Text(column),
            ColumnKind.Number => rows.Int64(column),
            ColumnKind.Bytes => rows.Bytes(column),
            ColumnKind.BytesOrNull => rows.BytesOrNull(column),
            ColumnKind.Time => rows.Time(column),
            ColumnKind.Truth => rows.Int64(column) != 0,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private static SqlValue Value(object? value) =>
        value switch
        {
            null => default,
            string text => text,
            long number => number,
            byte[] bytes => bytes,
            DateTimeOffset time => time,
            bool truth => truth ? 1 : 0,
            _ => throw new ArgumentException($"No section holds a {value.GetType().Name}.", nameof(value)),
        };

    private static string Parameters(int count) => string.Join(", ", Enumerable.Repeat("?", count));
}
