namespace Halyard.Core.Approvals.Bypasses;

/// <summary>What is owed for earlier bypasses, and what follows for the next.</summary>
public static class Obligations
{
    /// <summary>Why somebody needs a second person whatever the incident, in words; <see langword="null"/> where they do not.</summary>
    /// <param name="all">Every bypass of the tenant.</param>
    /// <param name="who">Who wants another.</param>
    /// <param name="groups">The groups they belong to: what their team owes counts too.</param>
    /// <param name="at">Now.</param>
    /// <param name="terms">How many may be open.</param>
    public static string? Restriction(
        IEnumerable<EmergencyBypass> all,
        Party who,
        IReadOnlyCollection<string> groups,
        DateTimeOffset at,
        BypassTerms terms
    )
    {
        var open = all.Where(bypass => bypass.IsOpen).ToList();
        var own = open.Where(bypass => bypass.Requester.IsSameAs(who)).ToList();
        var overdue = own.Concat(open.Where(bypass => bypass.Groups.Any(groups.Contains)))
            .FirstOrDefault(bypass => bypass.IsOverdue(at));
        return overdue is not null ? $"the review of bypass {Words.Quote(overdue.Id)} is overdue"
            : own.Count >= terms.MaxOpen ? $"{own.Count} bypasses of {Words.Of(who)} await ratification or review"
            : null;
    }
}
