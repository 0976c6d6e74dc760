using Halyard.Core.Approvals.Bypasses;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Bypasses;

/// <summary>Who may pass approvals by in an emergency, and what is owed for it, under <c>Halyard:Bypass</c>.</summary>
internal sealed class BypassOptions
{
    private const string Section = "Halyard:Bypass";

    /// <summary>Roles that may begin a bypass and be the second person.</summary>
    /// <value>The default value is empty, which means incident-commander, on-call-engineer and sre.</value>
    public List<string> Roles { get; set; } = [];

    /// <summary>Roles that approve at SEV2.</summary>
    /// <value>The default value is empty, which means engineering-manager and incident-commander.</value>
    public List<string> SeniorRoles { get; set; } = [];

    /// <summary>How long a bypass may wait for another person, in minutes: 5 to 1,440.</summary>
    /// <value>The default value is 60.</value>
    public int ConfirmMinutes { get; set; } = 60;

    /// <summary>After how many hours ratification and review are due: 1 to 720.</summary>
    /// <value>The default value is 48.</value>
    public int ReviewHours { get; set; } = 48;

    /// <summary>How many bypasses of one person may await them before the next needs a second person: 1 to 100.</summary>
    /// <value>The default value is 5.</value>
    public int MaxOpen { get; set; } = 5;

    /// <summary>Where incidents are verified.</summary>
    public IncidentOptions Incidents { get; set; } = new();

    /// <summary>The same as the pipeline takes it.</summary>
    public BypassTerms Terms() =>
        new()
        {
            Roles = Roles.Count == 0 ? BypassTerms.Default.Roles : Roles.ToSequence(),
            SeniorRoles = SeniorRoles.Count == 0 ? BypassTerms.Default.SeniorRoles : SeniorRoles.ToSequence(),
            ConfirmWithin = TimeSpan.FromMinutes(ConfirmMinutes),
            ReviewWithin = TimeSpan.FromHours(ReviewHours),
            MaxOpen = MaxOpen,
        };

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (Roles.Concat(SeniorRoles).Any(role => !JsonCursor.IsKey(role)))
            yield return $"{Section}:{nameof(Roles)} and {Section}:{nameof(SeniorRoles)} must be keys of roles.";
        if (ConfirmMinutes is < 5 or > 1_440)
            yield return $"{Section}:{nameof(ConfirmMinutes)} must be 5 to 1440.";
        if (ReviewHours is < 1 or > 720)
            yield return $"{Section}:{nameof(ReviewHours)} must be 1 to 720.";
        if (MaxOpen is < 1 or > 100)
            yield return $"{Section}:{nameof(MaxOpen)} must be 1 to 100.";
        foreach (var problem in Incidents.Problems())
            yield return problem;
    }
}

/// <summary>Where incidents are verified, under <c>Halyard:Bypass:Incidents</c>.</summary>
internal sealed class IncidentOptions
{
    /// <summary>What stands for the incident's name in <see cref="Url"/>.</summary>
    public const string Placeholder = "{incident}";

    private const string Section = "Halyard:Bypass:Incidents";

    private static readonly string[] Over = ["resolved", "closed", "done", "completed"];

    private static readonly string[] Active = ["active", "open", "triggered", "acknowledged", "investigating", "identified"];

    /// <summary>The address that answers with one incident as a JSON object, with <c>{incident}</c> in its path or query.</summary>
    /// <value>The default value is empty: nothing verifies incidents, so a second person must agree to each bypass.</value>
    public string Url { get; set; } = "";

    /// <summary>The hosts that may be asked, so that a mistyped or replaced address reaches nobody else.</summary>
    /// <value>The default value is empty: nobody.</value>
    public List<string> AllowedHosts { get; set; } = [];

    /// <summary>The name of the secret under <c>Halyard:Secrets</c> that is sent as a bearer token.</summary>
    /// <value>The default value is empty: none is sent.</value>
    public string Secret { get; set; } = "";

    /// <summary>How long the source may take, in seconds: 1 to 30.</summary>
    /// <value>The default value is 5.</value>
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>Where in the answer the incident's name stands, members joined by dots; it must be the one asked for.</summary>
    /// <value>The default value is <c>id</c>.</value>
    public string IdField { get; set; } = "id";

    /// <summary>Where in the answer its state stands.</summary>
    /// <value>The default value is <c>status</c>.</value>
    public string StatusField { get; set; } = "status";

    /// <summary>Where in the answer its severity stands.</summary>
    /// <value>The default value is <c>severity</c>.</value>
    public string SeverityField { get; set; } = "severity";

    /// <summary>The states that count as active: no other one allows a bypass.</summary>
    /// <value>The default value is empty, which means active, open, triggered, acknowledged, investigating and identified.</value>
    public List<string> ActiveStates { get; set; } = [];

    /// <summary>The states that count as over: no other one lifts the freezes for an incident.</summary>
    /// <value>The default value is empty, which means resolved, closed, done and completed.</value>
    public List<string> EndedStates { get; set; } = [];

    /// <summary>The source's words for severities: <c>P1=SEV1</c>, <c>critical=SEV1</c>. SEV1 to SEV4 are known.</summary>
    /// <value>The default value is empty.</value>
    public Dictionary<string, string> Severities { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Whether a state counts as active.</summary>
    public bool IsActive(string status) =>
        (ActiveStates.Count == 0 ? Active : (IReadOnlyList<string>)ActiveStates).Contains(status, StringComparer.Ordinal);

    /// <summary>Whether a state counts as over.</summary>
    public bool IsOver(string status) =>
        !IsActive(status)
        && (EndedStates.Count == 0 ? Over : (IReadOnlyList<string>)EndedStates).Contains(status, StringComparer.Ordinal);

    /// <summary>The severity that a word of the source stands for, or <see langword="null"/>.</summary>
    public Severity? SeverityOf(string word) =>
        WireNames.TryParse<Severity>(Severities.GetValueOrDefault(word, word), out var severity) ? severity : null;

    /// <summary>What is wrong with the options, in words.</summary>
    public IEnumerable<string> Problems()
    {
        if (Url.Length == 0)
            yield break;
        if (!Url.Contains(Placeholder, StringComparison.Ordinal))
            yield return $"{Section}:{nameof(Url)} must hold {Placeholder}.";
        if (
            !Uri.TryCreate(Url.Replace(Placeholder, "x", StringComparison.Ordinal), UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            || address.UserInfo.Length > 0
            || Url.IndexOf(Placeholder, StringComparison.Ordinal)
                < Url.IndexOf('/', Url.IndexOf("//", StringComparison.Ordinal) + 2)
        )
            yield return $"{Section}:{nameof(Url)} must be an https address without credentials (http only to this machine).";
        else if (!AllowedHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase))
            yield return $"{Section}:{nameof(AllowedHosts)} must list the host of {Section}:{nameof(Url)}.";
        if (TimeoutSeconds is < 1 or > 30)
            yield return $"{Section}:{nameof(TimeoutSeconds)} must be 1 to 30.";
        if (new[] { IdField, StatusField, SeverityField }.Any(field => field.Split('.').Any(string.IsNullOrWhiteSpace)))
            yield return $"{Section}: the fields must be names of members, joined by dots.";
        foreach (var (word, severity) in Severities)
        {
            if (!WireNames.TryParse<Severity>(severity, out _))
                yield return $"{Section}:{nameof(Severities)}:{word} must be one of {string.Join(", ", WireNames.All<Severity>())}.";
        }
    }
}
