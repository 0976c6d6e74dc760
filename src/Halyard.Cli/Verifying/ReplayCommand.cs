using System.CommandLine;
using System.Globalization;
using System.Text;
using Halyard.Ledger;

namespace Halyard.Cli.Verifying;

/// <summary><c>halyard replay</c>: a flag as the log implies it at a time, from the published files.</summary>
internal static class ReplayCommand
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static Command Create(CliHost host)
    {
        var flag = new Argument<string>("flag") { Description = "The flag's key." };
        var archive = new Option<string>("--archive")
        {
            Description = "The log's folder, or the http address of one.",
            Required = true,
        };
        var project = new Option<string?>("--project")
        {
            Description = "The project's key; needed where several have such a flag.",
        };
        var at = new Option<DateTimeOffset>("--at") { Description = "The time, such as 2026-01-31T09:30:00Z.", Required = true };
        var vkey = KeyOption.Create();
        var command = new Command("replay", "Shows a flag as the log implies it at a time; compares every step with its digest.")
        {
            flag,
            archive,
            project,
            at,
            vkey,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var keys = await KeyOption.ReadAsync(parsed.GetValue(vkey), host, cancellationToken);
                if (keys.Failure is { } failure)
                    return failure;
                var time = parsed.GetRequiredValue(at).UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
                var wanted = new Wanted(parsed.GetRequiredValue(flag), parsed.GetValue(project), time);
                return await LogSource.WithAsync(
                    parsed.GetRequiredValue(archive),
                    host,
                    files => RunAsync(files, wanted, keys.Keys, host, cancellationToken)
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ILedgerFiles files,
        Wanted wanted,
        LogKeys? keys,
        CliHost host,
        CancellationToken cancellationToken
    )
    {
        var progress = new Progress(host);
        var (replay, verdict) = Replay(files, wanted, keys, progress, cancellationToken);
        progress.End();
        if (verdict is not ArchiveVerdict.Verified)
        {
            await host.Error.WriteLineAsync(ArchiveFinding.Words(verdict));
            return ArchiveFinding.ExitCodeOf(verdict);
        }
        var found = replay!.Found.Where(each => wanted.Project is null || each.Project == wanted.Project).ToList();
        if (found.Count > 1)
        {
            var projects = string.Join(", ", found.Select(each => Terminal.Safe(each.Project)));
            await host.Error.WriteLineAsync($"Several projects have such a flag: {projects}. Name one with --project.");
            return ExitCode.Usage;
        }
        if (found is not [{ Document: { } document } one])
        {
            await host.Error.WriteLineAsync("The log is verified; at that time it has no such flag.");
            return ExitCode.Unknown;
        }
        await host.Out.WriteLineAsync(Encoding.UTF8.GetString(document));
        await host.Error.WriteLineAsync(
            $"Revision {one.Revision} in project {Terminal.Safe(one.Project)}, from entry {one.Index}; every step has its digest."
        );
        return ExitCode.Success;
    }

    private static (FlagReplay? Replay, ArchiveVerdict Verdict) Replay(
        ILedgerFiles files,
        Wanted wanted,
        LogKeys? keys,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (Origin(files) is not { } origin)
                return (null, new ArchiveVerdict.Incomplete("there is no checkpoint that can be read"));
            var replay = new FlagReplay(
                wanted.Flag,
                wanted.At,
                digest => files.Read(LedgerPaths.Blob(digest), LedgerLimits.MaxBlobLength)
            );
            var question = new ArchiveQuestion(origin, keys)
            {
                Blobs = false,
                Progress = progress.Report,
                RunSteps = LogSource.OnAllProcessors,
                Entry = replay.Append,
            };
            var verdict = ArchiveVerifier.Run(files, question, cancellationToken);
            return (replay, verdict is ArchiveVerdict.Verified && replay.Fault is { } fault ? fault : verdict);
        }
        catch (LedgerFileException unreadable)
        {
            return (null, new ArchiveVerdict.Incomplete(unreadable.Message));
        }
    }

    // The name is the archive's own; a key that is given belongs to one log.
    private static string? Origin(ILedgerFiles files) =>
        files.Read(LedgerPaths.Checkpoint, Note.MaxLength) is { } bytes
        && Note.TryParse(bytes, out var note, out _)
        && Checkpoint.TryParse(note.Text, out var checkpoint, out _)
            ? checkpoint.Origin
            : null;

    private sealed record Wanted(string Flag, string? Project, string At);
}
