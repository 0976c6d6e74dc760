using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Freezes;

/// <summary>Times in which nothing riskier may happen.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Unique in the tenant.</param>
/// <param name="Settings">What can be changed.</param>
public sealed record Freeze(string Id, string Key, FreezeSettings Settings) : Resource(Id, NameOf(Key))
{
    /// <summary>The role whose holders may let a riskier change through.</summary>
    public const string Approver = "freeze-approver";

    /// <summary>Raised by whatever changes a freeze: what is decided on freezes holds only as long as they do.</summary>
    public const string Fence = "freezes";

    /// <summary>Where the freeze with this key is found.</summary>
    public static ResourceName NameOf(string key) => new(ResourceKind.Freeze, "", key);

    /// <summary>
    /// The window that holds an instant, the one that ends last where several do; <see langword="null"/> where none does or the freeze
    /// is switched off. Where nobody knows its time zone, the instant is held: what cannot be judged is not allowed.
    /// </summary>
    public FreezeWindow? WindowAt(ITimeZones zones, DateTimeOffset at)
    {
        if (!Settings.Enabled)
            return null;
        if (zones.Find(Settings.Zone) is not { } clock)
            return new FreezeWindow(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        FreezeWindow? last = null;
        foreach (var window in Settings.Recurring.SelectMany(item => item.Around(clock, at)).Concat(Settings.Intervals))
        {
            if (window.Holds(at) && !(last?.End >= window.End))
                last = window;
        }
        return last;
    }

    /// <summary>The next window that begins after an instant, for display; <see langword="null"/> where none does.</summary>
    public FreezeWindow? NextAfter(ITimeZones zones, DateTimeOffset at)
    {
        if (!Settings.Enabled || zones.Find(Settings.Zone) is not { } clock)
            return null;
        return Settings
            .Recurring.Select(item => item.After(clock, at))
            .Concat(Settings.Intervals.Where(window => window.Start > at).Select(window => (FreezeWindow?)window))
            .Where(window => window is not null)
            .MinBy(window => window!.Value.Start);
    }

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("id", Id);
        writer.WriteString("key", Key);
        FreezeJson.WriteSettings(writer, Settings);
    }
}

/// <summary>What a freeze covers and when.</summary>
/// <param name="Title">Words for people.</param>
/// <param name="Enabled">When false it freezes nothing.</param>
/// <param name="Scope">What it covers.</param>
/// <param name="Approvers">How many holders of <see cref="Freeze.Approver"/> let a riskier change through, 1…10.</param>
/// <param name="Zone">The IANA name of the time zone of <paramref name="Recurring"/>.</param>
/// <param name="Intervals">Spans given outright.</param>
/// <param name="Recurring">Spans that come again.</param>
public sealed record FreezeSettings(
    string Title,
    bool Enabled,
    FreezeScope Scope,
    int Approvers,
    string Zone,
    Sequence<FreezeWindow> Intervals,
    Sequence<Recurrence> Recurring
)
{
    /// <summary>
    /// The incident that it is for, or <see langword="null"/>: once the source of incidents says that it is over, spans without an end end.
    /// </summary>
    public string? ForIncident { get; init; }

    /// <summary>Whether it holds, or will, until it is lifted.</summary>
    public bool IsOpen => Intervals.Any(window => window.IsOpen);

    /// <summary>The same with nothing open: what has begun ends now, and what has not never begins.</summary>
    public FreezeSettings Lifted(DateTimeOffset now) =>
        this with
        {
            Intervals =
            [
                .. Intervals
                    .Where(window => !window.IsOpen || window.Start < now)
                    .Select(window => window.IsOpen ? window with { End = now } : window),
            ],
        };
}

/// <summary>What a freeze covers. Every list that is not empty narrows; each is "any of".</summary>
/// <param name="Projects">Keys of projects.</param>
/// <param name="Environments">Keys of environments.</param>
/// <param name="EnvironmentTypes">Types of environments.</param>
/// <param name="Tags">Tags of flags.</param>
public sealed record FreezeScope(
    Sequence<string> Projects,
    Sequence<string> Environments,
    Sequence<EnvironmentType> EnvironmentTypes,
    Sequence<string> Tags
)
{
    /// <summary>Whether it covers one environment of what a change touches.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="tags">The tags that the flags touched had before or have afterwards: taking one away does not thaw.</param>
    internal bool Covers(ProjectEnvironment environment, IReadOnlyCollection<string> tags) =>
        (Projects.Count == 0 || Projects.Contains(environment.Project))
        && (Environments.Count == 0 || Environments.Contains(environment.Key))
        && (EnvironmentTypes.Count == 0 || EnvironmentTypes.Contains(environment.Type))
        && (Tags.Count == 0 || Tags.Any(tags.Contains));
}
