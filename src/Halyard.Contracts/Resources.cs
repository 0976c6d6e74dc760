using System.Text.Json;

namespace Halyard.Contracts;

/// <summary>A page of a list.</summary>
/// <param name="Items">The page.</param>
/// <param name="Next">The cursor of the next page; absent on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Who the credential belongs to and what it may do.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Subject">The pseudonymous id.</param>
/// <param name="Kind"><c>user</c>, <c>service</c> or <c>client</c>.</param>
/// <param name="Roles">The roles that the credential itself carries; more may be assigned.</param>
/// <param name="Credential">The credential's id.</param>
/// <param name="May">The actions it may take on everything.</param>
/// <param name="MayInPart">The actions it may take on some things.</param>
public sealed record MeAnswer(
    string Tenant,
    string Subject,
    string Kind,
    IReadOnlyList<string> Roles,
    string? Credential,
    IReadOnlyList<string> May,
    IReadOnlyList<string> MayInPart
)
{
    /// <summary>The person's name or address; absent for tokens, and where nobody is known by one.</summary>
    public string? Name { get; init; }
}

/// <summary>The names behind pseudonymous ids.</summary>
/// <param name="Names">By id; those that are not known, or were erased, are left out.</param>
public sealed record PeopleAnswer(IReadOnlyDictionary<string, string> Names);

/// <summary>A project.</summary>
public sealed record ProjectAnswer(string Id, string Key, string Name, string Description, long Revision);

/// <summary>An environment of a project.</summary>
public sealed record EnvironmentAnswer(string Id, string Key, string Name, string Type, int Order, bool Enabled, long Revision)
{
    /// <summary>How much harm a wrong change can do there: low, medium, high or critical; absent counts as critical.</summary>
    public string? RiskLevel { get; init; }

    /// <summary>About how many people use it; absent counts as more than any number.</summary>
    public long? EstimatedUsers { get; init; }
}

/// <summary>A flag with its configuration in every environment that has one of its own.</summary>
public sealed record FlagAnswer
{
    public required string Id { get; init; }
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required string Description { get; init; }

    /// <summary><c>boolean</c>, <c>string</c>, <c>number</c> or <c>json</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>release</c>, <c>experiment</c>, <c>operational</c>, <c>kill-switch</c> or <c>permission</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>draft</c>, <c>active</c>, <c>deprecated</c> or <c>archived</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Who answers for it; empty where unknown.</summary>
    public required string Owner { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }
    public required IReadOnlyList<VariantBody> Variants { get; init; }
    public string? Salt { get; init; }

    /// <summary>
    /// By which platform's rule its rollouts place users: <c>unleash</c>, <c>launchdarkly</c>, <c>featbit</c>, <c>growthbook</c>,
    /// <c>configcat</c>, <c>goFeatureFlag</c> or <c>flipt</c>; absent means Halyard's own, <c>flagd</c>.
    /// </summary>
    public string? Hash { get; init; }

    /// <summary>Whether its values are kept out of the log; absent means no.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)]
    public bool Sensitive { get; init; }

    /// <summary>What an environment without a configuration of its own serves.</summary>
    public required DefaultsBody Defaults { get; init; }

