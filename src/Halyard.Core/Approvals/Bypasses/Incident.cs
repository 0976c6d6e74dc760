using System.Text.Json.Serialization;

namespace Halyard.Core.Approvals.Bypasses;

/// <summary>How bad an incident is. Wire names: SEV1 (worst) to SEV4.</summary>
public enum Severity
{
    /// <summary>Critical: approvals may be passed by.</summary>
    [JsonStringEnumMemberName("SEV1")]
    Sev1,

    /// <summary>High: one senior approver in the place of what policies require.</summary>
    [JsonStringEnumMemberName("SEV2")]
    Sev2,

    /// <summary>Medium: the normal way.</summary>
    [JsonStringEnumMemberName("SEV3")]
    Sev3,

    /// <summary>Low: the normal way.</summary>
    [JsonStringEnumMemberName("SEV4")]
    Sev4,
}

/// <summary>What the source of incidents says of one. Closed.</summary>
public abstract record IncidentReport
{
    private IncidentReport() { }

    /// <summary>There is no source to ask.</summary>
    public sealed record NoSource : IncidentReport;

    /// <summary>The source gave no answer that can be relied on.</summary>
    /// <param name="Why">In words of this server, never the source's.</param>
    public sealed record Unavailable(string Why) : IncidentReport;

    /// <summary>The source knows no such incident.</summary>
    public sealed record Unknown : IncidentReport;

    /// <summary>The source knows it.</summary>
    /// <param name="Severity">How bad it is, or <see langword="null"/> where the source does not say in words that are known.</param>
    /// <param name="IsActive">Whether its state is one of those that count as active; a state that is not known is none.</param>
    /// <param name="Status">Its state in the source's word, shown quoted.</param>
    public sealed record Known(Severity? Severity, bool IsActive, string Status) : IncidentReport
    {
        /// <summary>
        /// Whether its state is one of those that count as over; a state that is not known is neither active nor over, so that it allows
        /// no emergency and lifts no freeze.
        /// </summary>
        public bool IsOver { get; init; }
    }
}

/// <summary>The incident as it was taken when somebody referred to it.</summary>
/// <param name="Id">Its name at the source.</param>
/// <param name="Severity">What counts: the source's word where it gave one, else what was claimed.</param>
/// <param name="IsVerified">Whether the source confirmed that it is active and how bad it is.</param>
public sealed record BypassIncident(string Id, Severity Severity, bool IsVerified);
