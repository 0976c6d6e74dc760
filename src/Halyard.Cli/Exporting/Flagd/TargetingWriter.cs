using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Exporting.Flagd;

/// <summary>Writes what a flag serves as one <c>if</c> with a branch for each step of an evaluation.</summary>
internal sealed partial class TargetingWriter(
    FlagDefinition flag,
    IReadOnlyDictionary<string, SegmentDefinition> segments,
    List<string> gaps
)
{
    private readonly ConditionWriter _conditions = new(segments, gaps);

    /// <summary>Adds <c>targeting</c> and <c>defaultVariant</c>; exact only where no gap was added.</summary>
    public void Write(FlagEnvironment configuration, JsonObject written)
    {
        if (configuration.Prerequisites.Count > 0)
            gaps.Add("prerequisites");
        var branches = new JsonArray();
        WriteOverrides(configuration.Overrides, branches);
        // After a branch for everybody the rest is never asked.
        var ends = configuration.Rules.Where(rule => rule.Enabled).Any(rule => WriteRule(rule, branches));
        if (!ends)
            WriteFallthrough(configuration, branches);
        written["defaultVariant"] = configuration.Fallthrough.Variant ?? configuration.OffVariant;
        if (branches.Count == 0)
            return;
        if (!ends && branches.Count % 2 == 0)
            branches.Add(null);
        CheckNames();
        written["targeting"] = new JsonObject { ["if"] = branches };
    }

    // In the order of an evaluation: emergencies, then those of a user, then those of an attribute.
    private void WriteOverrides(Sequence<Override> overrides, JsonArray branches)
    {
        var ordered = overrides.OrderBy(pin =>
            pin.Emergency ? 0
            : pin.Attribute is null ? 1
            : 2
        );
        foreach (var pin in ordered)
        {
            var value = JsonNode.Parse(pin.Value.Json);
            var isUser = ConditionWriter.Operation("===", ConditionWriter.Variable(pin.Attribute ?? "targetingKey", gaps), value);
            branches.Add(pin.ExpiresAt is { } expiry ? ConditionWriter.All([isUser, Before(expiry)]) : isUser);
            branches.Add(pin.Variant);
        }
    }

    // flagd's time is whole seconds: an expiry between two of them would come too late.
    private JsonObject Before(DateTimeOffset expiry)
    {
        if (expiry.UtcTicks % TimeSpan.TicksPerSecond != 0)
            gaps.Add("an override that expires at a fraction of a second");
        var timestamp = new JsonObject { ["var"] = "$flagd.timestamp" };
        return ConditionWriter.Operation("<", timestamp, expiry.ToUnixTimeSeconds());
    }

    /// <summary>Adds a rule; true where it serves everybody that is left.</summary>
    private bool WriteRule(TargetingRule rule, JsonArray branches)
    {
        var conditions = rule.Conditions.Select(_conditions.Write).ToList();
        var served = Served(rule.Serve, conditions);
        if (conditions.Count == 0)
        {
            branches.Add(served);
            return true;
        }
        branches.Add(ConditionWriter.All(conditions));
        branches.Add(served);
        return false;
    }

    private void WriteFallthrough(FlagEnvironment configuration, JsonArray branches)
    {
        if (configuration.Fallthrough.Rollout is null)
            return;
        var conditions = new List<JsonNode>();
        var served = Served(configuration.Fallthrough, conditions);
        branches.Add(ConditionWriter.All(conditions));
        branches.Add(served);
    }

    /// <summary>What is served; a split adds the condition that there is something to hash.</summary>
    private JsonNode? Served(Serve serve, List<JsonNode> conditions)
    {
        if (serve.Rollout is not { } rollout)
            return serve.Variant;
        if (flag.Hash != BucketingHash.Flagd)
            gaps.Add($"a rollout that places users by the rule of {WireNames.Of(flag.Hash)}");
        if (rollout.Remainder != 0)
            gaps.Add("a rollout with a remainder for the next rule");
        if (rollout.Experiment is not null)
            gaps.Add("an experiment");
        var variable = ConditionWriter.Variable(rollout.BucketBy ?? "targetingKey", gaps);
        conditions.Add(ConditionWriter.Operation("!=", variable.DeepClone(), null));

        var salt = rollout.Salt ?? flag.Salt ?? flag.Key;
        var prefix = salt == flag.Key ? new JsonObject { ["var"] = "$flagd.flagKey" } : (JsonNode)salt;
        var arguments = new JsonArray { ConditionWriter.Operation("cat", prefix, variable) };
        foreach (var weight in rollout.Weights)
            arguments.Add(new JsonArray(weight.Variant, weight.Weight));
        return new JsonObject { ["fractional"] = arguments };
    }

    // flagd looks a variant up by the JSON text that its logic results in: names must read the same there.
    private void CheckNames()
    {
        if (flag.Variants.Any(variant => !PlainName().IsMatch(variant.Key)))
            gaps.Add("targeting with a variant whose name is not made of letters, digits, spaces and . _ - : /");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:/ -]+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PlainName();
}
