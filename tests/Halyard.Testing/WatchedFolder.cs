namespace Halyard.Testing;

/// <summary>Waits for what processes write below a folder, woken by each change there.</summary>
public static class WatchedFolder
{
    /// <summary>Waits until something holds; looked at first, and again after each change of a file or folder.</summary>
    /// <param name="folder">A folder that exists.</param>
    /// <param name="holds">What is waited for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task UntilAsync(string folder, Func<Task<bool>> holds, CancellationToken cancellationToken)
    {
        using var changed = new SemaphoreSlim(0);
        using var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
        void Wake() => changed.Release();
        watcher.Created += (_, _) => Wake();
        watcher.Changed += (_, _) => Wake();
        watcher.Renamed += (_, _) => Wake();
        watcher.Deleted += (_, _) => Wake();
        watcher.Error += (_, _) => Wake();
        watcher.EnableRaisingEvents = true;
        while (!await holds())
        {
            await changed.WaitAsync(cancellationToken);
            // However many changes there were, one look sees them all.
            while (await changed.WaitAsync(0, cancellationToken)) { }
        }
    }
}
