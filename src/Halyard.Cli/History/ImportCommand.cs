using System.CommandLine;

namespace Halyard.Cli.History;

/// <summary><c>halyard history import</c>: loads past changes into a project through a running server.</summary>
internal static class ImportCommand
{
    private const long MaxBytes = 64 * 1024 * 1024;
    private const string DefaultServer = "http://127.0.0.1:8080";

    public static Command Create(CliHost host)
    {
        var file = new Argument<FileInfo>("file") { Description = "The past changes (docs/history-format.md)." };
        var project = new Option<string>("--project") { Description = "The project's key.", Required = true };
        var createProject = new Option<bool>("--create-project") { Description = "Create the project where it does not exist." };
        var reason = new Option<string?>("--reason") { Description = "Why it is imported; else the file's name is said." };
        var server = new Option<string?>("--server") { Description = $"The server; else HALYARD_SERVER, else {DefaultServer}." };
        var token = new Option<string?>("--token")
        {
            Description = "An administrator's token; better HALYARD_TOKEN, which other users of the machine cannot read.",
        };
        var command = new Command(
            "import",
            "Loads past changes into a project without flags. Run again, it goes on where it stopped."
        )
        {
            file,
            project,
            createProject,
            reason,
            server,
            token,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var address = parsed.GetValue(server) ?? host.Variable("HALYARD_SERVER") ?? DefaultServer;
                if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                    return await UsageAsync(host, $"'{Terminal.Safe(address)}' is not the address of a server.");
                if ((parsed.GetValue(token) ?? host.Variable("HALYARD_TOKEN")) is not { Length: > 0 } secret)
                    return await UsageAsync(host, "A token is needed: set HALYARD_TOKEN, or give --token.");
                var source = parsed.GetRequiredValue(file);
                if (await InputFile.ReadAsync(source, MaxBytes, host, cancellationToken) is not { } bytes)
                    return ExitCode.Unknown;
                using var client = new ImportClient(host, uri, secret);
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

    private static async Task<int> UsageAsync(CliHost host, string words)
    {
        await host.Error.WriteLineAsync(words);
        return ExitCode.Usage;
    }
}
