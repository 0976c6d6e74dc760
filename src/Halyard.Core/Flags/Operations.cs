using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags;

/// <summary>
/// One typed step of a change. Closed over this assembly: each has a JSON name (<see cref="OperationJson"/>), a pure edit, and a
/// place in the audit catalogue through the differences it makes.
/// </summary>
public abstract record Operation
{
    private protected Operation() { }

    /// <summary>
    /// The revision of the resource that the author saw; <see langword="null"/> where the resource must not exist yet, or where the
    /// author accepts any. The operation is stale if what it touches changed after that revision.
    /// </summary>
    public long? BaseRevision { get; init; }

    /// <summary>The operation's canonical JSON where it came in as JSON, else empty.</summary>
    public string Source { get; init; } = "";

    /// <summary>The resource it edits.</summary>
    public abstract ResourceName Target(string project);
}

/// <summary>Edits one flag.</summary>
public abstract record FlagOperation(string Flag) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Flags.Flag.NameOf(project, Flag);
}

/// <summary>Edits one flag's configuration in one environment.</summary>
public abstract record ConfigurationOperation(string Flag, string Environment) : FlagOperation(Flag);

/// <summary>Creates a flag, with configurations for some environments if given.</summary>
public sealed record CreateFlag(
    string Flag,
    string Title,
    string Description,
    FlagType Type,
    FlagKind Kind,
    FlagStatus Status,
    string Owner,
    Sequence<string> Tags,
    Sequence<Variant> Variants,
    string? Salt,
    bool Sensitive,
    FlagDefaults? Defaults,
    IReadOnlyDictionary<string, InitialConfiguration> Environments,
    BucketingHash Hash = BucketingHash.Flagd
) : FlagOperation(Flag);

/// <summary>How a created flag starts in one environment: a whole configuration, or only switched on or off.</summary>
public sealed record InitialConfiguration(bool Enabled, FlagEnvironment? Settings);

/// <summary>
/// Changes what describes a flag, and by which rule its rollouts place users; members that are <see langword="null"/> stay.
/// </summary>
public sealed record UpdateFlag(
    string Flag,
    string? Title,
    string? Description,
    string? Owner,
    Sequence<string>? Tags,
    FlagKind? Kind,
    BucketingHash? Hash = null
) : FlagOperation(Flag);

/// <summary>Moves a flag through its lifecycle.</summary>
public sealed record SetStatus(string Flag, FlagStatus Status) : FlagOperation(Flag);

/// <summary>Deletes a flag that no other flag needs.</summary>
public sealed record DeleteFlag(string Flag) : FlagOperation(Flag);

/// <summary>Adds a variant at the end.</summary>
public sealed record AddVariant(string Flag, Variant Variant) : FlagOperation(Flag);

/// <summary>Changes a variant's value or description in every environment.</summary>
public sealed record UpdateVariant(string Flag, string Variant, FlagValue? Value, string? Description) : FlagOperation(Flag);

/// <summary>Removes a variant that nothing serves.</summary>
public sealed record RemoveVariant(string Flag, string Variant) : FlagOperation(Flag);

/// <summary>Restores what a flag was at an earlier revision: in one environment, or in all and in its own members.</summary>
public sealed record RevertToRevision(string Flag, long Revision, string? Environment) : FlagOperation(Flag);

/// <summary>Switches a flag on or off.</summary>
public sealed record SetEnabled(string Flag, string Environment, bool Enabled) : ConfigurationOperation(Flag, Environment);

/// <summary>Names the variant served while the flag is off.</summary>
public sealed record SetOffVariant(string Flag, string Environment, string Variant) : ConfigurationOperation(Flag, Environment);

/// <summary>Names the variant that an emergency may serve, or withdraws it.</summary>
public sealed record SetFallbackVariant(string Flag, string Environment, string? Variant)
    : ConfigurationOperation(Flag, Environment);

/// <summary>Sets what is served when no rule matches.</summary>
public sealed record SetFallthrough(string Flag, string Environment, Serve Serve) : ConfigurationOperation(Flag, Environment);

/// <summary>Replaces all rules.</summary>
public sealed record SetRules(string Flag, string Environment, Sequence<TargetingRule> Rules)
    : ConfigurationOperation(Flag, Environment);

/// <summary>Adds a rule, at the end or at a position.</summary>
public sealed record AddRule(string Flag, string Environment, TargetingRule Rule, int? Index)
    : ConfigurationOperation(Flag, Environment);

/// <summary>Replaces the rule of the same id.</summary>
public sealed record UpdateRule(string Flag, string Environment, TargetingRule Rule) : ConfigurationOperation(Flag, Environment);

