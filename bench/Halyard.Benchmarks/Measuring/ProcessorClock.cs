using System.Runtime.InteropServices;

namespace Halyard.Benchmarks.Measuring;

/// <summary>The processor time of one thread, which other processes on the machine do not lengthen (Linux).</summary>
internal static partial class ProcessorClock
{
    // CLOCK_THREAD_CPUTIME_ID of <linux/time.h>.
    private const int ThreadClock = 3;

    /// <summary>How long the calling thread has run.</summary>
    public static TimeSpan OfThisThread()
    {
        if (GetTime(ThreadClock, out var time) != 0)
            throw new InvalidOperationException("The thread's processor clock cannot be read.");
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1_000.0);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
