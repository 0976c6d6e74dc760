namespace Halyard.Benchmarks.Measuring;

/// <summary>A folder for databases that disappears with the run. All contenders of a run share its file system.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("halyard-bench-").FullName;

    public string File(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
