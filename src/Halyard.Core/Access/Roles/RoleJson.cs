using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Access.Roles;

/// <summary>Roles and assignments as JSON. Reading reports every problem with its pointer and refuses members it does not know.</summary>
public static class RoleJson
{
    private const int MaxGrants = 100;
    private const int MaxNames = 100;
    private const int MaxAge = 30 * 24 * 60 * 60;

    /// <summary>The most characters of a group's name.</summary>
    public const int MaxGroup = 256;

    private static readonly string[] GrantMembers = ["effect", "actions", "resource", "when"];
    private static readonly string[] PatternMembers = ["projects", "environments", "environmentTypes", "tags", "kinds"];
    private static readonly string[] ConditionMembers = ["ticket", "incident", "actorKinds", "acr", "maxAgeSeconds"];

    /// <summary>Reads <c>grants</c>, and reports all that is wrong with them.</summary>
    public static Sequence<Grant> ReadGrants(JsonCursor json) =>
        json.List("grants", MaxGrants, required: true, minCount: 1).Select(ReadGrant).ToSequence();

    /// <summary>Reads which resources are meant; absent means everything.</summary>
    public static ResourcePattern ReadPattern(JsonCursor json)
    {
        if (!json.Exists || !json.IsObject(PatternMembers))
            return ResourcePattern.Everything;
        return new ResourcePattern(
            json.List("projects", MaxNames).Select(item => item.Key()).ToSequence(),
            json.List("environments", MaxNames).Select(item => item.Key()).ToSequence(),
            ReadNames<EnvironmentScope>(json, "environmentTypes"),
            json.Strings("tags", MaxNames, Limits.Identifier),
            json.List("kinds", MaxNames).Select(ReadKind).ToSequence()
        );
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not one of this kind: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind is not (ResourceKind.Role or ResourceKind.Assignment))
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        Resource resource = name.Kind == ResourceKind.Role ? ReadRole(json) : ReadAssignment(json);
        return problems.Count == 0 ? resource : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    internal static void WriteGrants(Utf8JsonWriter writer, Sequence<Grant> grants)
    {
        writer.WriteStartArray("grants");
        foreach (var grant in grants)
        {
            writer.WriteStartObject();
            WriteStrings(writer, "actions", grant.Actions);
            writer.WriteString("effect", WireNames.Of(grant.Effect));
            WritePattern(writer, "resource", grant.Resource);
            WriteConditions(writer, grant.When);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    /// <summary>Writes which resources are meant; nothing where everything is.</summary>
    internal static void WritePattern(Utf8JsonWriter writer, string member, ResourcePattern pattern)
    {
        if (pattern.IsEverything)
            return;
        writer.WriteStartObject(member);
        WriteStrings(writer, "environmentTypes", [.. pattern.EnvironmentTypes.Select(WireNames.Of)]);
        WriteStrings(writer, "environments", pattern.Environments);
        WriteStrings(writer, "kinds", pattern.Kinds);
        WriteStrings(writer, "projects", pattern.Projects);
        WriteStrings(writer, "tags", pattern.Tags);
        writer.WriteEndObject();
    }

    internal static void WriteUnlessNull(Utf8JsonWriter writer, string member, string? value)
    {
        if (value is not null)
            writer.WriteString(member, value);
    }

    private static Role ReadRole(JsonCursor json) =>
        new(
            json.RequiredString("id", int.MaxValue),
            json.RequiredKey("key"),
            json.OptionalString("name", int.MaxValue),
            json.OptionalString("description", int.MaxValue),
            ReadGrants(json)
        );

    private static Assignment ReadAssignment(JsonCursor json) =>
        new(
            json.RequiredString("id", int.MaxValue),
            json.NullableString("subject", int.MaxValue),
            json.NullableString("group", int.MaxValue),
            json.RequiredString("role", int.MaxValue),
            ReadPattern(json["scope"]),
            json.OptionalTime("notBefore"),
            json.OptionalTime("notAfter")
        );

    private static Grant ReadGrant(JsonCursor json)
    {
        if (!json.IsObject(GrantMembers))
            return new Grant(GrantEffect.Deny, [], ResourcePattern.Everything, GrantConditions.None);
        var grant = new Grant(
            json.RequiredEnum<GrantEffect>("effect"),
            json.List("actions", MaxNames, required: true, minCount: 1).Select(ReadAction).ToSequence(),
            ReadPattern(json["resource"]),
            ReadConditions(json["when"])
        );
        // A deny that rests on what may be unknown would fail open: only the kind of being is always known.
        if (grant.Effect == GrantEffect.Deny && grant.When with { ActorKinds = [] } != GrantConditions.None)
            json["when"].Problem("of a deny can name actorKinds alone; let an allow ask for the rest");
        return grant;
    }

    private static string ReadAction(JsonCursor json)
    {
        var action = json.Text(Limits.Identifier, 1);
        if (action.Length > 0 && Actions.Matching(action).Count == 0)
            json.Problem($"'{action}' is no action, and no action begins so");
        return action;
    }

    private static string ReadKind(JsonCursor json)
    {
        var kind = json.Text(Limits.Identifier, 1);
        if (kind.Length > 0 && ResourceKinds.Parse(kind) is null && !Actions.All.Any(action => Question.KindOf(action) == kind))
            json.Problem($"'{kind}' is not a kind of resource");
        return kind;
    }

    private static GrantConditions ReadConditions(JsonCursor json)
    {
        if (!json.Exists || !json.IsObject(ConditionMembers))
            return GrantConditions.None;
        return new GrantConditions(
            Demand(json, "ticket"),
            Demand(json, "incident"),
            ReadNames<ActorKind>(json, "actorKinds"),
            json.Strings("acr", MaxNames, Limits.Identifier),
            json["maxAgeSeconds"].Exists ? json.RequiredInt("maxAgeSeconds", 1, MaxAge) : null
        );
    }

    /// <summary>A demand is made or not; false could be meant to forbid, which it would not.</summary>
    private static bool Demand(JsonCursor json, string member)
    {
        if (!json[member].Exists)
            return false;
        if (!json.RequiredBool(member))
            json[member].Problem("must be true or left out");
        return true;
    }

    private static Sequence<TEnum> ReadNames<TEnum>(JsonCursor json, string member)
        where TEnum : struct, Enum
    {
        var values = new List<TEnum>();
        foreach (var item in json.List(member, MaxNames))
        {
            if (WireNames.TryParse<TEnum>(item.Text(Limits.Identifier, 1), out var value))
                values.Add(value);
            else
                item.Problem($"must be one of {string.Join(", ", WireNames.All<TEnum>())}");
        }
        return values.ToSequence();
    }

    private static void WriteConditions(Utf8JsonWriter writer, GrantConditions when)
    {
        if (when == GrantConditions.None)
            return;
        writer.WriteStartObject("when");
        WriteStrings(writer, "acr", when.Acr);
        WriteStrings(writer, "actorKinds", [.. when.ActorKinds.Select(WireNames.Of)]);
        if (when.Incident)
            writer.WriteBoolean("incident", true);
        if (when.MaxAgeSeconds is { } age)
            writer.WriteNumber("maxAgeSeconds", age);
        if (when.Ticket)
            writer.WriteBoolean("ticket", true);
        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string member, Sequence<string> values)
    {
        if (values.Count == 0)
            return;
        writer.WriteStartArray(member);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
