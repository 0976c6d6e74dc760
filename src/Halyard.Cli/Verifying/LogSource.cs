using Halyard.Ledger;

namespace Halyard.Cli.Verifying;

/// <summary>Where a log is: a folder or an address.</summary>
internal static class LogSource
{
    /// <summary>Runs with the files of a log; <see cref="ExitCode.Unknown"/> where there is neither folder nor address.</summary>
    public static async Task<int> WithAsync(string where, CliHost host, Func<ILedgerFiles, Task<int>> run)
    {
        if (Directory.Exists(where))
            return await run(new FolderFiles(where));
        if (Uri.TryCreate(where, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            using var files = new WebFiles(host, address);
            return await run(files);
        }
        await host.Error.WriteLineAsync($"{Terminal.Safe(where)} is neither a folder nor an http address.");
        return ExitCode.Unknown;
    }

    /// <summary>Runs steps that do not depend on each other.</summary>
    public static void OnAllProcessors(int count, Action<int> step) => Parallel.For(0, count, step);
}
