using Halyard.Core.Storage;

namespace Halyard.Core.Changes;

/// <summary>A submission after steps 1 to 5 of the pipeline.</summary>
internal abstract record PreparedChange
{
    private PreparedChange() { }

    /// <summary>There is nothing to commit: this is the answer.</summary>
    public static implicit operator PreparedChange(Result<Outcome> answer) => new Settled(answer);

    /// <summary>It was answered without a commit of its own: refused, denied, previewed or nothing to do.</summary>
    public sealed record Settled(Result<Outcome> Answer) : PreparedChange;

    /// <summary>It takes effect with the commit.</summary>
    /// <param name="Submission">What was submitted.</param>
    /// <param name="Commit">Holds only on the state it was prepared on.</param>
    /// <param name="Revisions">What each written resource's revision will be.</param>
    public sealed record Ready(Submission Submission, Commit Commit, IReadOnlyList<ResourceRevision> Revisions) : PreparedChange
    {
        /// <summary>The request that it makes, where that is all it does.</summary>
        public PendingRequest? Pending { get; init; }

        /// <summary>True where it is the first part of something larger, whose rest is prepared when it is durable.</summary>
        public bool IsPart { get; init; }
    }
}
