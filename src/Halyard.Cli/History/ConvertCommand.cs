using System.CommandLine;
using Halyard.Cli.History.OpenShift;

namespace Halyard.Cli.History;

/// <summary><c>halyard history convert</c>: another product's history as one that can be imported.</summary>
internal static class ConvertCommand
{
    private const string OpenShift = "openshift-feature-gates";
    private const long MaxBytes = 256 * 1024 * 1024;

    public static Command Create(CliHost host)
    {
        var events = new Argument<FileInfo>("events") { Description = "The history to convert, JSON Lines." };
        var from = new Option<string>("--from") { Description = "What kind of history it is.", Required = true };
        from.AcceptOnlyFromAmong(OpenShift);
        var metadata = new Option<FileInfo>("--metadata")
        {
            Description = "What is known of the flags: owner, component, proposal.",
            Required = true,
        };
        var output = new Option<FileInfo>("--output") { Description = "Where the result goes.", Required = true };
        var command = new Command("convert", "Converts another product's history into one that can be imported.")
        {
            events,
            from,
            metadata,
            output,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    parsed.GetRequiredValue(events),
                    parsed.GetRequiredValue(metadata),
                    parsed.GetRequiredValue(output),
                    host,
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo events,
        FileInfo metadata,
        FileInfo output,
        CliHost host,
        CancellationToken cancellationToken
    )
    {
        if (
            await InputFile.ReadAsync(events, MaxBytes, host, cancellationToken) is not { } history
            || await InputFile.ReadAsync(metadata, MaxBytes, host, cancellationToken) is not { } known
        )
            return ExitCode.Unknown;
        try
        {
            var converted = GateConverter.Convert(history, GateMetadata.Read(known));
            await File.WriteAllBytesAsync(output.FullName, converted, cancellationToken);
            await host.Out.WriteLineAsync($"{converted.AsSpan().Count((byte)'\n')} lines written to {output.Name}.");
            return ExitCode.Success;
        }
        catch (ConversionException refused)
        {
            await host.Error.WriteLineAsync($"Not converted: {refused.Message}.");
            return ExitCode.Refused;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await host.Error.WriteLineAsync($"{output.Name} cannot be written: {problem.Message}");
            return ExitCode.Unknown;
        }
    }
}
