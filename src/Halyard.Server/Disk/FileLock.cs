using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Halyard.Server.Disk;

/// <summary>
/// A lock that one process has at a time, and one holder within it. The operating system wakes who waits for it, and frees it when its
/// process ends, however it ends.
/// </summary>
internal static partial class FileLock
{
    private const int Exclusive = 2;
    private const int Interrupted = 4;
    private const uint OwnerOnly = 0x180; // 0600
    private const uint ExclusiveOnWindows = 2;

    /// <summary>Waits for the lock; who disposes of the handle gives it back.</summary>
    /// <param name="path">The file that stands for it, made where it is missing, and emptied.</param>
    /// <exception cref="IOException">The file cannot be made or locked.</exception>
    public static SafeFileHandle Take(string path)
    {
        var full = Path.GetFullPath(path);
        Durable.CreateDirectory(Path.GetDirectoryName(full)!);
        var file = Open(full);
        try
        {
            Wait(file, full);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // Not File.OpenHandle outside Windows: it tries a lock of its own, and throws where another has the file locked, instead of waiting.
    private static SafeFileHandle Open(string path)
    {
        if (OperatingSystem.IsWindows())
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        while (true)
        {
            var file = Create(path, OwnerOnly);
            if (!file.IsInvalid)
                return file;
            file.Dispose();
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Failed(path);
        }
    }

    private static void Wait(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // OVERLAPPED: at the beginning of the file, with no event.
            Span<byte> place = stackalloc byte[32];
            place.Clear();
            if (!LockFile(file, ExclusiveOnWindows, 0, 1, 0, ref place[0]))
                throw Failed(path);
            return;
        }
        while (Lock(file, Exclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
                throw Failed(path);
        }
    }

    private static IOException Failed(string path) =>
        new($"'{path}' cannot be locked: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "creat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Create(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("kernel32", EntryPoint = "LockFileEx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool LockFile(
        SafeFileHandle file,
        uint flags,
        uint reserved,
        uint bytesLow,
        uint bytesHigh,
        ref byte place
    );
}
