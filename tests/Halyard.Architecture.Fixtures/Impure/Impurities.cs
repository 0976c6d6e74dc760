using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Halyard.Architecture.Fixtures.Impure;

public static class LocalClock
{
    public static DateTime Run() => DateTime.Now;
}

public static class LocalDay
{
    public static DateTime Run() => DateTime.Today;
}

public static class UtcClock
{
    public static DateTime Run() => DateTime.UtcNow;
}

public static class OffsetClock
{
    public static DateTimeOffset Run() => DateTimeOffset.UtcNow;
}

public static class OffsetLocalClock
{
    public static DateTimeOffset Run() => DateTimeOffset.Now;
}

public static class ClockProvider
{
    public static DateTimeOffset Run(TimeProvider time) => time.GetUtcNow();
}

public static class Ticks
{
    public static long Run() => Environment.TickCount64;
}

public static class StopwatchClock
{
    public static long Run() => Stopwatch.GetTimestamp();
}

public static class TimeZone
{
    public static string Run() => TimeZoneInfo.Local.Id;
}

public static class Chance
{
    public static int Run() => Random.Shared.Next();
}

public static class SeededChance
{
    public static int Run(int seed) => new Random(seed).Next();
}

public static class CryptographicChance
{
    public static void Run(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}

public static class Identifier
{
    public static Guid Run() => Guid.NewGuid();
}

public static class TimedIdentifier
{
    public static Guid Run() => Guid.CreateVersion7();
}

public static class Files
{
    public static bool Run(string path) => File.Exists(path);
}

public static class StreamReading
{
    public static int Run(Stream stream) => stream.ReadByte();
}

public static class Network
{
    public static object Run() => new HttpClient();
}

public static class NameLookup
{
    public static string Run() => System.Net.Dns.GetHostName();
}

public static class Socket
{
    public static object Run() => new System.Net.Sockets.TcpClient();
}

public static class Terminal
{
    public static void Run() => Console.WriteLine();
}

public static class Surroundings
{
    public static string Run() => Environment.MachineName;
}

public static class Child
{
    public static void Run() => Process.Start("true");
}

public static class Logging
{
    public static bool Run(ILogger logger) => logger.IsEnabled(LogLevel.Debug);
}

public static class Tracing
{
    public static void Run() => Trace.WriteLine("");
}

public static class Waiting
{
    public static Task Run() => Task.CompletedTask;
}

public static class ValueWaiting
{
    public static ValueTask Run() => default;
}

public static class Sleeping
{
    public static void Run() => Thread.Sleep(1);
}

public static class ClockInLambda
{
    public static Func<DateTimeOffset> Run() => () => DateTimeOffset.UtcNow;
}
