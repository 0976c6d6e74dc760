using System.Text;
using SQLitePCL;

namespace Halyard.Storage.Sqlite.Native;

/// <summary>One connection, used by one thread at a time and kept open: opening costs more than a small transaction.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>Queries have as many shapes as filters combine; beyond this many the statements are prepared anew.</summary>
    private const int MaxStatements = 256;

    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE of sqlite3.h, which the library does not name.</summary>
    private const int PagesWritten = 9;

    /// <summary>Refuses lone surrogates instead of storing something else than was given.</summary>
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly sqlite3 _handle;

    // By reference: every text is a literal, and to hash some hundred characters costs as much as to run a small statement.
    private readonly Dictionary<object, Statement> _statements = new(ReferenceEqualityComparer.Instance);
    private byte[] _text = new byte[1024];

    private Database(sqlite3 handle) => _handle = handle;

    /// <summary>Opens or creates a file.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static Database Open(string path)
    {
        SqliteLibrary.Require();
        const int flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        var result = raw.sqlite3_open_v2(path, out var handle, flags, vfs: null);
        var database = new Database(handle);
        try
        {
            database.Check(result, path);
            database.Check(raw.sqlite3_extended_result_codes(handle, 1));
            database.Check(raw.sqlite3_busy_timeout(handle, 5_000));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>False where SQLite has ended the transaction by itself, as it does when the disk is full.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>The rows changed by the last statement.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>How many pages this connection has written since it was last asked.</summary>
    public int TakePagesWritten()
    {
        Check(raw.sqlite3_db_status(_handle, PagesWritten, out var pages, out _, resetFlg: 1));
        return pages;
    }

    /// <summary>
    /// Moves what the write-ahead log holds into the file, as far as readers allow and nobody else is at it. What cannot be moved is as
    /// durable where it is, so that a failure is none of any commit's; the next one tells of a disk that is full or broken.
    /// </summary>
    public void MoveLog() => _ = raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    /// <summary>The statements prepared so far, for whoever looks at how they are carried out.</summary>
    public IEnumerable<string> Prepared => _statements.Keys.Cast<string>();

    /// <summary>Runs a script of our own.</summary>
    public void Execute(string script) => Check(raw.sqlite3_exec(_handle, script));

    /// <summary>The statement of this text, prepared once where the text is a literal.</summary>
    public Statement this[string sql]
    {
        get
        {
            if (_statements.TryGetValue(sql, out var known))
                return known;
            if (_statements.Count >= MaxStatements)
                Forget();
#pragma warning disable CA2000 // The statement owns the handle, and this connection the statement.
            Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle), sql);
#pragma warning restore CA2000
            return _statements[sql] = new Statement(this, handle);
        }
    }

    /// <summary>Throws what SQLite reports.</summary>
    /// <exception cref="IOException">The result is an error.</exception>
    public void Check(int result, string? about = null)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
            return;
        var message = raw.sqlite3_errmsg(_handle).utf8_to_string();
        throw new IOException(about is null ? $"SQLite: {message} ({result})" : $"SQLite: {message} ({result}): {about}", result);
    }

    /// <summary>The bytes of a text; valid until the next call.</summary>
    public ReadOnlySpan<byte> Encode(string text)
    {
        var most = StrictUtf8.GetMaxByteCount(text.Length);
        if (_text.Length < most)
            _text = new byte[most];
        return _text.AsSpan(0, StrictUtf8.GetBytes(text, _text));
    }

    public void Dispose()
    {
        Forget();
        _handle.Dispose();
    }

    private void Forget()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }
}
