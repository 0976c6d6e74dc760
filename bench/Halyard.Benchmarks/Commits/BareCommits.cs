using System.Collections.Concurrent;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Schema;

namespace Halyard.Benchmarks.Commits;

/// <summary>
/// The floor: durable transactions of one row of 1 KB through the same library and the same settings (WAL, synchronous FULL), by
/// one thread that takes what waits into one transaction. With one producer that is one transaction a row.
/// </summary>
internal sealed class BareCommits : IDisposable
{
    private const int RowBytes = 1_024;

    private readonly Database _database;
    private readonly BlockingCollection<(int Row, TaskCompletionSource Done)> _queue = [];
    private readonly Thread _thread;

    public BareCommits(string path, int producers)
    {
        _database = DatabaseFile.OpenForWriting(path);
        _database.Execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT");
        for (var row = 0; row < producers; row++)
            _database["INSERT INTO bare (id, content) VALUES (?, ?)"].Run(row, new byte[RowBytes]);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public Task UpdateAsync(int producer)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((producer, done));
        return done.Task;
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
        _database.Dispose();
    }

    private void Run()
    {
        var random = new Random(1);
        var content = new byte[RowBytes];
        var batch = new List<TaskCompletionSource>();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            _database["BEGIN IMMEDIATE"].Run();
            var next = first;
            do
            {
                random.NextBytes(content);
                _database["UPDATE bare SET content = ? WHERE id = ?"].Run(content, next.Row);
                batch.Add(next.Done);
            } while (_queue.TryTake(out next));
            _database["COMMIT"].Run();
            foreach (var done in batch)
                done.SetResult();
            batch.Clear();
        }
    }
}
