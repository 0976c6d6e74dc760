using System.CommandLine;

namespace Halyard.Cli.History;

/// <summary><c>halyard history import</c>: loads past changes into a project through a running server.</summary>
internal static class ImportCommand
{
    private const long MaxBytes = 64 * 1024 * 1024;

    public static Command Create(CliHost host)
    {
        var file = new Argument<FileInfo>("file") { Description = "The past changes (docs/history-format.md)." };
        var project = new Option<string>("--project") { Description = "The project's key.", Required = true };
        var createProject = new Option<bool>("--create-project") { Description = "Create the project where it does not exist." };
        var reason = new Option<string?>("--reason") { Description = "Why it is imported; else the file's name is said." };
        var server = new ServerOptions();
        var command = new Command(
            "import",
            "Loads past changes into a project without flags. Run again, it goes on where it stopped."
        )
        {
            file,
            project,
            createProject,
            reason,
        };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (await server.ReadAsync(parsed, host) is not { } address)
                    return ExitCode.Usage;
                var source = parsed.GetRequiredValue(file);
                if (await InputFile.ReadAsync(source, MaxBytes, host, cancellationToken) is not { } bytes)
                    return ExitCode.Unknown;
                using var client = new ImportClient(host, address.Uri, address.Token);
                return await client.RunAsync(
                    parsed.GetRequiredValue(project),
                    parsed.GetValue(createProject),
                    parsed.GetValue(reason) ?? $"Import of {source.Name}",
                    bytes,
                    cancellationToken
                );
            }
        );
        return command;
    }
}
