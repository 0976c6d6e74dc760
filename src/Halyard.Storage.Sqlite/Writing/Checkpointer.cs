using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Schema;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>
/// Moves the write-ahead log into the file beside the writer, on a thread with a connection of its own, so that no commit waits for
/// some ten thousand pages. A log begins anew only at a moment when all of it is moved, and a writer that never pauses gives none:
/// what it wrote meanwhile, which is little, it moves itself between two transactions.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>The second pass moves what was written during the first, which leaves the writer what was written during the second.</summary>
    private const int Passes = 2;

    private readonly Database _database;
    private readonly int _pages;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Thread _thread;
    private volatile bool _closing;
    private volatile bool _moved;

    /// <summary>How many pages the writer wrote since this was last awake; the writer's alone.</summary>
    private int _written;

    public Checkpointer(string path, int pages)
    {
        _database = DatabaseFile.OpenForWriting(path);
        _pages = pages;
        _thread = new Thread(Run) { Name = "Halyard SQLite checkpoints", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The writer has written, and whoever waited for it has the answer.</summary>
    public void Written(Database writer)
    {
        _written += writer.TakePagesWritten();
        if (_written < _pages)
            return;
        _written = 0;
        _wake.Set();
    }

    /// <summary>The writer begins a transaction: the rest of a log that was moved is moved first.</summary>
    public void Finish(Database writer)
    {
        if (!_moved)
            return;
        _moved = false;
        writer.MoveLog();
    }

    public void Dispose()
    {
        // A container ends the store once under each of its names.
        if (_closing)
            return;
        _closing = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        _database.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            for (var pass = 0; pass < Passes; pass++)
            {
                if (_closing)
                    return;
                _database.MoveLog();
            }
            _moved = true;
        }
    }
}
