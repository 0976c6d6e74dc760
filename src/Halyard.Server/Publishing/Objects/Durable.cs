using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Halyard.Server.Publishing.Objects;

/// <summary>Folders that are on the disk when the call returns. A file that was flushed is lost all the same where its name was not.</summary>
internal static partial class Durable
{
    private const int ReadOnly = 0;

    /// <summary>Makes a folder and those above it, readable by their owner alone, each flushed with the name it got.</summary>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path))
            return;
        var above = Path.GetDirectoryName(path);
        if (above is not null)
            CreateDirectory(above);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (above is not null)
            Flush(above);
    }

    /// <summary>Flushes the names in a folder.</summary>
    /// <exception cref="IOException">The system says that it could not.</exception>
    public static void Flush(string path)
    {
        // NTFS keeps names in its journal and has no such call.
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
            throw Failed(path);
        try
        {
            if (Sync(descriptor) != 0)
                throw Failed(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string path) =>
        new($"The folder '{path}' cannot be flushed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
