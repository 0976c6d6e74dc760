using System.CommandLine;
using Halyard.Ledger;

namespace Halyard.Cli.Verifying;

/// <summary><c>halyard verify-export</c>: checks an export's files against its manifest, and its entries against the log's root.</summary>
internal static class VerifyExportCommand
{
    public static Command Create(CliHost host)
    {
        var manifest = new Argument<FileInfo>("manifest") { Description = "The export's manifest; its files lie beside it." };
        var vkey = KeyOption.Create();
        var command = new Command("verify-export", "Checks an export of the audit log, without a server.") { manifest, vkey };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var keys = await KeyOption.ReadAsync(parsed.GetValue(vkey), host, cancellationToken);
                return keys.Failure ?? await RunAsync(parsed.GetRequiredValue(manifest), keys.Keys, host, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, LogKeys? keys, CliHost host, CancellationToken cancellationToken)
    {
        if (await InputFile.ReadAsync(file, ExportManifest.MaxLength, host, cancellationToken) is not { } bytes)
            return ExitCode.Unknown;
        if (!ExportManifest.TryParse(bytes, out var manifest, out var problem))
        {
            await host.Error.WriteLineAsync($"{file.Name} is not a manifest: {Terminal.Safe(problem)}.");
            return ExitCode.Unknown;
        }
        FileStream? stream = null;
        try
        {
            var verifier = new ExportVerifier(
                manifest,
                name =>
                {
                    // One at a time: the one before was read to its end.
                    stream?.Dispose();
                    stream = Open(Path.Combine(file.DirectoryName!, name));
                    return stream is { } opened ? buffer => opened.Read(buffer.Span) : null;
                },
                keys
            );
            var (exit, words) = Finding(verifier.Run(cancellationToken), manifest);
            await (exit == ExitCode.Success ? host.Out : host.Error).WriteLineAsync(words);
            return exit;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            await host.Error.WriteLineAsync($"A file cannot be read: {unreadable.Message}");
            return ExitCode.Unknown;
        }
        finally
        {
            if (stream is not null)
                await stream.DisposeAsync();
        }
    }

    private static FileStream? Open(string path) => File.Exists(path) ? File.OpenRead(path) : null;

    private static (int Exit, string Words) Finding(ExportVerdict verdict, ExportManifest manifest) =>
        verdict switch
        {
            ExportVerdict.Verified verified => (ExitCode.Success, Verified(verified, manifest)),
            ExportVerdict.Tampered { Index: { } index } tampered => (
                ExitCode.Refused,
                $"TAMPERED: entry {index} {Terminal.Safe(tampered.Words)}."
            ),
            ExportVerdict.Tampered tampered => (ExitCode.Refused, $"TAMPERED: {Terminal.Safe(tampered.Words)}."),
            ExportVerdict.Incomplete incomplete => (
                ExitCode.Unknown,
                $"Incomplete: {Terminal.Safe(incomplete.Words)}. Nothing is proven."
            ),
        };

    private static string Verified(ExportVerdict.Verified found, ExportManifest manifest)
    {
        var log = Terminal.Safe(manifest.Log);
        var words =
            manifest.Format == ExportManifest.JsonLines
                ? $"Verified: {found.Entries} entries of the log {log}, each in the tree of {manifest.Size} entries.\n  root  {manifest.Root}\n"
                : $"Verified: the files are those of the manifest. {manifest.Format} has no proofs, so nothing says that these are entries of {log}.\n";
        if (found.IsFiltered && manifest.Format == ExportManifest.JsonLines)
            words += "  Filtered: nothing says that none was left out.\n";
        return words
            + (
                found.Signed ? "A key that you hold signed the checkpoint of that tree."
                : manifest.Format == ExportManifest.JsonLines
                    ? "Compare size and root with ones you hold from elsewhere, or give --vkey: an export invented as a whole agrees with itself."
                : "Whoever can write the files can write the manifest: compare its digest with one you hold from elsewhere."
            );
    }
}
