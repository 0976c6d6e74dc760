namespace Halyard.Crash;

/// <summary>Stores to crash, one after the other, and what else than the writing process may break.</summary>
internal abstract class CrashStores : IDisposable
{
    /// <summary>The folder that holds what belongs to them.</summary>
    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("halyard-crash-");

    /// <summary>A store without data.</summary>
    public abstract CrashTarget Next();

    /// <summary>By a number that chance gave, something to break under the writing process, which goes on; <see langword="null"/> to kill that alone.</summary>
    public virtual Func<Task>? Break(int chance) => null;

    /// <summary>Leaves the folder where something was lost, to be looked at.</summary>
    public void Dispose()
    {
        if (!IsKept)
            Folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether something was lost.</summary>
    public bool IsKept { get; set; }
}

/// <summary>SQLite files.</summary>
internal sealed class SqliteCrashStores : CrashStores
{
    private int _files;

    public override CrashTarget Next()
    {
        var folder = Folder.CreateSubdirectory($"{++_files}");
        return new CrashTarget.Sqlite(Path.Combine(folder.FullName, "halyard.db"));
    }
}
