using System.Collections.Frozen;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags;

/// <summary>
/// Operations as JSON: <c>{"op":"setEnabled", …, "baseRevision":41}</c>. Reading reports every problem with its pointer and
/// refuses members it does not know, so that a typo cannot silently weaken a change.
/// </summary>
public static class OperationJson
{
    /// <summary>The most operations in one change.</summary>
    public const int MaxOperations = 200;

    private const int Words = Limits.Text;

    private static readonly FrozenDictionary<string, OperationForm> Forms = FlagOperations()
        .Concat(ConfigurationOperations())
        .Concat(StructureOperations())
        .ToFrozenDictionary(form => form.Name, StringComparer.Ordinal);

    /// <summary>The JSON names of all operations that can be sent, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Forms.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads one operation, or reports what is wrong and returns <see langword="null"/>.</summary>
    public static Operation? Read(JsonCursor json) => Read(json, keepsSource: true);

    /// <summary>The same, with a choice.</summary>
    /// <param name="json">The operation.</param>
    /// <param name="keepsSource">Whether <see cref="Operation.Source"/> is wanted; for a large file it would be most of the memory.</param>
    internal static Operation? Read(JsonCursor json, bool keepsSource)
    {
        if (json.Element.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            json.Problem("must be an object");
            return null;
        }
        var name = json.RequiredString("op", Limits.Identifier);
        if (name.Length == 0)
            return null;
        if (!Forms.TryGetValue(name, out var form))
        {
            json["op"].Problem($"'{name}' is not an operation; known are {string.Join(", ", Names)}");
            return null;
        }
        if (!json.IsObject(form.Known))
            return null;
        var operation = form.Read(json);
        return operation with
        {
            BaseRevision = json["baseRevision"].Exists ? json.RequiredLong("baseRevision", 0) : null,
            Source = keepsSource ? json.Element.GetRawText() : "",
        };
    }

    private static IEnumerable<OperationForm> FlagOperations() =>
        [
            new(
                "createFlag",
                [
                    "flag",
                    "name",
                    "description",
                    "type",
                    "kind",
                    "status",
                    "owner",
                    "tags",
                    "variants",
                    "salt",
                    "hash",
                    "sensitive",
                    "defaults",
                    "environments",
                ],
                ReadCreateFlag
            ),
            new(
                "updateFlag",
                ["flag", "name", "description", "owner", "tags", "kind", "hash"],
                json => new UpdateFlag(
                    json.RequiredKey("flag"),
                    OptionalWords(json, "name"),
                    OptionalWords(json, "description"),
                    OptionalWords(json, "owner", Limits.Identifier * 2),
                    json["tags"].Exists ? Tags(json) : null,
                    json["kind"].Exists ? json.RequiredEnum<FlagKind>("kind") : null,
                    json["hash"].Exists ? json.RequiredEnum<BucketingHash>("hash") : null
                )
            ),
            new(
                "setStatus",
                ["flag", "status"],
                json => new SetStatus(json.RequiredKey("flag"), json.RequiredEnum<FlagStatus>("status"))
            ),
            new("deleteFlag", ["flag"], json => new DeleteFlag(json.RequiredKey("flag"))),
            new(
                "addVariant",
                ["flag", "variant"],
                json => new AddVariant(json.RequiredKey("flag"), DefinitionJson.ReadVariant(json["variant"]))
            ),
            new(
                "updateVariant",
                ["flag", "variant", "value", "description"],
                json => new UpdateVariant(
                    json.RequiredKey("flag"),
                    json.RequiredString("variant", Limits.Identifier),
                    json["value"].Exists ? json.RequiredValue("value") : null,
                    OptionalWords(json, "description")
                )
            ),
            new(
                "removeVariant",
                ["flag", "variant"],
                json => new RemoveVariant(json.RequiredKey("flag"), json.RequiredString("variant", Limits.Identifier))
            ),
            new(
                "revertToRevision",
                ["flag", "revision", "environment"],
                json => new RevertToRevision(
                    json.RequiredKey("flag"),
                    json.RequiredLong("revision", 1),
                    json["environment"].Exists ? json.RequiredKey("environment") : null
                )
            ),
        ];

