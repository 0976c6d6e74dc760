using System.CommandLine;
using Halyard.Cli.Exporting;
using Halyard.Cli.History;
using Halyard.Cli.Importing;
using Halyard.Cli.Proofs;
using Halyard.Cli.Verifying;

namespace Halyard.Cli;

/// <summary>The commands of <c>halyard</c>.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command; the result is an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancellationToken)
    {
        var root = new RootCommand("Governed feature flags: move in from other products, import past changes, check proofs.")
        {
            new Command("history", "Past changes.") { ImportCommand.Create(host), ConvertCommand.Create(host) },
            ImportDefinitionsCommand.Create(host),
            ExportCommand.Create(host),
            VerifyProofCommand.Create(host),
            VerifyArchiveCommand.Create(host),
            VerifyExportCommand.Create(host),
            ReplayCommand.Create(host),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await host.Error.WriteLineAsync(error.Message);
            await host.Error.WriteLineAsync("Run with --help to see how.");
            return ExitCode.Usage;
        }
        // A bug must not look like a finding: without the handler it ends the process with a code that is none of ours.
        var configuration = new InvocationConfiguration
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await host.Error.WriteLineAsync("Broken off.");
            return ExitCode.Unknown;
        }
    }
}
