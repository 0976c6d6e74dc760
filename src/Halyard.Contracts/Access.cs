using System.Text.Json;

namespace Halyard.Contracts;

/// <summary>A role to be defined, or what is to be changed of one (then without <c>key</c>; what is left out stays).</summary>
public sealed record RoleBody
{
    /// <summary>Its key; not the name of a built-in role.</summary>
    public string? Key { get; init; }

    /// <summary>Words for people.</summary>
    public string? Name { get; init; }

    /// <summary>Words for people.</summary>
    public string? Description { get; init; }

    /// <summary>What it allows and denies.</summary>
    public IReadOnlyList<GrantBody>? Grants { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>One sentence of a role. A deny wins over every allow.</summary>
public sealed record GrantBody
{
    /// <summary><c>allow</c> or <c>deny</c>.</summary>
    public required string Effect { get; init; }

    /// <summary>Names of actions, all that begin alike (<c>flag.*</c>), or all (<c>*</c>).</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>Where; absent means everywhere.</summary>
    public PatternBody? Resource { get; init; }

    /// <summary>If; absent means always.</summary>
    public ConditionsBody? When { get; init; }
}

/// <summary>Which resources are meant. Every list that is set narrows and is "any of".</summary>
public sealed record PatternBody
{
    /// <summary>Keys of projects.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>Keys of environments.</summary>
    public IReadOnlyList<string>? Environments { get; init; }

    /// <summary><c>development</c>, <c>staging</c>, <c>production</c>, and <c>none</c> for what lies in no environment.</summary>
    public IReadOnlyList<string>? EnvironmentTypes { get; init; }

    /// <summary>Tags, of which a flag must have one.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Kinds of resources.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }
}

/// <summary>Conditions; all that are set must hold, and what is not known does not hold.</summary>
public sealed record ConditionsBody
{
    /// <summary>True: the change names a ticket.</summary>
    public bool? Ticket { get; init; }

    /// <summary>True: the change names an incident.</summary>
    public bool? Incident { get; init; }

    /// <summary><c>user</c>, <c>service</c> or <c>client</c>.</summary>
    public IReadOnlyList<string>? ActorKinds { get; init; }

    /// <summary>How strongly the actor proved who it is, in the identity provider's words.</summary>
    public IReadOnlyList<string>? Acr { get; init; }

    /// <summary>How long ago at most it proved who it is.</summary>
    public int? MaxAgeSeconds { get; init; }
}

/// <summary>A role.</summary>
public sealed record RoleAnswer
{
    public required string Id { get; init; }
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required string Description { get; init; }
    public required IReadOnlyList<GrantBody> Grants { get; init; }

    /// <summary>0 for a role that exists without being defined.</summary>
    public required long Revision { get; init; }
}

/// <summary>A role to be given to a subject or to a group.</summary>
public sealed record AssignmentBody
{
    /// <summary>The pseudonymous id of who gets it; or <c>group</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>The identity provider's name of the group whose members get it.</summary>
    public string? Group { get; init; }

    /// <summary>The role's key.</summary>
    public required string Role { get; init; }

    /// <summary>Where it counts; absent means everywhere.</summary>
    public PatternBody? Scope { get; init; }

    /// <summary>From when on; absent means at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Until when (exclusive); absent means until it is taken away.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>A role that somebody has.</summary>
public sealed record AssignmentAnswer
{
    public required string Id { get; init; }
    public required string Key { get; init; }
    public string? Subject { get; init; }
    public string? Group { get; init; }
    public required string Role { get; init; }
    public PatternBody? Scope { get; init; }
    public DateTimeOffset? NotBefore { get; init; }
    public DateTimeOffset? NotAfter { get; init; }
    public required long Revision { get; init; }
}

/// <summary>An authorization policy to be put in force.</summary>
public sealed record PolicyBody
{
    /// <summary>Its files.</summary>
    public required IReadOnlyList<PolicyModuleBody> Modules { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>One file of a policy.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Rego.</param>
public sealed record PolicyModuleBody(string Name, string Text);

/// <summary>The authorization policy in force.</summary>
public sealed record PolicyAnswer
{
    /// <summary>0 for the policy that ships with the server.</summary>
    public required long Revision { get; init; }

    /// <summary>Its name and the beginning of its digest, as entries of the log have it.</summary>
    public required string Name { get; init; }
    public required IReadOnlyList<PolicyModuleBody> Modules { get; init; }
}

/// <summary>An earlier policy to be put in force again.</summary>
/// <param name="Revision">Which; 0 for the policy that ships with the server.</param>
/// <param name="Reason">Why.</param>
public sealed record PolicyRollbackBody(long Revision, string? Reason);

/// <summary>A policy to be tried on what was decided before.</summary>
public sealed record PolicyDryRunBody
{
    /// <summary>Its files.</summary>
    public required IReadOnlyList<PolicyModuleBody> Modules { get; init; }

    /// <summary>The index of the first entry looked at; default the newest entries that fit.</summary>
    public long? From { get; init; }

    /// <summary>The index of the first entry not looked at any more; default the end of the log.</summary>
    public long? To { get; init; }

    /// <summary>Questions made up, at most 50, asked on the roles of now: <c>actor</c>, <c>checks</c>, <c>ticket</c>, <c>incident</c>, <c>time</c>, as in <c>policies/inputs.json</c>.</summary>
    public IReadOnlyList<JsonElement>? Inputs { get; init; }
}

/// <summary>What another policy would have decided.</summary>
public sealed record PolicyDryRunAnswer
{
    /// <summary>The index of the first entry looked at.</summary>
    public required long From { get; init; }

    /// <summary>The index of the first entry not looked at any more.</summary>
    public required long To { get; init; }

    /// <summary>How many decisions were asked for again.</summary>
    public required long Decisions { get; init; }

    /// <summary>How many entries hold no question that can be asked again: those of the server itself, imports, and those made before questions were kept whole.</summary>
    public required long Skipped { get; init; }

    /// <summary>How many were allowed and would be denied.</summary>
    public required long NewlyDenied { get; init; }

    /// <summary>How many were denied and would be allowed.</summary>
    public required long NewlyAllowed { get; init; }

    /// <summary>The first of those that differ.</summary>
    public required IReadOnlyList<PolicyDifferenceAnswer> Differences { get; init; }

    /// <summary>What would be said to each question made up, in their order; absent where none was asked.</summary>
    public IReadOnlyList<PolicyTrialAnswer>? Trials { get; init; }
}

/// <summary>What a policy would say to a question made up.</summary>
/// <param name="Verdict"><c>allow</c> or <c>deny</c>.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record PolicyTrialAnswer(string Verdict, string Reason);

/// <summary>A decision that would be another.</summary>
/// <param name="Index">The entry.</param>
/// <param name="Verdict">What was decided: <c>allow</c> or <c>deny</c>.</param>
/// <param name="Candidate">What would be decided.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record PolicyDifferenceAnswer(long Index, string Verdict, string Candidate, string Reason);

/// <summary>Who could have changed a flag in an environment at a time.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="At">The time.</param>
/// <param name="Who">Everybody whom the ledger knows and who could have done anything.</param>
/// <param name="Note">What the ledger does not know.</param>
public sealed record WhoCouldAnswer(string Environment, DateTimeOffset At, IReadOnlyList<PossibleActorAnswer> Who, string Note);

/// <summary>Somebody who could.</summary>
/// <param name="Kind"><c>token</c>, <c>subject</c> or <c>group</c>.</param>
/// <param name="Name">The token's id, the pseudonymous id, or the group's name.</param>
/// <param name="Actions">What it could have done.</param>
public sealed record PossibleActorAnswer(string Kind, string Name, IReadOnlyList<string> Actions);
