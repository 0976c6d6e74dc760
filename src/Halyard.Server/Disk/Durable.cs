using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Halyard.Server.Disk;

/// <summary>Folders that are on the disk when the call returns. A file that was flushed is lost all the same where its name was not.</summary>
internal static partial class Durable
{
    private const int ReadOnly = 0;
    private const int FileExists = 17;

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

    /// <summary>
    /// Gives a file another name; false where there is a file of that name already, which stays. <c>File.Move</c> without overwriting
    /// looks first and then renames, so that of two at once the second writes over the first.
    /// </summary>
    /// <exception cref="IOException">The system says that it could not, as where the file system has no links.</exception>
    public static bool MoveWhereNothingIs(string source, string target)
    {
        if (OperatingSystem.IsWindows())
            return MoveOnWindows(source, target);
        if (Link(source, target) == 0)
        {
            File.Delete(source);
            return true;
        }
        return Marshal.GetLastPInvokeError() == FileExists
            ? false
            : throw new IOException($"'{target}' cannot be made: {LastProblem()}");
    }

    private static bool MoveOnWindows(string source, string target)
    {
        try
        {
            // There the system itself refuses to write over a file.
            File.Move(source, target, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
    }

    private static IOException Failed(string path) => new($"The folder '{path}' cannot be flushed: {LastProblem()}");

    private static string LastProblem() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string source, string target);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
