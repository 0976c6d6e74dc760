using Halyard.Core.Approvals.Bypasses;

namespace Halyard.Core.Changes.Bypassing;

/// <summary>Knows incidents. It never throws: what cannot be asked is <see cref="IncidentReport.Unavailable"/>.</summary>
public interface IIncidentSource
{
    /// <summary>What is known of an incident.</summary>
    /// <param name="incident">Its name as somebody sent it: hostile.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    ValueTask<IncidentReport> FindAsync(string incident, CancellationToken cancellationToken);
}

/// <summary>What bypasses are judged by.</summary>
/// <param name="Terms">Who may, and what is owed.</param>
/// <param name="Incidents">Where incidents are verified, or <see langword="null"/> where nowhere: then a second person must agree.</param>
public sealed record BypassSetting(BypassTerms Terms, IIncidentSource? Incidents)
{
    /// <summary>As it is where nobody says anything.</summary>
    public static BypassSetting Default { get; } = new(BypassTerms.Default, null);
}
