namespace Halyard.Ledger;

/// <summary>
/// Checks a log from its published files, without a server: signatures, every hash tile against the tiles and entries below it,
/// the root, every leaf, the content that leaves name, and that the log grew out of every checkpoint that is known. The memory
/// used does not grow with the log.
/// </summary>
public static class ArchiveVerifier
{
    /// <summary>Checks everything; stops at the first contradiction, in the order of the entries.</summary>
    /// <param name="files">The log's files. They are trusted in nothing.</param>
    /// <param name="question">What they are held against.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    /// <exception cref="OperationCanceledException">It was broken off.</exception>
    public static ArchiveVerdict Run(ILedgerFiles files, ArchiveQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return new ArchiveRun(files, question).Check(cancellationToken);
        }
        catch (LedgerFileException tooLong) when (tooLong.TooLong)
        {
            return new ArchiveVerdict.Tampered(null, tooLong.Path, tooLong.Words);
        }
        catch (LedgerFileException unreadable)
        {
            return new ArchiveVerdict.Incomplete(unreadable.Message);
        }
    }
}
