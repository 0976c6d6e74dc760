using System.CommandLine;
using Halyard.Cli.Verifying;
using Halyard.Ledger;

namespace Halyard.Cli.Proofs;

/// <summary><c>halyard verify-proof</c>: checks one entry's proof without a server.</summary>
internal static class VerifyProofCommand
{
    public static Command Create(CliHost host)
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "The proof file, as …/audit/{index}/proof answers it: JSON, or a .tlog-proof.",
        };
        var root = new Option<string?>("--root") { Description = "The root you hold: sha256: and 64 hexadecimal digits." };
        root.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !Digest.TryParse(result.Tokens[0].Value, out _))
                result.AddError("--root must be 'sha256:' and 64 lower-case hexadecimal digits.");
        });
        var size = new Option<long?>("--size") { Description = "The number of entries that the root belongs to." };
        size.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && long.TryParse(result.Tokens[0].Value, out var number) && number < 1)
                result.AddError("--size must be at least 1.");
        });
        var vkey = KeyOption.Create();
        var command = new Command("verify-proof", "Checks that an entry is in the log, without a server.")
        {
            file,
            root,
            size,
            vkey,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetResult(root) is null) != (result.GetResult(size) is null))
                result.AddError("--root and --size belong together: a root says something of one size only.");
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                HeldRoot? held =
                    parsed.GetValue(root) is { } text && Digest.TryParse(text, out var digest)
                        ? new HeldRoot(parsed.GetValue(size)!.Value, digest)
                        : null;
                var keys = await KeyOption.ReadAsync(parsed.GetValue(vkey), host, cancellationToken);
                return keys.Failure ?? await RunAsync(parsed.GetRequiredValue(file), held, keys.Keys, host, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo file,
        HeldRoot? held,
        LogKeys? keys,
        CliHost host,
        CancellationToken cancellationToken
    )
    {
        if (await InputFile.ReadAsync(file, ProofFile.MaxLength, host, cancellationToken) is not { } bytes)
            return ExitCode.Unknown;
        if (
            !(
                TlogProof.IsOne(bytes)
                    ? TlogProof.TryParse(bytes, out var proof, out var problem)
                    : ProofFile.TryParse(bytes, out proof, out problem)
            )
        )
        {
            await host.Error.WriteLineAsync($"{file.Name} is not a proof file: {Terminal.Safe(problem)}.");
            return ExitCode.Unknown;
        }
        var finding = ProofFinding.Of(proof, held, keys);
        await (finding.ExitCode == ExitCode.Success ? host.Out : host.Error).WriteLineAsync(finding.Words);
        return finding.ExitCode;
    }
}
