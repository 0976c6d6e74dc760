using System.Runtime.InteropServices;
using System.Text.Json;

namespace Halyard.Evaluation.Definitions;

public static partial class DefinitionJson
{
    /// <summary>Reads <c>{"key","value","description"}</c>.</summary>
    public static Variant ReadVariant(JsonCursor json) =>
        json.IsObject("key", "value", "description")
            ? new Variant(
                json.RequiredString("key", Limits.Identifier),
                json.RequiredValue("value"),
                json.OptionalString("description", Limits.Text)
            )
            : new Variant("", default);

    /// <summary>
    /// Reads <c>{"enabled","offVariant","prerequisites","overrides","rules","fallthrough","fallbackVariant"}</c>; the lists may be
    /// absent. <paramref name="alsoAllowed"/> names members that stand beside these and are the caller's to read.
    /// </summary>
    public static FlagEnvironment ReadEnvironment(JsonCursor json, ReadOnlySpan<string> alsoAllowed) =>
        json.IsObject([.. EnvironmentMembers, .. alsoAllowed])
            ? new FlagEnvironment(
                json.RequiredBool("enabled"),
                json.RequiredString("offVariant", Limits.Identifier),
                json.List("prerequisites", Limits.Prerequisites).Select(ReadPrerequisite).ToSequence(),
                json.List("overrides", Limits.Overrides).Select(ReadOverride).ToSequence(),
                json.List("rules", Limits.Rules).Select(ReadRule).ToSequence(),
                ReadServe(json["fallthrough"]),
                json.NullableString("fallbackVariant", Limits.Identifier, minLength: 1)
            )
            : new FlagEnvironment(false, "", [], [], [], Serve.One(""));

    /// <summary>Reads an environment that stands alone.</summary>
    public static FlagEnvironment ReadEnvironment(JsonCursor json) => ReadEnvironment(json, []);

    private static readonly string[] EnvironmentMembers =
    [
        "enabled",
        "offVariant",
        "prerequisites",
        "overrides",
        "rules",
        "fallthrough",
        "fallbackVariant",
    ];

    /// <summary>Reads <c>{"flag","variants"}</c>.</summary>
    public static Prerequisite ReadPrerequisite(JsonCursor json) =>
        json.IsObject("flag", "variants")
            ? new Prerequisite(
                json.RequiredKey("flag"),
                json.Strings("variants", Limits.Variants, Limits.Identifier, required: true, minCount: 1)
            )
            : new Prerequisite("", []);

    /// <summary>Reads an override: of a <c>targetingKey</c>, or of an <c>attribute</c> with a <c>value</c>.</summary>
    public static Override ReadOverride(JsonCursor json)
    {
        if (!json.IsObject("id", "targetingKey", "attribute", "value", "variant", "expiresAt", "emergency"))
            return new Override("", null, default, "");

        string? attribute = null;
        FlagValue value = default;
        if (json["targetingKey"].Exists)
        {
            if (json["attribute"].Exists || json["value"].Exists)
                json.Problem("must have either 'targetingKey' or 'attribute' and 'value'");
            value = FlagValue.Of(json.RequiredString("targetingKey", Limits.Text));
        }
        else if (json["attribute"].Exists || json["value"].Exists)
        {
            attribute = json.RequiredString("attribute", Limits.Text);
            value = json.RequiredValue("value");
        }
        else
        {
            json.Problem("must have 'targetingKey', or 'attribute' and 'value'");
        }
        return new Override(
            json.RequiredString("id", Limits.Identifier),
            attribute,
            value,
            json.RequiredString("variant", Limits.Identifier),
            json.OptionalTime("expiresAt"),
            json.OptionalBool("emergency")
        );
    }

    /// <summary>Reads <c>{"id","name","enabled","conditions","serve"}</c>; enabled by default, conditions may be absent.</summary>
    public static TargetingRule ReadRule(JsonCursor json) =>
        json.IsObject("id", "name", "enabled", "conditions", "serve")
            ? new TargetingRule(
                json.RequiredString("id", Limits.Identifier),
                json.OptionalString("name", Limits.Text),
                json.OptionalBool("enabled", fallback: true),
                ReadConditions(json),
                ReadServe(json["serve"])
            )
            : new TargetingRule("", "", false, [], Serve.One(""));

    /// <summary>
    /// Reads <c>{"key","includes","excludes","rules"}</c>; the lists may be absent. <paramref name="alsoAllowed"/> names members
    /// that stand beside these and are the caller's to read.
    /// </summary>
    public static SegmentDefinition ReadSegment(JsonCursor json, ReadOnlySpan<string> alsoAllowed) =>
        json.IsObject(["key", "includes", "excludes", "rules", .. alsoAllowed])
            ? new SegmentDefinition(
                json.RequiredKey("key"),
                json.Strings("includes", Limits.SegmentMembers),
                json.Strings("excludes", Limits.SegmentMembers),
                json.List("rules", Limits.Rules).Select(ReadSegmentRule).ToSequence()
            )
            : new SegmentDefinition("", [], [], []);

