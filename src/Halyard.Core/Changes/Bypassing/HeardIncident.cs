using Halyard.Core.Approvals.Bypasses;

namespace Halyard.Core.Changes.Bypassing;

/// <summary>What the source of incidents said, and when. It is asked before the first attempt, while nobody waits for what is held.</summary>
/// <param name="Report">What it said.</param>
/// <param name="At">When it had said it.</param>
internal sealed record HeardIncident(IncidentReport Report, DateTimeOffset At)
{
    /// <summary>How old it may be when something is judged by it.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    /// <summary>Whether it may still be judged by.</summary>
    public bool IsFresh(DateTimeOffset now) => now - At <= MaxAge;
}
