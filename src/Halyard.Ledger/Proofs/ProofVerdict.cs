namespace Halyard.Ledger;

/// <summary>What the check of a proof found.</summary>
public abstract record ProofVerdict
{
    private ProofVerdict() { }

    /// <summary>Everything leads to the roots that the file names. Whether those are the log's roots, a signed checkpoint says.</summary>
    public sealed record Verified : ProofVerdict;

    /// <summary>Something was changed: the parts contradict each other.</summary>
    /// <param name="Reason">Which, in words.</param>
    public sealed record Tampered(string Reason) : ProofVerdict;

    /// <summary>Hashes are missing, so nothing can be said.</summary>
    /// <param name="Reason">Which, in words.</param>
    public sealed record Incomplete(string Reason) : ProofVerdict;
}
