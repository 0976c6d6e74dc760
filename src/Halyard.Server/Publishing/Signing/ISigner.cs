using Halyard.Ledger;

namespace Halyard.Server.Publishing.Signing;

/// <summary>
/// Signs checkpoints and nothing else. It remembers what it signed last for each log, checks for itself that a later tree begins
/// with that one, and so never signs two histories, whoever asks.
/// </summary>
internal interface ISigner
{
    /// <summary>The keys it signs with now, the current one first; a second one while it is being replaced.</summary>
    ValueTask<IReadOnlyList<NoteKey>> KeysAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Signs a later tree of a log. Of several who start from the same size one wins; whoever asks for what was signed last gets the
    /// same note again.
    /// </summary>
    ValueTask<SigningAnswer> SignAsync(SigningRequest request, CancellationToken cancellationToken);
}

/// <summary>What is to be signed.</summary>
/// <param name="Origin">The log.</param>
/// <param name="OldSize">The size that the signer is thought to have signed last; 0 for a log that it never signed.</param>
/// <param name="Size">The size to sign, at least 1.</param>
/// <param name="Root">The root at that size.</param>
/// <param name="Proof">The consistency proof from <paramref name="OldSize"/> to <paramref name="Size"/>.</param>
internal sealed record SigningRequest(string Origin, long OldSize, long Size, Digest Root, IReadOnlyList<Digest> Proof);

/// <summary>What became of a request.</summary>
internal abstract record SigningAnswer
{
    private SigningAnswer() { }

    /// <summary>The checkpoint, signed; remembered before it is given out.</summary>
    internal sealed record Signed(Note Note) : SigningAnswer;

    /// <summary>Another size was signed last: somebody was faster, or an answer was lost.</summary>
    internal sealed record Stale(long Size, Digest Root) : SigningAnswer;

    /// <summary>It will not be signed, now or later.</summary>
    internal sealed record Refused(string Reason) : SigningAnswer;
}
