using System.Diagnostics;
using System.Globalization;

namespace Halyard.Crash;

/// <summary>Starts the workload, kills it with SIGKILL, and returns what it had acknowledged.</summary>
internal static class Victim
{
    private const int Producers = 8;

    // What a shell says of SIGKILL, and .NET too.
    private const int Killed = 128 + 9;

    private static string Executable =>
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Halyard.Crash.exe" : "Halyard.Crash");

    /// <summary>
    /// Kills after so long from its start, or from so many acknowledgements; before, something may be broken that it has to bear.
    /// </summary>
    public static async Task<List<Acknowledgement>> RunAsync(
        CrashTarget target,
        int seed,
        bool fromStart,
        TimeSpan patience,
        Func<Task>? breakSomething = null,
        int acknowledgements = 1
    )
    {
        using var process = Start("write", target.ToString(), seed);
        var errors = process.StandardError.ReadToEndAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = ReadAsync(process.StandardOutput.BaseStream, begun, acknowledgements);
        if (!fromStart)
            await Task.WhenAny(begun.Task, process.WaitForExitAsync());
        await Task.WhenAny(Task.Delay(patience), process.WaitForExitAsync());
        if (breakSomething is not null && !process.HasExited)
        {
            await breakSomething();
            await Task.WhenAny(Task.Delay(patience), process.WaitForExitAsync());
        }
        if (process.HasExited)
            throw new InvalidDataException($"The workload ended by itself: {await errors}");
        process.Kill();
        await process.WaitForExitAsync();
        return await reading;
    }

    /// <summary>Kills so long after it said so many things, a byte each: how far it came does not hang on how fast the machine is.</summary>
    public static async Task KillAsync(string mode, CrashTarget target, int seed, TimeSpan patience, int said = 1)
    {
        using var process = Start(mode, target.ToString(), seed);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.BaseStream;
        var begun = await output.ReadAtLeastAsync(new byte[said], said, throwOnEndOfStream: false) == said;
        var reading = output.CopyToAsync(Stream.Null);
        await Task.WhenAny(Task.Delay(patience), process.WaitForExitAsync());
        if (!begun || process.HasExited)
            throw new InvalidDataException($"The workload ended by itself: {await errors}");
        process.Kill();
        await process.WaitForExitAsync();
        await reading;
    }

    /// <summary>Has a step done by a process that kills itself at one of its awaits: whether it did.</summary>
    /// <exception cref="InvalidDataException">It ended in another way.</exception>
    public static async Task<bool> DieAsync(string file, ApprovalStep step, int deadly)
    {
        using var process = Start($"await-{step}", file, deadly);
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode switch
        {
            0 => false,
            Killed => true,
            _ => throw new InvalidDataException($"'{step}' ended with {process.ExitCode}: {await errors}"),
        };
    }

    private static Process Start(string mode, string store, int seed)
    {
        var start = new ProcessStartInfo(Executable)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            mode,
            store,
            seed.ToString(CultureInfo.InvariantCulture),
            Producers.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException($"{Executable} did not start.");
    }

    /// <summary>Whole lines only: half a line was not acknowledged.</summary>
    private static async Task<List<Acknowledgement>> ReadAsync(Stream stream, TaskCompletionSource begun, int least)
    {
        using var all = new MemoryStream();
        var buffer = new byte[65_536];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            least -= buffer.AsSpan(0, count).Count((byte)'\n');
            if (least <= 0)
                begun.TrySetResult();
            await all.WriteAsync(buffer.AsMemory(0, count));
        }
        var text = System.Text.Encoding.UTF8.GetString(all.ToArray());
        var end = text.LastIndexOf('\n');
        return end < 0 ? [] : [.. text[..end].Split('\n').Select(Acknowledgement.Parse)];
    }
}