    private static IEnumerable<OperationForm> ConfigurationOperations() =>
        [
            Configuration("setEnabled", ["enabled"], (json, f, e) => new SetEnabled(f, e, json.RequiredBool("enabled"))),
            Configuration(
                "setOffVariant",
                ["variant"],
                (json, f, e) => new SetOffVariant(f, e, json.RequiredString("variant", Limits.Identifier))
            ),
            Configuration(
                "setFallbackVariant",
                ["variant"],
                (json, f, e) => new SetFallbackVariant(f, e, json.NullableString("variant", Limits.Identifier, minLength: 1))
            ),
            Configuration(
                "setFallthrough",
                ["serve"],
                (json, f, e) => new SetFallthrough(f, e, DefinitionJson.ReadServe(json["serve"]))
            ),
            Configuration(
                "setRules",
                ["rules"],
                (json, f, e) =>
                    new SetRules(
                        f,
                        e,
                        json.List("rules", Limits.Rules, required: true).Select(DefinitionJson.ReadRule).ToSequence()
                    )
            ),
            Configuration(
                "addRule",
                ["rule", "index"],
                (json, f, e) =>
                    new AddRule(
                        f,
                        e,
                        DefinitionJson.ReadRule(json["rule"]),
                        json["index"].Exists ? json.RequiredInt("index", 0, Limits.Rules) : null
                    )
            ),
            Configuration("updateRule", ["rule"], (json, f, e) => new UpdateRule(f, e, DefinitionJson.ReadRule(json["rule"]))),
            Configuration(
                "removeRule",
                ["rule"],
                (json, f, e) => new RemoveRule(f, e, json.RequiredString("rule", Limits.Identifier))
            ),
            Configuration(
                "moveRule",
                ["rule", "index"],
                (json, f, e) =>
                    new MoveRule(f, e, json.RequiredString("rule", Limits.Identifier), json.RequiredInt("index", 0, Limits.Rules))
            ),
            Configuration(
                "setRollout",
                ["rule", "rollout"],
                (json, f, e) => new SetRollout(f, e, RuleOrNull(json), DefinitionJson.ReadRollout(json["rollout"]))
            ),
            Configuration(
                "addOverride",
                ["override"],
                (json, f, e) => new AddOverride(f, e, DefinitionJson.ReadOverride(json["override"]))
            ),
            Configuration(
                "removeOverride",
                ["override"],
                (json, f, e) => new RemoveOverride(f, e, json.RequiredString("override", Limits.Identifier))
            ),
            Configuration(
                "setPrerequisites",
                ["prerequisites"],
                (json, f, e) =>
                    new SetPrerequisites(
                        f,
                        e,
                        json.List("prerequisites", Limits.Prerequisites, required: true)
                            .Select(DefinitionJson.ReadPrerequisite)
                            .ToSequence()
                    )
            ),
            Configuration(
                "startExperiment",
                ["rule", "rollout"],
                (json, f, e) => new StartExperiment(f, e, RuleOrNull(json), DefinitionJson.ReadRollout(json["rollout"]))
            ),
            Configuration(
                "stopExperiment",
                ["rule", "variant"],
                (json, f, e) => new StopExperiment(f, e, RuleOrNull(json), json.RequiredString("variant", Limits.Identifier))
            ),
            Configuration("promote", ["from"], (json, f, e) => new Promote(f, json.RequiredKey("from"), e)),
        ];

    private static IEnumerable<OperationForm> StructureOperations() =>
        [
            new(
                "createSegment",
                ["segment", "name", "description", "includes", "excludes", "rules"],
                json => new CreateSegment(
                    new SegmentDefinition(
                        json.RequiredKey("segment"),
                        json.Strings("includes", Limits.SegmentMembers),
                        json.Strings("excludes", Limits.SegmentMembers),
                        SegmentRules(json)
                    ),
                    json.OptionalString("name", Words),
                    json.OptionalString("description", Words)
                )
            ),
            new(
                "updateSegment",
                ["segment", "name", "description", "includes", "excludes", "rules"],
                json => new UpdateSegment(
                    json.RequiredKey("segment"),
                    OptionalWords(json, "name"),
                    OptionalWords(json, "description"),
                    json["includes"].Exists ? json.Strings("includes", Limits.SegmentMembers) : null,
                    json["excludes"].Exists ? json.Strings("excludes", Limits.SegmentMembers) : null,
                    json["rules"].Exists ? SegmentRules(json) : null
                )
            ),
            new("deleteSegment", ["segment"], json => new DeleteSegment(json.RequiredKey("segment"))),
            new(
                "createEnvironment",
                ["environment", "name", "type", "order", "riskLevel", "estimatedUsers"],
                json => new CreateEnvironment(
                    json.RequiredKey("environment"),
                    json.OptionalString("name", Words),
                    json.RequiredEnum<EnvironmentType>("type"),
                    json["order"].Exists ? json.RequiredInt("order", 0) : null
                )
                {
                    RiskLevel = json["riskLevel"].Exists ? json.RequiredEnum<RiskLevel>("riskLevel") : null,
                    EstimatedUsers = json["estimatedUsers"].Exists
                        ? json.RequiredLong("estimatedUsers", 0, ProjectEnvironment.MaxUsers)
                        : null,
                }
            ),
            new(
                "updateEnvironment",
                ["environment", "name", "type", "order", "riskLevel", "estimatedUsers"],
                json => new UpdateEnvironment(
                    json.RequiredKey("environment"),
                    OptionalWords(json, "name"),
                    json["type"].Exists ? json.RequiredEnum<EnvironmentType>("type") : null,
                    json["order"].Exists ? json.RequiredInt("order", 0) : null
                )
                {
                    RiskLevel = json["riskLevel"].Exists ? json.RequiredEnum<RiskLevel>("riskLevel") : null,
                    EstimatedUsers = json["estimatedUsers"].Exists
                        ? json.RequiredLong("estimatedUsers", 0, ProjectEnvironment.MaxUsers)
                        : null,
                }
            ),
            new(
                "setEnvironmentEnabled",
                ["environment", "enabled"],
                json => new SetEnvironmentEnabled(json.RequiredKey("environment"), json.RequiredBool("enabled"))
            ),
            new("deleteEnvironment", ["environment"], json => new DeleteEnvironment(json.RequiredKey("environment"))),
            new(
                "createProject",
                ["project", "name", "description"],
                json => new CreateProject(
                    json.RequiredKey("project"),
                    json.OptionalString("name", Words),
                    json.OptionalString("description", Words)
                )
            ),
            new(
                "updateProject",
                ["project", "name", "description"],
                json => new UpdateProject(
                    json.RequiredKey("project"),
                    OptionalWords(json, "name"),
                    OptionalWords(json, "description")
                )
            ),
        ];

