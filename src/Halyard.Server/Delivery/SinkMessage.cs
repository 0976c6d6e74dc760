using Halyard.Core.Audit.Sinks;

namespace Halyard.Server.Delivery;

/// <summary>What is sent at once and refused or taken as a whole: one entry, or the entries of an alert.</summary>
/// <param name="Entries">The entry; of an alert the first ten.</param>
/// <param name="Count">How many entries it stands for.</param>
/// <param name="Last">The index of the last of them.</param>
/// <param name="LastId">The id of the last of them.</param>
/// <param name="End">Where the cursor stands once it is settled.</param>
/// <param name="OnlyDeadLetters">All of them, not the first ten alone, say that something was set aside.</param>
internal sealed record SinkMessage(
    IReadOnlyList<SinkEntry> Entries,
    long Count,
    long Last,
    string LastId,
    long End,
    bool OnlyDeadLetters
)
{
    /// <summary>How many entries an alert tells one by one.</summary>
    public const int MaxTold = 10;

    /// <summary>The index of the first entry.</summary>
    public long First => Entries[0].Index;

    /// <summary>The same for the same entries, however often they are sent: what a receiver knows duplicates by.</summary>
    public string Id => Count == 1 ? Entries[0].Id : $"{Entries[0].Id}-{LastId}";

    /// <summary>
    /// The same for an alert: another than an entry's own, for one receiver may get a stream and alerts of one log.
    /// </summary>
    public string AlertId => $"alert-{Id}";

    /// <summary>One entry.</summary>
    public static SinkMessage Of(SinkEntry entry) =>
        new([entry], 1, entry.Index, entry.Id, entry.Index + 1, entry.Type == DeadLetters.SetAside);
}
