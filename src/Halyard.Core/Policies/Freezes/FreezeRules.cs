using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies.Freezes;

/// <summary>A freeze that a change meets.</summary>
/// <param name="Freeze">The freeze.</param>
/// <param name="Window">Since when and until when.</param>
/// <param name="Environments">Keys of the environments that it covers of those the change reaches, in the order given.</param>
public sealed record MetFreeze(Freeze Freeze, FreezeWindow Window, Sequence<string> Environments)
{
    /// <summary>Why the change must wait, in words.</summary>
    public string Words =>
        Window is { IsOpen: true, Start.Ticks: 0 }
            ? $"freeze '{Freeze.Key}' is in a time zone that this server does not know, '{Freeze.Settings.Zone}'"
        : Window.IsOpen ? $"freeze '{Freeze.Key}' holds {string.Join(", ", Environments)} until it is lifted{Incident}"
        : $"freeze '{Freeze.Key}' holds {string.Join(", ", Environments)} until {Rfc3339.Format(Window.End)}";

    private string Incident =>
        Freeze.Settings.ForIncident is { } incident ? $" or incident {ChangeList.Quote(incident)} is over" : "";
}

/// <summary>What freezes say about a change. Pure.</summary>
public static class FreezeRules
{
    /// <summary>What decided, where a freeze did.</summary>
    public const string Policy = "freeze";

    /// <summary>The place of an exception among stages: after those of every policy.</summary>
    private const int LastOrder = 1_000;

    private const int ShownOfDigest = 16;

    private static readonly TimeSpan PatienceForExceptions = TimeSpan.FromDays(7);

    /// <summary>
    /// The freezes that hold a change up at an instant, by key. None where it is <paramref name="safer"/>: a freeze is there to keep
    /// things as they are, never to keep somebody from switching off what harms.
    /// </summary>
    /// <param name="freezes">Every freeze of the tenant.</param>
    /// <param name="zones">The time zones.</param>
    /// <param name="environments">The environments that the change reaches.</param>
    /// <param name="tags">The tags that the flags touched had before or have afterwards.</param>
    /// <param name="safer">Whether the change is proved to be safer.</param>
    /// <param name="at">The instant: when it would take effect.</param>
    public static IReadOnlyList<MetFreeze> Met(
        IEnumerable<Freeze> freezes,
        ITimeZones zones,
        IReadOnlyCollection<ProjectEnvironment> environments,
        IReadOnlyCollection<string> tags,
        bool safer,
        DateTimeOffset at
    )
    {
        if (safer)
            return [];
        var met = new List<MetFreeze>();
        foreach (var freeze in freezes.OrderBy(freeze => freeze.Key, StringComparer.Ordinal))
        {
            var covered = environments
                .Where(environment => freeze.Settings.Scope.Covers(environment, tags))
                .Select(environment => environment.Key)
                .Distinct(StringComparer.Ordinal)
                .ToSequence();
            if (covered.Count > 0 && freeze.WindowAt(zones, at) is { } window)
                met.Add(new MetFreeze(freeze, window, covered));
        }
        return met;
    }

    /// <summary>
    /// The name of a freeze among the rules of a request: with what it says, for an exception is made of a freeze as it is. Changed, or
    /// made anew under its key, it is another.
    /// </summary>
    public static string RuleOf(Freeze freeze) =>
        $"{Policy}/{freeze.Key}@{Digest.Of(freeze.ToDocument()).ToHex()[..ShownOfDigest]}";

    /// <summary>Whether the name of a rule is that of a freeze.</summary>
    public static bool IsRule(string rule) => rule.StartsWith($"{Policy}/", StringComparison.Ordinal);

    /// <summary>The freeze that such a name is of, as people call it.</summary>
    public static string KeyOf(string rule) => rule[(Policy.Length + 1)..].Split('@')[0];

    /// <summary>Who must approve besides, so that a change goes through in spite of freezes: the largest number any of them wants.</summary>
    public static Requirement? Exception(IReadOnlyCollection<MetFreeze> met) =>
        met.Count == 0
            ? null
            : new Requirement(
                [
                    new RequiredStage(
                        "freeze-exception",
                        LastOrder,
                        [new QuorumGroup(met.Max(item => item.Freeze.Settings.Approvers), [Freeze.Approver])],
                        PatienceForExceptions,
                        TimeoutAction.Reject,
                        []
                    ),
                ],
                [],
                null,
                VoteRules.Default,
                RequirementUnion.Sorted(met.Select(item => RuleOf(item.Freeze))),
                // Votes are bound to the freezes that they make an exception of.
                RequirementUnion.SnapshotOf(met.Select(item => Digest.Of(item.Freeze.ToDocument())))
            );
}
