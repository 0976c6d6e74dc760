using SQLitePCL;

namespace Halyard.Storage.Sqlite.Native;

/// <summary>A prepared statement, used again and again.</summary>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
{
    /// <summary>Runs a statement that gives no rows.</summary>
    /// <exception cref="IOException">SQLite refuses.</exception>
    public void Run(params ReadOnlySpan<SqlValue> values)
    {
        Bind(values);
        var result = raw.sqlite3_step(handle);
        _ = raw.sqlite3_reset(handle);
        database.Check(result);
    }

    /// <summary>Runs a query; dispose of the rows before the statement is used again.</summary>
    public Rows Query(params ReadOnlySpan<SqlValue> values)
    {
        Bind(values);
        return new Rows(database, handle);
    }

    /// <summary>The first column of the first row as a number, or <see langword="null"/> where there is no row or no value.</summary>
    public long? Number(params ReadOnlySpan<SqlValue> values)
    {
        using var rows = Query(values);
        return rows.Next() && !rows.IsNull(0) ? rows.Int64(0) : null;
    }

    public void Dispose() => handle.Dispose();

    private void Bind(ReadOnlySpan<SqlValue> values)
    {
        for (var i = 0; i < values.Length; i++)
            database.Check(Bind(i + 1, in values[i]));
    }

    // A span without bytes has no address, and SQLite binds NULL for it: what is empty is bound by other calls.
    private int Bind(int place, in SqlValue value) =>
        value.Type switch
        {
            SqlType.Integer => raw.sqlite3_bind_int64(handle, place, value.Number),
            SqlType.Text when value.Text!.Length == 0 => raw.sqlite3_bind_text(handle, place, utf8z.FromSpan("\0"u8)),
            SqlType.Text => raw.sqlite3_bind_text(handle, place, database.Encode(value.Text!)),
            SqlType.Blob when value.Bytes.IsEmpty => raw.sqlite3_bind_zeroblob(handle, place, 0),
            SqlType.Blob => raw.sqlite3_bind_blob(handle, place, value.Bytes.Span),
            _ => raw.sqlite3_bind_null(handle, place),
        };
}
