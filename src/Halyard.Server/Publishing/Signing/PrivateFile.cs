using Halyard.Server.Disk;

namespace Halyard.Server.Publishing.Signing;

/// <summary>Files that hold secrets: readable by their owner alone, written whole or not at all.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>The most characters of a file that is read.</summary>
    private const int MaxLength = 65_536;

    /// <summary>The text of a file.</summary>
    /// <exception cref="IOException">There is none, it is too long, or others than its owner may use it.</exception>
    public static string Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            throw new IOException($"'{path}' may be used by others than its owner; make it private first (chmod 600).");
        if (new FileInfo(path).Length > MaxLength)
            throw new IOException($"'{path}' has more than {MaxLength} bytes.");
        return File.ReadAllText(path);
    }

    /// <summary>Writes a file over what is there, durable when it returns.</summary>
    public static void Write(string path, string text)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        Durable.CreateDirectory(folder);
        var unfinished = full + ".unfinished";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerAlone;
        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, full, overwrite: true);
        Durable.Flush(folder);
    }
}
