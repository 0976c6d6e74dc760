using System.CommandLine;
using System.Text;
using Halyard.Ledger;

namespace Halyard.Cli.Verifying;

/// <summary><c>--vkey</c>: the keys that the user trusts, a file of them or one in words.</summary>
internal static class KeyOption
{
    public static Option<string?> Create() =>
        new("--vkey")
        {
            Description =
                "The log's verifier key (name+id+base64), or a file of lines 'vkey [from-size [to-size]]'. From elsewhere than the log.",
        };

    /// <summary>The keys, none where none was given, or how the command ends after saying what is wrong.</summary>
    public static async Task<(LogKeys? Keys, int? Failure)> ReadAsync(
        string? given,
        CliHost host,
        CancellationToken cancellationToken
    )
    {
        if (given is null)
            return (null, null);
        var text = given;
        var file = new FileInfo(given);
        if (file.Exists)
        {
            if (await InputFile.ReadAsync(file, LogKeys.MaxLength, host, cancellationToken) is not { } bytes)
                return (null, ExitCode.Unknown);
            text = Encoding.UTF8.GetString(bytes);
        }
        if (LogKeys.TryParse(text, out var keys, out var problem))
            return (keys, null);
        await host.Error.WriteLineAsync(
            $"--vkey is {(file.Exists ? "no key file" : "no file and no key")}: {Terminal.Safe(problem)}."
        );
        return (null, ExitCode.Usage);
    }
}
