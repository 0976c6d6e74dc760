namespace Halyard.Ledger;

/// <summary>What the check of an export found.</summary>
public abstract record ExportVerdict
{
    private ExportVerdict() { }

    /// <summary>The files are those of the manifest, and every entry leads to its root.</summary>
    /// <param name="Entries">Entries whose proofs were checked; 0 for a format without proofs.</param>
    /// <param name="Signed">A known key signed the checkpoint.</param>
    /// <param name="IsFiltered">A filter chose the entries: nothing says that none was left out.</param>
    public sealed record Verified(long Entries, bool Signed, bool IsFiltered) : ExportVerdict;

    /// <summary>Something was changed.</summary>
    /// <param name="Index">The entry, where one can be named.</param>
    /// <param name="Words">What is wrong.</param>
    public sealed record Tampered(long? Index, string Words) : ExportVerdict;

    /// <summary>Nothing can be said.</summary>
    /// <param name="Words">Why.</param>
    public sealed record Incomplete(string Words) : ExportVerdict;
}
