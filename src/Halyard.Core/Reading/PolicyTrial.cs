using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Reading;

/// <summary>A question made up to try a policy with: who might do what, as <c>policies/inputs.json</c> has them.</summary>
/// <param name="Actor">Who would ask.</param>
/// <param name="Question">What would be asked, as canonical JSON.</param>
public sealed record PolicyTrial(Actor Actor, ReadOnlyMemory<byte> Question)
{
    /// <summary>The most questions of one request.</summary>
    public const int MaxTrials = 50;

    private const int MaxNames = 100;

    // The last second that a time can tell.
    private const long MaxTime = 253_402_300_799;

    private static readonly string[] Members = ["name", "actor", "checks", "ticket", "incident", "time", "expect"];
    private static readonly string[] ActorMembers = ["sid", "kind", "auth", "roles", "groups", "acr", "authTime", "limits"];
    private static readonly string[] ResourceMembers = ["kind", "project", "key", "environment", "environmentType", "tags"];

    /// <summary>
    /// Reads <c>inputs</c>, and reports all that is wrong with them. <c>name</c> and <c>expect</c>, which cases have besides, are let stand
    /// and not looked at.
    /// </summary>
    public static IReadOnlyList<PolicyTrial> Read(JsonCursor json, string tenant, DateTimeOffset now) =>
        [.. json.List("inputs", MaxTrials).Select(item => ReadOne(item, tenant, now))];

    /// <summary>What a policy says to it, on the roles of a state.</summary>
    public AccessPlan Ask(AccessState state, PolicyProgram candidate, DateTimeOffset now) =>
        candidate.Ask(Asking.With(state, Actor, Question.Span), state.Name, now);

    private static PolicyTrial ReadOne(JsonCursor json, string tenant, DateTimeOffset now)
    {
        json.IsObject(Members);
        var actor = ReadActor(json["actor"], tenant);
        var checks = json.List("checks", MaxNames, required: true, minCount: 1).Select(ReadCheck).ToList();
        var incident = json.NullableString("incident", Limits.Identifier, minLength: 1);
        var ticket = json.NullableString("ticket", Limits.Identifier, minLength: 1);
        var time = json.OptionalLong("time", now.ToUnixTimeSeconds(), 0, MaxTime);
        var writer = new CanonicalWriter(512).StartObject();
        writer.Name("action").String(checks.SelectMany(check => check.Actions).FirstOrDefault() ?? "");
        Questions.Write(writer, actor);
        Questions.Write(writer, checks);
        if (incident is not null)
            writer.Name("incident").String(incident);
        writer.Name("tenant").String(tenant);
        if (ticket is not null)
            writer.Name("ticket").String(ticket);
        writer.Name("time").Number(time);
        return new PolicyTrial(actor, writer.EndObject().ToArray());
    }

    private static Actor ReadActor(JsonCursor json, string tenant)
    {
        json.IsObject(ActorMembers);
        var authenticated = json["authTime"].Exists ? json.RequiredLong("authTime", 0, MaxTime) : (long?)null;
        return new Actor(
            tenant,
            json.OptionalString("sid", Limits.Identifier, "u_trial"),
            json.OptionalEnum<ActorKind>("kind"),
            json.OptionalString("auth", Limits.Identifier, "oidc"),
            json.Strings("roles", MaxNames, Limits.Identifier),
            null
        )
        {
            Groups = json.Strings("groups", MaxNames, RoleJson.MaxGroup),
            Acr = json.NullableString("acr", Limits.Identifier, minLength: 1),
            AuthenticatedAt = authenticated is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
            Limits = RoleJson.ReadPattern(json["limits"]),
        };
    }

    private static Check ReadCheck(JsonCursor json)
    {
        json.IsObject("actions", "resource", "partial");
        var resource = json["resource"];
        resource.IsObject(ResourceMembers);
        return new Check(
            json.List("actions", MaxNames, required: true, minCount: 1)
                .Select(action => action.Text(Limits.Identifier, 1))
                .ToSequence(),
            new ResourceAttributes(
                resource.RequiredString("kind", Limits.Identifier),
                resource.OptionalString("project", Limits.Identifier),
                resource.OptionalString("key", Limits.Identifier),
                resource.OptionalString("environment", Limits.Identifier),
                resource.OptionalEnum<EnvironmentScope>("environmentType"),
                resource.Strings("tags", MaxNames, Limits.Identifier)
            ),
            json.OptionalBool("partial")
        );
    }
}
