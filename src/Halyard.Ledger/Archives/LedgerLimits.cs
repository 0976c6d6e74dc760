namespace Halyard.Ledger;

/// <summary>How large the files of a log can be.</summary>
public static class LedgerLimits
{
    /// <summary>The largest content that is kept beside the log, 32 MiB.</summary>
    public const int MaxBlobLength = 32 * 1024 * 1024;
}
