using Halyard.Core.Flags.Differences;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals.Bypasses;

/// <summary>Who must agree before a bypass takes effect. Wire names: second-person, senior-approver.</summary>
public enum BypassNeed
{
    /// <summary>Another person of a bypass role.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("second-person")]
    SecondPerson,

    /// <summary>One senior approver.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("senior-approver")]
    SeniorApprover,
}

/// <summary>What may be done, and who must agree first; nobody where nothing is needed.</summary>
/// <param name="Incident">The incident as it counts.</param>
/// <param name="Needs">Who must agree, in order of declaration.</param>
/// <param name="Why">Why so, in words.</param>
public sealed record BypassVerdict(BypassIncident Incident, Sequence<BypassNeed> Needs, string Why);

/// <summary>Whether approvals may be passed by. Pure; every no is an <see cref="Error.Denied"/> in words.</summary>
public static class BypassRules
{
    /// <summary>The verdict on a wish.</summary>
    /// <param name="incident">The incident's name.</param>
    /// <param name="claimed">How bad it is, says whoever asks.</param>
    /// <param name="report">What the source says.</param>
    /// <param name="holds">The roles held where it is wanted.</param>
    /// <param name="restriction">Why this person needs a second one anyway, or <see langword="null"/>.</param>
    /// <param name="terms">Who may.</param>
    public static Result<BypassVerdict> Judge(
        string incident,
        Severity claimed,
        IncidentReport report,
        Sequence<string> holds,
        string? restriction,
        BypassTerms terms
    )
    {
        if (!holds.Any(terms.Roles.Contains))
            return new Error.Denied($"an emergency bypass takes one of the roles {string.Join(", ", terms.Roles)} there");
        if (Refusal(incident, report) is { } refusal)
            return refusal;
        // What the source says of the severity counts, in either direction: nobody makes an incident worse by saying so.
        var said = (report as IncidentReport.Known)?.Severity;
        var severity = said ?? claimed;
        if (severity > Severity.Sev2)
            return new Error.Denied($"{WireNames.Of(severity)} goes the normal way: submit the change, and have it approved");
        List<string> why = [];
        var needs = new SortedSet<BypassNeed>();
        if (said is null)
        {
            needs.Add(BypassNeed.SecondPerson);
            why.Add(Unverified(report));
        }
        if (restriction is not null)
        {
            needs.Add(BypassNeed.SecondPerson);
            why.Add(restriction);
        }
        if (severity == Severity.Sev2)
        {
            needs.Add(BypassNeed.SeniorApprover);
            why.Add("SEV2 takes a senior approver");
        }
        if (why.Count == 0)
            why.Add($"incident {Quote(incident)} is active and {WireNames.Of(severity)}");
        return new BypassVerdict(
            new BypassIncident(incident, severity, said is not null),
            needs.ToSequence(),
            string.Join("; ", why)
        );
    }

    /// <summary>Why the report speaks against it, or <see langword="null"/>: an incident that is over excuses nothing.</summary>
    public static Error.Denied? Refusal(string incident, IncidentReport report) =>
        report switch
        {
            IncidentReport.Unknown => new Error.Denied($"the source of incidents knows no incident {Quote(incident)}"),
            IncidentReport.Known { IsActive: false } over => new Error.Denied(
                $"incident {Quote(incident)} is not active: it is {Quote(over.Status)}"
            ),
            _ => null,
        };

    /// <summary>What of the needs somebody meets who holds these roles.</summary>
    public static IEnumerable<BypassNeed> MetBy(Sequence<string> holds, BypassTerms terms)
    {
        if (holds.Any(terms.Roles.Contains))
            yield return BypassNeed.SecondPerson;
        if (holds.Any(terms.SeniorRoles.Contains))
            yield return BypassNeed.SeniorApprover;
    }

    /// <summary>A need in words.</summary>
    public static string Words(BypassNeed need, BypassTerms terms) =>
        need == BypassNeed.SecondPerson
            ? $"another person of {string.Join(", ", terms.Roles)}"
            : $"a senior approver of {string.Join(", ", terms.SeniorRoles)}";

    private static string Unverified(IncidentReport report) =>
        report switch
        {
            IncidentReport.Unavailable down => $"the incident cannot be verified: {down.Why}",
            IncidentReport.NoSource => "the incident cannot be verified: there is no source of incidents",
            _ => "the incident cannot be verified: its source does not say how severe it is",
        };

    private static string Quote(string name) => ChangeList.Quote(name);
}
