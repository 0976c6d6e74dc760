using System.Text;
using Halyard.Ledger;
using SQLitePCL;

namespace Halyard.Storage.Sqlite.Native;

/// <summary>The rows of one query, read forward; disposal frees the statement and, on a reader, the WAL snapshot it holds.</summary>
internal readonly ref struct Rows(Database database, sqlite3_stmt handle)
{
    public bool Next()
    {
        var result = raw.sqlite3_step(handle);
        database.Check(result);
        return result == raw.SQLITE_ROW;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public DateTimeOffset Time(int column) => Micros.From(Int64(column));

    /// <summary>By length and not up to the first NUL: a text may hold one.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    /// <summary>The text in a buffer that grows as needed, for those who read many and keep none.</summary>
    public ReadOnlySpan<char> Text(int column, ref char[] buffer)
    {
        var bytes = Span(column);
        if (buffer.Length < bytes.Length)
            buffer = new char[bytes.Length * 2];
        return buffer.AsSpan(0, Encoding.UTF8.GetChars(bytes, buffer));
    }

    /// <summary>The bytes in place; valid until the next row.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(handle, column);

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : Bytes(column);

    public Digest Digest(int column) => Ledger.Digest.FromBytes(raw.sqlite3_column_blob(handle, column));

    public Digest? DigestOrNull(int column) => IsNull(column) ? null : Digest(column);

    public void Dispose() => _ = raw.sqlite3_reset(handle);
}
