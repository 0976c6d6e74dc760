using System.CommandLine;
using System.Text.Json;
using Halyard.Cli.Importing.Planning;
using Halyard.Cli.Importing.Sending;

namespace Halyard.Cli.Importing;

/// <summary><c>halyard import</c>: another product's flags as flags of a project, after saying exactly what is lost.</summary>
internal static class ImportDefinitionsCommand
{
    public static Command Create(CliHost host)
    {
        var file = new Argument<FileInfo>("file") { Description = "The definitions, as the other product writes them." };
        var from = new Option<string>("--from") { Description = "The other product.", Required = true };
        from.AcceptOnlyFromAmong([.. DefinitionReaders.All.Select(reader => reader.Format)]);
        var project = new Option<string>("--project") { Description = "The key of the project, which exists.", Required = true };
        var environment = new Option<string[]>("--environment")
        {
            Description =
                "NAME=KEY imports the source's environment NAME into the environment KEY; KEY alone where the source knows only one. Left out, names are taken as keys.",
        };
        var apply = new Option<bool>("--apply") { Description = "Write; without it, it is only said what would be written." };
        var accept = new Option<bool>("--accept-losses")
        {
            Description = "Import also what loses words that no evaluation depends on.",
        };
        var acceptChance = new Option<bool>("--accept-chance")
        {
            Description =
                "Import also where the source answers by chance whoever lacks what it hashes; here they always get the same answer.",
        };
        var reason = new Option<string?>("--reason") { Description = "Why; the format and the file's name are added." };
        var server = new ServerOptions();
        var command = new Command("import", "Imports another product's flags, a dry run unless --apply is given.")
        {
            file,
            from,
            project,
            environment,
            apply,
            accept,
            acceptChance,
            reason,
        };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (await server.ReadAsync(parsed, host) is not { } address)
                    return ExitCode.Usage;
                var source = parsed.GetRequiredValue(file);
                var reader = DefinitionReaders.All.Single(each => each.Format == parsed.GetRequiredValue(from));
                if (await ReadAsync(reader, source, host, cancellationToken) is not { } read)
                    return ExitCode.Unknown;
                if (EnvironmentMappings.Parse(parsed.GetValue(environment) ?? [], read, out var problem) is not { } mappings)
                {
                    await host.Error.WriteLineAsync(Terminal.Safe(problem));
                    return ExitCode.Usage;
                }
                List<Loss> accepted =
                [
                    .. parsed.GetValue(accept) ? [Loss.Words] : Array.Empty<Loss>(),
                    .. parsed.GetValue(acceptChance) ? [Loss.Chance] : Array.Empty<Loss>(),
                ];
                var plan = ImportPlanner.Plan(read, mappings, accepted);
                var words = $"{parsed.GetValue(reason) ?? "Import"} ({reader.Title}, {source.Name})";
                using var client = new ProjectClient(host, address, parsed.GetRequiredValue(project));
                return await GuardAsync(
                    host,
                    "Run the same command again: what is there already is passed over.",
                    () => new ImportRun(host, client, plan, words).RunAsync(parsed.GetValue(apply), cancellationToken),
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task<ImportedProject?> ReadAsync(
        IDefinitionReader reader,
        FileInfo source,
        CliHost host,
        CancellationToken cancellationToken
    )
    {
        if (await InputFile.ReadAsync(source, SourceDocument.MaxBytes, host, cancellationToken) is not { } bytes)
            return null;
        try
        {
            return reader.Read(bytes);
        }
        catch (UnreadableSourceException problem)
        {
            await host.Error.WriteLineAsync(Terminal.Safe($"{source.Name} is not read as {reader.Title}: {problem.Message}."));
            return null;
        }
    }

    /// <summary>Says what is wrong with the connection, not what is wrong with the program.</summary>
    /// <param name="host">Takes the words.</param>
    /// <param name="hint">What to do where the connection failed.</param>
    /// <param name="run">What needs the connection.</param>
    /// <param name="cancellationToken">Tells the user's breaking off, which is thrown on, from a time limit that passed.</param>
    public static async Task<int> GuardAsync(CliHost host, string hint, Func<Task<int>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run();
        }
        catch (Exception problem)
            when (problem is HttpRequestException or IOException
                || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            await host.Error.WriteLineAsync($"The server cannot be reached, or broke off: {problem.Message}");
            await host.Error.WriteLineAsync(hint);
            return ExitCode.Unknown;
        }
        catch (JsonException problem)
        {
            await host.Error.WriteLineAsync($"The server answers what is no answer of Halyard: {Terminal.Safe(problem.Message)}");
            return ExitCode.Unknown;
        }
    }
}
