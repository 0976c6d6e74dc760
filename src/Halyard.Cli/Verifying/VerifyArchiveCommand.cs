using System.CommandLine;
using Halyard.Ledger;

namespace Halyard.Cli.Verifying;

/// <summary><c>halyard verify-archive</c>: checks a whole log from its published files, without a server.</summary>
internal static class VerifyArchiveCommand
{
    public static Command Create(CliHost host)
    {
        var where = new Argument<string>("log") { Description = "The log's folder, or the http address of one." };
        var vkey = KeyOption.Create();
        vkey.Required = true;
        var origin = new Option<string>("--origin")
        {
            Description = "The log's name, as its checkpoints say it.",
            Required = true,
        };
        var since = new Option<FileInfo?>("--since")
        {
            Description = "A checkpoint that you kept: the log must have grown out of it.",
        };
        var withoutBlobs = new Option<bool>("--without-blobs")
        {
            Description = "Does not look for the content that entries name.",
        };
        var json = new Option<bool>("--json") { Description = "Answers one JSON object." };
        var command = new Command("verify-archive", "Checks a whole log from its published files, without a server.")
        {
            where,
            vkey,
            origin,
            since,
            withoutBlobs,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (keys, failure) = await KeyOption.ReadAsync(parsed.GetRequiredValue(vkey), host, cancellationToken);
                if (keys is null)
                    return failure!.Value;
                byte[]? held = null;
                if (
                    parsed.GetValue(since) is { } file
                    && (held = await InputFile.ReadAsync(file, Note.MaxLength, host, cancellationToken)) is null
                )
                    return ExitCode.Unknown;
                var question = new ArchiveQuestion(parsed.GetRequiredValue(origin), keys)
                {
                    Since = held,
                    Blobs = !parsed.GetValue(withoutBlobs),
                };
                return await LogSource.WithAsync(
                    parsed.GetRequiredValue(where),
                    host,
                    files => RunAsync(files, question, parsed.GetValue(json), host, cancellationToken)
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ILedgerFiles files,
        ArchiveQuestion question,
        bool json,
        CliHost host,
        CancellationToken cancellationToken
    )
    {
        var progress = new Progress(host);
        var verdict = ArchiveVerifier.Run(
            files,
            question with
            {
                Progress = progress.Report,
                RunSteps = LogSource.OnAllProcessors,
            },
            cancellationToken
        );
        progress.End();
        var exit = ArchiveFinding.ExitCodeOf(verdict);
        if (json)
            await host.Out.WriteLineAsync(ArchiveFinding.Json(verdict));
        else
            await (exit == ExitCode.Success ? host.Out : host.Error).WriteLineAsync(ArchiveFinding.Words(verdict));
        return exit;
    }
}
