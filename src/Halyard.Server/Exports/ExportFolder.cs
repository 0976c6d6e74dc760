using Halyard.Server.Disk;

namespace Halyard.Server.Exports;

/// <summary>
/// The files of exports: a folder for each tenant, a file for each job, readable by the server's user alone. A file that is being
/// written has <c>.part</c> behind its name; complete ones are never changed.
/// </summary>
internal sealed class ExportFolder(ExportOptions options, TimeProvider time)
{
    private const string Part = ".part";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Path.GetFullPath(options.Folder);

    /// <summary>A file's name, for whoever downloads it too.</summary>
    public static string NameOf(string job, string extension) => $"audit-{job}{extension}";

    /// <summary>
    /// A file to be written on from <paramref name="length"/> on; what is behind that is cut. <see langword="null"/> where it is
    /// shorter, and so has to be written anew.
    /// </summary>
    public FileStream? Continue(string tenant, string name, long length)
    {
        var file = new FileInfo(PathOf(tenant, name) + Part);
        if (length > 0 && (!file.Exists || file.Length < length))
            return null;
        Durable.CreateDirectory(file.DirectoryName!);
        var opening = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            opening.UnixCreateMode = OwnerOnly;
        var stream = new FileStream(file.FullName, opening);
        stream.SetLength(length);
        stream.Position = length;
        return stream;
    }

    /// <summary>Gives a complete file its name; durable when it returns, as the log then says that the file is there.</summary>
    public void Complete(string tenant, string name)
    {
        var path = PathOf(tenant, name);
        File.Move(path + Part, path, overwrite: true);
        Durable.Flush(Path.GetDirectoryName(path)!);
    }

    /// <summary>Removes a file that will not be completed.</summary>
    public void Abandon(string tenant, string name)
    {
        if (Directory.Exists(Path.Combine(_folder, tenant)))
            File.Delete(PathOf(tenant, name) + Part);
    }

    /// <summary>A complete file, or <see langword="null"/> where it is kept no longer.</summary>
    public FileStream? Open(string tenant, string name)
    {
        try
        {
            return new FileStream(
                PathOf(tenant, name),
                new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous }
            );
        }
        catch (IOException missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes what was last written longer ago than files are kept.</summary>
    public void RemoveExpired()
    {
        if (!Directory.Exists(_folder))
            return;
        var oldest = time.GetUtcNow().AddDays(-options.KeepDays);
        foreach (var path in Directory.EnumerateFiles(_folder, "audit-*", SearchOption.AllDirectories))
        {
            if (File.GetLastWriteTimeUtc(path) < oldest.UtcDateTime)
                File.Delete(path);
        }
    }

    private string PathOf(string tenant, string name) => Path.Combine(_folder, tenant, name);
}