    /// <summary>The revision in which the flag's own members last changed.</summary>
    public required long ChangedIn { get; init; }
    public required IReadOnlyDictionary<string, ConfigurationAnswer> Environments { get; init; }
    public required long Revision { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A flag at a glance.</summary>
public sealed record FlagGlanceAnswer
{
    public required string Key { get; init; }
    public required string Name { get; init; }

    /// <summary><c>boolean</c>, <c>string</c>, <c>number</c> or <c>json</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>release</c>, <c>experiment</c>, <c>operational</c>, <c>kill-switch</c> or <c>permission</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>draft</c>, <c>active</c>, <c>deprecated</c> or <c>archived</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Who answers for it; empty where unknown.</summary>
    public required string Owner { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>What it serves, by the key of each environment in which it is enabled.</summary>
    public required IReadOnlyDictionary<string, ServedGlanceAnswer> On { get; init; }
    public required long Revision { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What an enabled flag serves, at a glance.</summary>
/// <param name="Variant">What everybody gets whom no rule or override concerns; absent where they are split.</param>
/// <param name="Share">
/// Where they are split, the share that gets something else than the off variant, in thousandths of a percent.
/// </param>
/// <param name="Rules">How many rules there are.</param>
/// <param name="Overrides">How many overrides there are.</param>
public sealed record ServedGlanceAnswer(string? Variant, int? Share, int Rules, int Overrides);

/// <summary>A named value.</summary>
public sealed record VariantBody(string Key, JsonElement Value, string? Description);

/// <summary>The variants that a new configuration serves.</summary>
public sealed record DefaultsBody(string On, string Off);

/// <summary>A flag's configuration in one environment.</summary>
public sealed record ConfigurationAnswer
{
    public required string EnvironmentId { get; init; }

    /// <summary>The flag's revision in which this configuration last changed.</summary>
    public required long ChangedIn { get; init; }
    public required bool Enabled { get; init; }
    public required string OffVariant { get; init; }
    public string? FallbackVariant { get; init; }
    public required IReadOnlyList<JsonElement> Prerequisites { get; init; }
    public required IReadOnlyList<JsonElement> Overrides { get; init; }
    public required IReadOnlyList<JsonElement> Rules { get; init; }
    public required JsonElement Fallthrough { get; init; }
}

/// <summary>A segment.</summary>
public sealed record SegmentAnswer(
    string Id,
    string Key,
    string Name,
    string Description,
    IReadOnlyList<string> Includes,
    IReadOnlyList<string> Excludes,
    IReadOnlyList<JsonElement> Rules,
    long Revision
);

/// <summary>A credential without its secret.</summary>
public sealed record CredentialAnswer(
    string Id,
    string Name,
    string? Role,
    string? Project,
    string? Environment,
    DateTimeOffset CreatedAt
)
{
    /// <summary>Every role of a token; <c>role</c> is there beside it where it is one. Absent for SDK keys.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>The id of the service account that acts with a token; absent where it acts for nobody but itself.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>Where a token counts; absent for wherever its role does.</summary>
    public JsonElement? Scope { get; init; }

    /// <summary>Pseudonymous id of the person who answers for a token; absent where nobody is known.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether an SDK key is in the hands of everybody who uses a program; absent for no.</summary>
    public bool? ClientSide { get; init; }

    /// <summary>From when on it counts no more; absent for until it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>From when on the secret before the last rotation counts no more; absent where it was never rotated.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>The hour in which it was used last, as the time at which that began; absent where it never was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>A credential just created.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Secret">The whole credential, shown this once; absent when the same request is answered again.</param>
/// <param name="Ledger">The receipt.</param>
public sealed record CreatedCredentialAnswer(string Id, string? Secret, ReceiptAnswer Ledger);

/// <summary>Asks for a bearer token: with a role, with several, or of a service account.</summary>
/// <param name="Name">Words for people.</param>
/// <param name="Role">A role's key: <c>ADMIN</c>, <c>CLIENT</c>, <c>developer</c> or one of the tenant's own.</param>
/// <param name="Roles">Several, in place of <c>role</c>.</param>
/// <param name="ServiceAccount">The id of a service account that you answer for, in place of roles.</param>
/// <param name="Scope">Where it counts, as in assignments; absent for wherever the role does.</param>
/// <param name="ExpiresAt">From when on it counts no more; absent for until it is revoked.</param>
/// <param name="Reason">Why.</param>
public sealed record TokenBody(
    string Name,
    string? Role,
    IReadOnlyList<string>? Roles,
    string? ServiceAccount,
    JsonElement? Scope,
    DateTimeOffset? ExpiresAt,
    string? Reason
);

/// <summary>Asks for another secret.</summary>
/// <param name="OverlapSeconds">For how long the secret of now works on, 0 to 2,592,000; absent for a day.</param>
/// <param name="ExpiresAt">From when on the credential counts no more; absent for as before.</param>
/// <param name="Reason">Why.</param>
public sealed record RotationBody(int? OverlapSeconds, DateTimeOffset? ExpiresAt, string? Reason);

/// <summary>Asks for an SDK key.</summary>
/// <param name="Name">Words for people.</param>
/// <param name="Project">The project.</param>
/// <param name="Environment">The environment.</param>
/// <param name="ClientSide">Whether it goes into everybody's hands (browsers, telephones): then it sees no sensitive flag.</param>
/// <param name="ExpiresAt">From when on it counts no more; absent for until it is revoked.</param>
/// <param name="Reason">Why.</param>
public sealed record SdkKeyBody(
    string Name,
    string Project,
    string Environment,
    bool? ClientSide,
    DateTimeOffset? ExpiresAt,
    string? Reason
);