    private static CreateFlag ReadCreateFlag(JsonCursor json)
    {
        var type = json.OptionalEnum("type", FlagType.Boolean);
        return new CreateFlag(
            json.RequiredKey("flag"),
            json.OptionalString("name", Words),
            json.OptionalString("description", Words),
            type,
            json.OptionalEnum("kind", FlagKind.Release),
            json.OptionalEnum("status", FlagStatus.Active),
            json.OptionalString("owner", Limits.Identifier * 2),
            Tags(json),
            json["variants"].Exists || type != FlagType.Boolean
                ? json.List("variants", Limits.Variants, required: true, minCount: 1)
                    .Select(DefinitionJson.ReadVariant)
                    .ToSequence()
                : [new Variant("on", FlagValue.Of(true)), new Variant("off", FlagValue.Of(false))],
            json.NullableString("salt", Limits.Text),
            json.OptionalBool("sensitive"),
            json["defaults"].Exists && json["defaults"].IsObject("on", "off")
                ? new FlagDefaults(
                    json["defaults"].RequiredString("on", Limits.Identifier),
                    json["defaults"].RequiredString("off", Limits.Identifier)
                )
                : null,
            ReadInitialEnvironments(json["environments"]),
            json.OptionalEnum("hash", BucketingHash.Flagd)
        );
    }

    /// <summary>Either <c>{"enabled":true}</c> or a whole configuration (recognised by its <c>offVariant</c>).</summary>
    private static Dictionary<string, InitialConfiguration> ReadInitialEnvironments(JsonCursor json)
    {
        var environments = new Dictionary<string, InitialConfiguration>(StringComparer.Ordinal);
        if (!json.Exists)
            return environments;
        foreach (var (key, own) in json.Members())
        {
            if (own["offVariant"].Exists)
            {
                var settings = DefinitionJson.ReadEnvironment(own);
                environments[key] = new InitialConfiguration(settings.Enabled, settings);
            }
            else if (own.IsObject("enabled"))
            {
                environments[key] = new InitialConfiguration(own.RequiredBool("enabled"), null);
            }
        }
        return environments;
    }

    private static Sequence<string> Tags(JsonCursor json) =>
        json.Strings("tags", Limits.Variants, Limits.Identifier)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToSequence();

    private static Sequence<SegmentRule> SegmentRules(JsonCursor json) =>
        json.List("rules", Limits.Rules).Select(DefinitionJson.ReadSegmentRule).ToSequence();

    private static string? RuleOrNull(JsonCursor json) => json.NullableString("rule", Limits.Identifier, minLength: 1);

    /// <summary>Absent means "as it is"; null is refused, for it could be meant to clear.</summary>
    private static string? OptionalWords(JsonCursor json, string member, int most = Words) =>
        json[member].Exists ? json.OptionalString(member, most) : null;

    private static OperationForm Configuration(
        string name,
        string[] members,
        Func<JsonCursor, string, string, ConfigurationOperation> read
    ) =>
        new(
            name,
            ["flag", "environment", .. members],
            json => read(json, json.RequiredKey("flag"), json.RequiredKey("environment"))
        );

    private sealed record OperationForm(string Name, string[] Members, Func<JsonCursor, Operation> Read)
    {
        /// <summary>Its own members and those that every operation may have.</summary>
        public string[] Known { get; } = [.. Members, "op", "baseRevision"];
    }
}
