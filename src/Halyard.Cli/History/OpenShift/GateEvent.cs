namespace Halyard.Cli.History.OpenShift;

/// <summary>One event of the history of OpenShift's feature gates.</summary>
/// <param name="Head">When, by whom and why.</param>
internal abstract record GateEvent(GateEventHead Head);

/// <summary>What every event says.</summary>
/// <param name="Time">When, as the file writes it (RFC 3339, any zone).</param>
/// <param name="Actor">The author's pseudonym.</param>
/// <param name="Reason">The commit's subject.</param>
/// <param name="PullRequest">The number of the pull request.</param>
internal sealed record GateEventHead(string Time, string Actor, string Reason, long PullRequest);

/// <summary>The state at the beginning, <c>import</c>: each environment with the gates it lists.</summary>
internal sealed record StateImported(GateEventHead Head, IReadOnlyList<EnvironmentState> Environments) : GateEvent(Head);

/// <summary>A gate appears, <c>flag-created</c>, enabled in some environments.</summary>
internal sealed record GateCreated(GateEventHead Head, string Gate, IReadOnlyList<string> EnabledIn) : GateEvent(Head);

/// <summary>A gate is switched in one environment, <c>flag-updated</c>.</summary>
internal sealed record GateUpdated(GateEventHead Head, string Gate, string Environment, bool Before, bool After)
    : GateEvent(Head);

/// <summary>A gate is gone, <c>flag-removed</c>; the event says where it was enabled until then.</summary>
internal sealed record GateRemoved(GateEventHead Head, string Gate, IReadOnlyList<string> WasEnabledIn) : GateEvent(Head);

/// <summary>An environment appears with its whole state, <c>environment-added</c>.</summary>
internal sealed record EnvironmentAdded(GateEventHead Head, EnvironmentState State) : GateEvent(Head);

/// <summary>An environment is gone, <c>environment-removed</c>.</summary>
internal sealed record EnvironmentRemoved(GateEventHead Head, string Environment) : GateEvent(Head);

/// <summary>The gates that an environment lists, and whether each is enabled; ordinal order.</summary>
/// <param name="Environment">Cluster profile and feature set: <c>All/Default</c>.</param>
/// <param name="Gates">A gate that is not listed is not enabled.</param>
internal sealed record EnvironmentState(string Environment, IReadOnlyDictionary<string, bool> Gates);
