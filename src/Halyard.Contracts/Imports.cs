namespace Halyard.Contracts;

/// <summary>One line of the answer to an import, which is written as the import goes on (NDJSON).</summary>
/// <param name="Status">
/// <c>validated</c>, then <c>progress</c> after each batch, then <c>finished</c> or <c>failed</c>; or <c>already-imported</c> alone.
/// </param>
/// <param name="Lines">How many lines the file has; absent where it failed.</param>
/// <param name="Done">How many of them are entries.</param>
/// <param name="ResumedFrom">How many an earlier attempt had imported.</param>
/// <param name="Ledger">The receipt of the entry that says that the import finished.</param>
/// <param name="Problem">Why it failed; what was reported as done stays, and the same file resumes from there.</param>
public sealed record ImportAnswer(
    string Status,
    long? Lines = null,
    long? Done = null,
    long? ResumedFrom = null,
    ReceiptAnswer? Ledger = null,
    Problem? Problem = null
)
{
    /// <summary>The media type of a file of past changes and of the answer.</summary>
    public const string MediaType = "application/x-ndjson";
}
