namespace Halyard.Benchmarks.Measuring;

/// <summary>Where a figure was measured, without which it means nothing.</summary>
internal static class Machine
{
    /// <summary>The load average of the last minute, or <c>?</c> where the system does not tell it.</summary>
    public static string Load => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";

    /// <summary>Names the machine.</summary>
    public static void Describe() =>
        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, load average {Load}");
}
