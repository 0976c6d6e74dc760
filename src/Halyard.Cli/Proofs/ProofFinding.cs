using System.Text.Json;
using Halyard.Ledger;

namespace Halyard.Cli.Proofs;

/// <summary>A root that the user holds from elsewhere and trusts.</summary>
internal sealed record HeldRoot(long Size, Digest Root);

/// <summary>What a proof file proves, in plain words.</summary>
internal sealed record ProofFinding(int ExitCode, string Words)
{
    /// <summary>Checks the file, and where a root is held that it leads there.</summary>
    public static ProofFinding Of(ProofFile proof, HeldRoot? held, LogKeys? keys) =>
        (keys is null ? proof.Verify() : proof.VerifySigned(keys)) switch
        {
            ProofVerdict.Tampered tampered => Tampered(Terminal.Safe(tampered.Reason)),
            ProofVerdict.Incomplete incomplete => Incomplete(Terminal.Safe(incomplete.Reason)),
            ProofVerdict.Verified when held is not null => Compared(proof, held),
            ProofVerdict.Verified => keys is null
                ? Alone(proof)
                : Verified(proof, "A key that you hold signed that log's checkpoint."),
        };

    /// <summary>A file that agrees with itself: what it says, and what it does not.</summary>
    private static ProofFinding Alone(ProofFile proof) =>
        Verified(
            proof,
            "Compare size and root with ones you hold from elsewhere (--size, --root): a file invented as a whole agrees with itself."
        );

    private static ProofFinding Compared(ProofFile proof, HeldRoot held)
    {
        List<HeldRoot> reached = [new(proof.Size, proof.Root)];
        if (proof.Consistency is { } later)
            reached.Add(new HeldRoot(later.Size, later.Root));
        if (reached.Find(root => root.Size == held.Size) is not { } same)
            return Incomplete(
                $"the proof leads to {string.Join(" and ", reached.Select(root => root.Size))} entries, not to {held.Size}"
            );
        return same == held
            ? Verified(proof, $"The root at {held.Size} entries is the one you hold: the entry is in that log.")
            : Tampered($"at {held.Size} entries the proof leads to {same.Root}; the root you hold is {held.Root}");
    }

    private static ProofFinding Tampered(string reason) => new(Cli.ExitCode.Refused, $"TAMPERED: {reason}.");

    private static ProofFinding Incomplete(string reason) =>
        new(Cli.ExitCode.Unknown, $"Incomplete: {reason}. Nothing is proven.");

    private static ProofFinding Verified(ProofFile proof, string conclusion)
    {
        using var leaf = JsonDocument.Parse(proof.Leaf);
        var words = $"""
            Verified: this is entry {proof.Index} of the log {Terminal.Safe(proof.Log)} when it had {proof.Size} entries.
              type  {Text(leaf, "type")}
              at    {Text(leaf, "at")}
              root  {proof.Root}

            """;
        if (proof.Consistency is { } later)
            words += $"That log is the beginning of the one with {later.Size} entries and the root {later.Root}.\n";
        return new ProofFinding(Cli.ExitCode.Success, words + conclusion);
    }

    private static string Text(JsonDocument leaf, string member) =>
        leaf.RootElement.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? Terminal.Safe(value.GetString()!)
            : "(not said)";
}
