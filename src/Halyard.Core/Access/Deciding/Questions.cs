using Halyard.Core.Access.Roles;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Access.Deciding;

/// <summary>Questions as canonical JSON, as policies see them and as the log keeps them. No personal values.</summary>
public static class Questions
{
    /// <summary>Whether an actor may take actions on resources.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="action">What the request asks for.</param>
    /// <param name="checks">Everything that must be allowed.</param>
    /// <param name="now">The time of the question.</param>
    /// <param name="reference">What stands for a ticket and for an incident, or <see langword="null"/> for none.</param>
    public static byte[] OfChecks(
        Actor actor,
        string action,
        IReadOnlyList<Check> checks,
        DateTimeOffset now,
        string? reference = null
    )
    {
        var writer = new CanonicalWriter(512).StartObject();
        writer.Name("action").String(action);
        Write(writer, actor);
        Write(writer, checks);
        if (reference is not null)
            writer.Name("incident").String(reference);
        writer.Name("tenant").String(actor.Tenant);
        if (reference is not null)
            writer.Name("ticket").String(reference);
        writer.Name("time").Number(now.ToUnixTimeSeconds());
        return writer.EndObject().ToArray();
    }

    /// <summary>Of which resources an actor may take an action.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="action">What the request asks for.</param>
    /// <param name="project">The project, or empty for the tenant itself.</param>
    /// <param name="now">The time of the question.</param>
    /// <param name="whole">
    /// Whether it must be all of the project, or of the tenant: no question to the policy, but without it nobody could tell from the
    /// answer what was decided.
    /// </param>
    public static byte[] OfList(Actor actor, string action, string project, DateTimeOffset now, bool whole = false)
    {
        var writer = new CanonicalWriter(512).StartObject();
        writer.Name("action").String(action);
        Write(writer, actor);
        writer.Name("list").StartObject();
        writer.Name("action").String(action);
        if (whole)
            writer.Name("whole").Boolean(true);
        writer.EndObject();
        writer.Name("project").String(project);
        writer.Name("tenant").String(actor.Tenant);
        writer.Name("time").Number(now.ToUnixTimeSeconds());
        return writer.EndObject().ToArray();
    }

    /// <summary>Writes the member <c>actor</c>. What is not known of him is left out: a condition on it then does not hold.</summary>
    public static void Write(CanonicalWriter writer, Actor actor)
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
        WriteStrings(writer, "environmentTypes", limits.EnvironmentTypes.Select(WireNames.Of).ToSequence());
        WriteStrings(writer, "environments", limits.Environments);
        WriteStrings(writer, "kinds", limits.Kinds);
        WriteStrings(writer, "projects", limits.Projects);
        WriteStrings(writer, "tags", limits.Tags);
        writer.EndObject();
    }

    /// <summary>Writes the member <c>checks</c>.</summary>
    public static void Write(CanonicalWriter writer, IReadOnlyList<Check> checks)
    {
        writer.Name("checks").StartArray();
        foreach (var check in checks)
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
        writer.EndArray();
    }

    private static void WriteStrings(CanonicalWriter writer, string member, Sequence<string> values)
    {
        writer.Name(member).StartArray();
        foreach (var value in values.AsSpan())
            writer.String(value);
        writer.EndArray();
    }
}
