using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes;

/// <summary>The question that policies see and the log keeps: who, what kind of change, on what, reaching where. No personal values.</summary>
internal static class DecisionInput
{
    /// <summary>The question whether a change may take effect, or an event be recorded.</summary>
    public static byte[] Write(
        Actor actor,
        Change change,
        StepEdits step,
        Impact impact,
        IReadOnlyList<Check> checks,
        DateTimeOffset now
    )
    {
        var writer = new CanonicalWriter(512).StartObject();
        writer.Name("action").String(change.Action);
        WriteActor(writer, actor);
        var actions = step.Changes.Select(item => item.Action).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        WriteStrings(writer, "changes", actions);
        writer.Name("checks").StartArray();
        foreach (var check in checks)
            WriteCheck(writer, check);
        writer.EndArray();
        writer.Name("environments").StartArray();
        foreach (var environment in impact.Environments)
        {
            writer.StartObject();
            writer.Name("key").String(environment.Key);
            writer.Name("type").String(WireNames.Of(environment.Type)).EndObject();
        }
        writer.EndArray();
        WriteStrings(writer, "flags", impact.Flags);
        if (change.Incident is { } incident)
            writer.Name("incident").String(incident);
        writer.Name("project").String(change.Project);
        writer.Name("resources").StartArray();
        foreach (var edit in step.Edits)
            WriteResource(writer, edit);
        writer.EndArray();
        writer.Name("tenant").String(actor.Tenant);
        if (change.Ticket is { } ticket)
            writer.Name("ticket").String(ticket);
        writer.Name("time").Number(now.ToUnixTimeSeconds());
        return writer.EndObject().ToArray();
    }

    /// <summary>The question of which resources an action may be taken.</summary>
    public static byte[] WriteList(Actor actor, string action, string project, DateTimeOffset now)
    {
        var writer = new CanonicalWriter(512).StartObject();
        writer.Name("action").String(action);
        WriteActor(writer, actor);
        writer.Name("list").StartObject();
        writer.Name("action").String(action).EndObject();
        writer.Name("project").String(project);
        writer.Name("tenant").String(actor.Tenant);
        writer.Name("time").Number(now.ToUnixTimeSeconds());
        return writer.EndObject().ToArray();
    }

    private static void WriteCheck(CanonicalWriter writer, Check check)
    {
        writer.StartObject();
        WriteStrings(writer, "actions", check.Actions);
        if (check.IsPartial)
            writer.Name("partial").Boolean(true);
        writer.Name("resource").StartObject();
        writer.Name("environment").String(check.Resource.Environment);
        writer.Name("environmentType").String(WireNames.Of(check.Resource.EnvironmentType));
        writer.Name("key").String(check.Resource.Key);
        writer.Name("kind").String(check.Resource.Kind);
        writer.Name("project").String(check.Resource.Project);
        WriteStrings(writer, "tags", check.Resource.Tags);
        writer.EndObject().EndObject();
    }

    /// <summary>What is not known of the actor is left out: a condition on it then does not hold.</summary>
    private static void WriteActor(CanonicalWriter writer, Actor actor)
    {
        writer.Name("actor").StartObject();
        if (actor.Acr is { } acr)
            writer.Name("acr").String(acr);
        writer.Name("auth").String(actor.Authentication);
        if (actor.AuthenticatedAt is { } authenticated)
            writer.Name("authTime").Number(authenticated.ToUnixTimeSeconds());
        if (actor.Groups.Count > 0)
            WriteStrings(writer, "groups", actor.Groups);
        if (actor.Issuer is { } issuer)
            writer.Name("issuer").String(issuer);
        writer.Name("kind").String(WireNames.Of(actor.Kind));
        if (!actor.Limits.IsEverything)
            WriteLimits(writer, actor.Limits);
        if (actor.Owner is { } owner)
            writer.Name("owner").String(owner);
        WriteStrings(writer, "roles", actor.Roles);
        writer.Name("sid").String(actor.Subject).EndObject();
    }

    private static void WriteLimits(CanonicalWriter writer, ResourcePattern limits)
    {
        writer.Name("limits").StartObject();
        WriteStrings(writer, "environmentTypes", limits.EnvironmentTypes.Select(WireNames.Of));
        WriteStrings(writer, "environments", limits.Environments);
        WriteStrings(writer, "kinds", limits.Kinds);
        WriteStrings(writer, "projects", limits.Projects);
        WriteStrings(writer, "tags", limits.Tags);
        writer.EndObject();
    }

    private static void WriteResource(CanonicalWriter writer, ResourceEdit edit)
    {
        writer.StartObject();
        writer.Name("id").String((edit.Before?.Resource ?? edit.After)!.Id);
        writer.Name("key").String(edit.Name.Key);
        writer.Name("kind").String(edit.Name.Kind.Name());
        // Tags decide exemptions: those that the flag had before count, not those that the change gives it.
        if (edit.Before?.Resource is Flag flag)
            WriteStrings(writer, "tags", flag.Tags);
        writer.EndObject();
    }

    private static void WriteStrings(CanonicalWriter writer, string member, IEnumerable<string> values)
    {
        writer.Name(member).StartArray();
        foreach (var value in values)
            writer.String(value);
        writer.EndArray();
    }
}
