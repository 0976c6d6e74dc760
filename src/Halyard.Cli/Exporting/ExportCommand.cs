using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Halyard.Cli.Exporting.Flagd;
using Halyard.Cli.Importing;
using Halyard.Cli.Importing.Sending;

namespace Halyard.Cli.Exporting;

/// <summary><c>halyard export</c>: one environment as another product's definitions.</summary>
internal static class ExportCommand
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create(CliHost host)
    {
        var to = new Option<string>("--to") { Description = "The other product.", Required = true };
        to.AcceptOnlyFromAmong("flagd");
        var project = new Option<string>("--project") { Description = "The project's key.", Required = true };
        var environment = new Option<string>("--environment") { Description = "The environment's key.", Required = true };
        var output = new Option<FileInfo?>("--output") { Description = "Where the result goes; else to standard output." };
        var server = new ServerOptions();
        var command = new Command("export", "Writes an environment's flags as another product's definitions.")
        {
            to,
            project,
            environment,
            output,
        };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (await server.ReadAsync(parsed, host) is not { } address)
                    return ExitCode.Usage;
                using var client = new ProjectClient(host, address, parsed.GetRequiredValue(project));
                return await ImportDefinitionsCommand.GuardAsync(
                    host,
                    "Nothing was exported; run the same command again.",
                    () =>
                        RunAsync(
                            client,
                            parsed.GetRequiredValue(project),
                            parsed.GetRequiredValue(environment),
                            parsed.GetValue(output),
                            host,
                            cancellationToken
                        ),
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ProjectClient client,
        string project,
        string key,
        FileInfo? output,
        CliHost host,
        CancellationToken cancellationToken
    )
    {
        if (await client.ReadStateAsync(cancellationToken) is not { } state)
            return client.Failure;
        if (state.Environments.FirstOrDefault(each => each.Key == key) is not { } environment)
        {
            await host.Error.WriteLineAsync(Terminal.Safe($"The project has no environment '{key}'."));
            return ExitCode.Refused;
        }
        var notes = new List<ExportNote>();
        var document = FlagdExporter.Export(ExportedProject.Read(state, project, environment), notes);
        using var bytes = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(bytes, Options))
            document.WriteTo(writer);
        bytes.WriteByte((byte)'\n');
        if (output is null)
            await host.Out.WriteAsync(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
        else if (!await WriteAsync(output, bytes.ToArray(), host, cancellationToken))
            return ExitCode.Unknown;

        foreach (var note in notes)
            await host.Error.WriteLineAsync(Terminal.Safe($"! flag {note.Flag}: {note.What}; the flag is left out."));
        return notes.Count == 0 ? ExitCode.Success : ExitCode.Incomplete;
    }

    private static async Task<bool> WriteAsync(FileInfo output, byte[] bytes, CliHost host, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllBytesAsync(output.FullName, bytes, cancellationToken);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await host.Error.WriteLineAsync($"{output.Name} cannot be written: {problem.Message}");
            return false;
        }
    }
}