/// <summary>Removes a rule.</summary>
public sealed record RemoveRule(string Flag, string Environment, string Rule) : ConfigurationOperation(Flag, Environment);

/// <summary>Moves a rule to a 0-based position.</summary>
public sealed record MoveRule(string Flag, string Environment, string Rule, int Index)
    : ConfigurationOperation(Flag, Environment);

/// <summary>Splits the users of a rule, or of the fallthrough where no rule is named.</summary>
public sealed record SetRollout(string Flag, string Environment, string? Rule, Rollout Rollout)
    : ConfigurationOperation(Flag, Environment);

/// <summary>Adds an override, or replaces the one of the same id.</summary>
public sealed record AddOverride(string Flag, string Environment, Override Override) : ConfigurationOperation(Flag, Environment);

/// <summary>Removes an override.</summary>
public sealed record RemoveOverride(string Flag, string Environment, string Override) : ConfigurationOperation(Flag, Environment);

/// <summary>Replaces the prerequisites.</summary>
public sealed record SetPrerequisites(string Flag, string Environment, Sequence<Prerequisite> Prerequisites)
    : ConfigurationOperation(Flag, Environment);

/// <summary>Turns a rule, or the fallthrough, into an experiment.</summary>
public sealed record StartExperiment(string Flag, string Environment, string? Rule, Rollout Rollout)
    : ConfigurationOperation(Flag, Environment);

/// <summary>Ends an experiment and serves one variant in its place.</summary>
public sealed record StopExperiment(string Flag, string Environment, string? Rule, string Variant)
    : ConfigurationOperation(Flag, Environment);

/// <summary>Copies enabled, rules, fallthrough, prerequisites and off variant from one environment to another; never overrides.</summary>
public sealed record Promote(string Flag, string From, string Environment) : ConfigurationOperation(Flag, Environment);

/// <summary>Creates a segment.</summary>
public sealed record CreateSegment(SegmentDefinition Definition, string Title, string Description) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Flags.Segment.NameOf(project, Definition.Key);
}

/// <summary>Changes a segment; members that are <see langword="null"/> stay.</summary>
public sealed record UpdateSegment(
    string Segment,
    string? Title,
    string? Description,
    Sequence<string>? Includes,
    Sequence<string>? Excludes,
    Sequence<SegmentRule>? Rules
) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Flags.Segment.NameOf(project, Segment);
}

/// <summary>Deletes a segment that nothing uses.</summary>
public sealed record DeleteSegment(string Segment) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Flags.Segment.NameOf(project, Segment);
}

/// <summary>Creates an environment; without an order it comes last.</summary>
public sealed record CreateEnvironment(string Environment, string Title, EnvironmentType Type, int? Order) : Operation
{
    /// <summary>How much harm a wrong change can do there, or <see langword="null"/> where that is not said.</summary>
    public RiskLevel? RiskLevel { get; init; }

    /// <summary>About how many people use it, or <see langword="null"/> where that is not said.</summary>
    public long? EstimatedUsers { get; init; }

    /// <inheritdoc/>
    public override ResourceName Target(string project) => ProjectEnvironment.NameOf(project, Environment);
}

/// <summary>Changes what describes an environment; members that are <see langword="null"/> stay.</summary>
public sealed record UpdateEnvironment(string Environment, string? Title, EnvironmentType? Type, int? Order) : Operation
{
    /// <summary>How much harm a wrong change can do there.</summary>
    public RiskLevel? RiskLevel { get; init; }

    /// <summary>About how many people use it.</summary>
    public long? EstimatedUsers { get; init; }

    /// <inheritdoc/>
    public override ResourceName Target(string project) => ProjectEnvironment.NameOf(project, Environment);
}

/// <summary>Switches a whole environment on or off.</summary>
public sealed record SetEnvironmentEnabled(string Environment, bool Enabled) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => ProjectEnvironment.NameOf(project, Environment);
}

/// <summary>Deletes an environment with every flag's configuration in it.</summary>
public sealed record DeleteEnvironment(string Environment) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => ProjectEnvironment.NameOf(project, Environment);
}

/// <summary>Creates a project.</summary>
public sealed record CreateProject(string Project, string Title, string Description) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Flags.Project.NameOf(Project);
}

/// <summary>Changes what describes the project; members that are <see langword="null"/> stay.</summary>
public sealed record UpdateProject(string Project, string? Title, string? Description) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Flags.Project.NameOf(Project);
}

/// <summary>Creates a tenant: the first change of its log.</summary>
public sealed record CreateTenant(string Tenant, string Title) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Flags.Tenant.NameOf(Tenant);
}
