using System.Text.Json;

namespace Halyard.Evaluation.Definitions;

public static partial class DefinitionJson
{
    /// <summary>Writes what <see cref="ReadVariant"/> reads.</summary>
    public static void WriteVariant(Utf8JsonWriter writer, Variant variant)
    {
        writer.WriteStartObject();
        writer.WriteString("description", variant.Description);
        writer.WriteString("key", variant.Key);
        writer.WritePropertyName("value");
        WriteValue(writer, variant.Value);
        writer.WriteEndObject();
    }

    /// <summary>Writes what <see cref="ReadEnvironment(JsonCursor)"/> reads.</summary>
    public static void WriteEnvironment(Utf8JsonWriter writer, FlagEnvironment environment)
    {
        writer.WriteStartObject();
        WriteEnvironmentMembers(writer, environment);
        writer.WriteEndObject();
    }

    /// <summary>
    /// Writes the members alone, for a caller that has others to write beside them; what they are is written behind
    /// <c>enabled</c>, where <c>environmentId</c> stands in canonical order.
    /// </summary>
    public static void WriteEnvironmentMembers(Utf8JsonWriter writer, FlagEnvironment environment, string? id = null)
    {
        writer.WriteBoolean("enabled", environment.Enabled);
        if (id is not null)
            writer.WriteString("environmentId", id);
        if (environment.FallbackVariant is not null)
            writer.WriteString("fallbackVariant", environment.FallbackVariant);
        writer.WritePropertyName("fallthrough");
        WriteServe(writer, environment.Fallthrough);
        writer.WriteString("offVariant", environment.OffVariant);
        WriteList(writer, "overrides", environment.Overrides, WriteOverride);
        WriteList(writer, "prerequisites", environment.Prerequisites, WritePrerequisite);
        WriteList(writer, "rules", environment.Rules, WriteRule);
    }

    /// <summary>Writes what <see cref="ReadPrerequisite"/> reads.</summary>
    public static void WritePrerequisite(Utf8JsonWriter writer, Prerequisite prerequisite)
    {
        writer.WriteStartObject();
        writer.WriteString("flag", prerequisite.Flag);
        WriteStrings(writer, "variants", prerequisite.Variants);
        writer.WriteEndObject();
    }

    /// <summary>Writes what <see cref="ReadOverride"/> reads.</summary>
    public static void WriteOverride(Utf8JsonWriter writer, Override pin)
    {
        writer.WriteStartObject();
        writer.WriteString("id", pin.Id);
        if (pin.Attribute is not null)
            writer.WriteString("attribute", pin.Attribute);
        writer.WritePropertyName(pin.Attribute is null ? "targetingKey" : "value");
        WriteValue(writer, pin.Value);
        writer.WriteString("variant", pin.Variant);
        if (pin.ExpiresAt is { } expiry)
            writer.WriteString("expiresAt", Rfc3339.Format(expiry));
        if (pin.Emergency)
            writer.WriteBoolean("emergency", true);
        writer.WriteEndObject();
    }

    /// <summary>Writes what <see cref="ReadRule"/> reads.</summary>
    public static void WriteRule(Utf8JsonWriter writer, TargetingRule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("id", rule.Id);
        writer.WriteString("name", rule.Name);
        writer.WriteBoolean("enabled", rule.Enabled);
        WriteList(writer, "conditions", rule.Conditions, WriteCondition);
        writer.WritePropertyName("serve");
        WriteServe(writer, rule.Serve);
        writer.WriteEndObject();
    }

    /// <summary>Writes what <see cref="ReadSegment(JsonCursor)"/> reads.</summary>
    public static void WriteSegment(Utf8JsonWriter writer, SegmentDefinition segment)
    {
        writer.WriteStartObject();
        writer.WriteString("key", segment.Key);
        WriteSegmentMembers(writer, segment);
        writer.WriteEndObject();
    }

    /// <summary>Writes the members but <c>key</c>, for a caller that has others to write beside them.</summary>
    public static void WriteSegmentMembers(Utf8JsonWriter writer, SegmentDefinition segment)
    {
        WriteStrings(writer, "includes", segment.Includes);
        WriteStrings(writer, "excludes", segment.Excludes);
        WriteList(writer, "rules", segment.Rules, WriteSegmentRule);
    }

    /// <summary>Writes what <see cref="ReadSegmentRule"/> reads.</summary>
    public static void WriteSegmentRule(Utf8JsonWriter writer, SegmentRule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("id", rule.Id);
        WriteList(writer, "conditions", rule.Conditions, WriteCondition);
        writer.WriteEndObject();
    }

    /// <summary>Writes what <see cref="ReadCondition"/> reads.</summary>
    public static void WriteCondition(Utf8JsonWriter writer, Condition condition)
    {
        writer.WriteStartObject();
        if (condition.Operator != ConditionOperator.Segment)
            writer.WriteString("attribute", condition.Attribute);
        writer.WriteString("operator", condition.Operator.WireName());
        WriteList(writer, "values", condition.Values, WriteValue);
        if (condition.Negate)
            writer.WriteBoolean("negate", true);
        if (condition.WhenMissing != WhenMissing.NoMatch)
            writer.WriteString("whenMissing", condition.WhenMissing.WireName());
        writer.WriteEndObject();
    }

    /// <summary>Writes what <see cref="ReadServe"/> reads.</summary>
    public static void WriteServe(Utf8JsonWriter writer, Serve serve)
    {
        writer.WriteStartObject();
        if (serve.Variant is not null)
            writer.WriteString("variant", serve.Variant);
        if (serve.Rollout is not null)
        {
            writer.WritePropertyName("rollout");
            WriteRollout(writer, serve.Rollout);
        }
        writer.WriteEndObject();
    }

    /// <summary>Writes what <see cref="ReadRollout"/> reads.</summary>
    public static void WriteRollout(Utf8JsonWriter writer, Rollout rollout)
    {
        writer.WriteStartObject();
        WriteList(writer, "weights", rollout.Weights, WriteWeight);
        if (rollout.Salt is not null)
            writer.WriteString("salt", rollout.Salt);
        if (rollout.BucketBy is not null)
            writer.WriteString("bucketBy", rollout.BucketBy);
        if (rollout.Remainder != 0)
            writer.WriteNumber("remainder", rollout.Remainder);
        if (rollout.Experiment is { } experiment)
        {
            writer.WriteStartObject("experiment");
            writer.WriteString("key", experiment.Key);
            writer.WriteString("control", experiment.Control);
            writer.WriteNumber("traffic", experiment.Traffic);
            writer.WriteEndObject();
        }
        if (rollout.Gate is not null)
        {
            writer.WritePropertyName("gate");
            WriteGate(writer, rollout.Gate);
        }
        writer.WriteEndObject();
    }

    private static void WriteGate(Utf8JsonWriter writer, Gate gate)
    {
        writer.WriteStartObject();
        writer.WriteNumber("share", gate.Share);
        if (gate.Salt is not null)
            writer.WriteString("salt", gate.Salt);
        if (gate.BucketBy is not null)
            writer.WriteString("bucketBy", gate.BucketBy);
        writer.WriteEndObject();
    }

    private static void WriteWeight(Utf8JsonWriter writer, WeightedVariant weight)
    {
        writer.WriteStartObject();
        writer.WriteString("variant", weight.Variant);
        writer.WriteNumber("weight", weight.Weight);
        writer.WriteEndObject();
    }
}
