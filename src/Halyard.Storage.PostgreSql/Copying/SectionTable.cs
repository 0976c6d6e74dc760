using System.Collections.Frozen;
using System.Globalization;
using Halyard.Core.Storage.Copying;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Copying;

/// <summary>The statements that read and write one section.</summary>
internal sealed class SectionTable
{
    private readonly Section _section;
    private readonly bool _isOfTenant;
    private readonly string _select;
    private readonly string _keys;
    private readonly string _insert;

    private SectionTable(Section section, bool isOfTenant)
    {
        (_section, _isOfTenant) = (section, isOfTenant);
        var names = section.Columns.Select(column => column.Name).ToList();
        _keys = string.Join(", ", names.Take(section.Keys));
        _select = $"SELECT {string.Join(", ", names)} FROM {section.Name}";
        if (isOfTenant)
            names.Insert(0, "tenant");
        _insert = $"INSERT INTO {section.Name} ({string.Join(", ", names)}) VALUES ({Parameters(1, names.Count)})";
    }

    /// <summary>How each section is kept.</summary>
    public static FrozenDictionary<Section, SectionTable> All { get; } =
        Section
            .OfTenants.Append(Section.Blobs)
            .Select(section => new SectionTable(section, isOfTenant: true))
            .Concat(Section.OfKeys.Select(section => new SectionTable(section, isOfTenant: false)))
            .ToFrozenDictionary(table => table._section);

    /// <summary>A page of rows.</summary>
    public async ValueTask<List<object?[]>> ReadAsync(
        NpgsqlConnection connection,
        int tenant,
        object?[]? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var values = new List<SqlValue>();
        var conditions = new List<string>();
        if (_isOfTenant)
        {
            values.Add(tenant);
            conditions.Add("tenant = $1");
        }
        if (after is not null)
        {
            conditions.Add($"({_keys}) > ({Parameters(values.Count + 1, _section.Keys)})");
            values.AddRange(after.Take(_section.Keys).Select((value, column) => Value(value, _section.Columns[column].Kind)));
        }
        values.Add(limit);
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        var text = string.Create(CultureInfo.InvariantCulture, $"{_select}{where} ORDER BY {_keys} LIMIT ${values.Count}");
        return await connection.Command(text, [.. values]).ListAsync(Read, cancellationToken);
    }

    /// <summary>Removes the rows of a tenant, or all where the section is of no tenant.</summary>
    public async ValueTask ClearAsync(NpgsqlConnection connection, int tenant, CancellationToken cancellationToken)
    {
        var command = _isOfTenant
            ? connection.Command($"DELETE FROM {_section.Name} WHERE tenant = $1", tenant)
            : connection.Command($"DELETE FROM {_section.Name}");
        await command.RunAsync(cancellationToken);
    }

    /// <summary>Writes rows, all or none of them.</summary>
    public async ValueTask WriteAsync(
        NpgsqlConnection connection,
        int tenant,
        IReadOnlyList<object?[]> rows,
        CancellationToken cancellationToken
    )
    {
        var batch = connection.CreateBatch().Add(Statements.Begin);
        foreach (var row in rows)
        {
            List<SqlValue> values = _isOfTenant ? [tenant] : [];
            values.AddRange(row.Select((value, column) => Value(value, _section.Columns[column].Kind)));
            batch.Add(_insert, [.. values]);
        }
        await batch.Add(Statements.Commit).RunAsync(cancellationToken);
    }

    private object?[] Read(NpgsqlDataReader reader)
    {
        var row = new object?[_section.Columns.Count];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = _section.Columns[i].Kind switch
            {
                ColumnKind.Text => reader.Text(i),
                ColumnKind.Number => reader.GetInt64(i),
                ColumnKind.Bytes => reader.Bytes(i),
                ColumnKind.BytesOrNull => reader.BytesOrNull(i),
                ColumnKind.Time => reader.Time(i),
                _ => reader.GetBoolean(i),
            };
        }
        return row;
    }

    private static SqlValue Value(object? value, ColumnKind kind) =>
        kind switch
        {
            ColumnKind.Text => (string)value!,
            ColumnKind.Number => (long)value!,
            ColumnKind.Bytes or ColumnKind.BytesOrNull => SqlValue.OrNull((byte[]?)value),
            ColumnKind.Time => (DateTimeOffset)value!,
            _ => (bool)value!,
        };

    private static string Parameters(int first, int count) =>
        string.Join(", ", Enumerable.Range(first, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"${i}")));
}
