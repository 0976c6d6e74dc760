using Halyard.Core.Audit;
using Halyard.Core.Flags;

namespace Halyard.Core.Changes.Importing;

/// <summary>One past change: a line of the file, an entry of the log.</summary>
/// <param name="Number">The 1-based line.</param>
/// <param name="At">When it took effect; UTC, microseconds.</param>
/// <param name="Actor">Who did it, by name.</param>
/// <param name="Reason">Why, in the author's words; empty where unknown.</param>
/// <param name="Reference">A link or commit that names the original, or <see langword="null"/>.</param>
/// <param name="Operations">What it did, in order.</param>
public sealed record HistoryLine(
    long Number,
    DateTimeOffset At,
    string Actor,
    string Reason,
    string? Reference,
    IReadOnlyList<Operation> Operations
)
{
    /// <summary>The step of a change that repeats it.</summary>
    /// <param name="import">The import's key.</param>
    /// <param name="subject">The author's pseudonymous id.</param>
    internal ChangeStep ToStep(string import, string subject) =>
        new(Operations, "", new EntryOrigin(At, subject, Reason, Reference, import, Number));
}