    /// <summary>Reads a segment that stands alone.</summary>
    public static SegmentDefinition ReadSegment(JsonCursor json) => ReadSegment(json, []);

    /// <summary>Reads <c>{"id","conditions"}</c>.</summary>
    public static SegmentRule ReadSegmentRule(JsonCursor json) =>
        json.IsObject("id", "conditions")
            ? new SegmentRule(json.RequiredString("id", Limits.Identifier), ReadConditions(json))
            : new SegmentRule("", []);

    /// <summary>
    /// Reads <c>{"attribute","operator","values","negate","whenMissing"}</c>; a segment condition has no attribute and is never
    /// missing. The operator <c>in</c> is read as <c>equals</c>.
    /// </summary>
    public static Condition ReadCondition(JsonCursor json)
    {
        if (!json.IsObject("attribute", "operator", "values", "negate", "whenMissing"))
            return new Condition("", ConditionOperator.Exists, []);

        var comparison = ReadOperator(json);
        if (comparison == ConditionOperator.Segment && json["attribute"].Exists)
            json["attribute"].Problem("a segment condition has no attribute");

        return new Condition(
            comparison == ConditionOperator.Segment ? "" : json.RequiredString("attribute", Limits.Text),
            comparison,
            json.List("values", Limits.Values).Select(value => value.Value()).ToSequence(),
            json.OptionalBool("negate"),
            json.OptionalEnum("whenMissing", WhenMissing.NoMatch)
        );
    }

    // The bytes are compared: text that is not valid Unicode cannot be compared as a string.
    private static ConditionOperator ReadOperator(JsonCursor json) =>
        json["operator"] is { Exists: true } name && JsonMarshal.GetRawUtf8Value(name.Element).SequenceEqual("\"in\""u8)
            ? ConditionOperator.Equals
            : json.RequiredEnum<ConditionOperator>("operator");

    /// <summary>Reads <c>{"variant"}</c> or <c>{"rollout"}</c>.</summary>
    public static Serve ReadServe(JsonCursor json)
    {
        if (!json.IsObject("variant", "rollout"))
            return Serve.One("");
        var (variant, rollout) = (json["variant"], json["rollout"]);
        if (variant.Exists == rollout.Exists)
            json.Problem("must have either 'variant' or 'rollout'");
        return rollout.Exists
            ? Serve.Split(ReadRollout(rollout))
            : Serve.One(variant.Exists ? variant.Text(Limits.Identifier, 1) : "");
    }

    /// <summary>Reads <c>{"weights","salt","bucketBy","remainder","experiment","gate"}</c>.</summary>
    public static Rollout ReadRollout(JsonCursor json) =>
        json.IsObject("weights", "salt", "bucketBy", "remainder", "experiment", "gate")
            ? new Rollout(
                json.List("weights", Limits.Variants, required: true).Select(ReadWeight).ToSequence(),
                json.NullableString("salt", Limits.Text),
                json.NullableString("bucketBy", Limits.Text, minLength: 1),
                json.OptionalInt("remainder", 0, 0),
                json["experiment"] is { Exists: true, Element.ValueKind: not JsonValueKind.Null } experiment
                    ? ReadExperiment(experiment)
                    : null,
                json["gate"] is { Exists: true, Element.ValueKind: not JsonValueKind.Null } gate ? ReadGate(gate) : null
            )
            : new Rollout([]);

    private static Gate ReadGate(JsonCursor json) =>
        json.IsObject("share", "salt", "bucketBy")
            ? new Gate(
                json.RequiredInt("share", 0, Limits.Traffic),
                json.NullableString("salt", Limits.Text),
                json.NullableString("bucketBy", Limits.Text, minLength: 1)
            )
            : new Gate(0);

    private static Experiment ReadExperiment(JsonCursor json) =>
        json.IsObject("key", "control", "traffic")
            ? new Experiment(
                json.RequiredString("key", Limits.Identifier),
                json.RequiredString("control", Limits.Identifier),
                json.RequiredInt("traffic", 0, Limits.Traffic)
            )
            : new Experiment("", "", 0);

    private static WeightedVariant ReadWeight(JsonCursor json) =>
        json.IsObject("variant", "weight")
            ? new WeightedVariant(json.RequiredString("variant", Limits.Identifier), json.RequiredInt("weight", 0))
            : new WeightedVariant("", 0);

    private static Sequence<Condition> ReadConditions(JsonCursor json) =>
        json.List("conditions", Limits.Conditions).Select(ReadCondition).ToSequence();
}
