using System.Globalization;
using System.Text.Json.Nodes;
using Halyard.Evaluation.Definitions;
using Halyard.Testing;

namespace Halyard.Evaluation.Tests.Bucketing.Vendors;

/// <summary>
/// Unleash's client specification, the features whose answers hang on a hash, said in Halyard's model by the shortest way: one
/// rule for each strategy and each kind of stickiness.
/// </summary>
internal static class UnleashSuite
{
    private const string Off = "#off";
    private const string On = "#on";

    public static JsonObject Read(string file) =>
        JsonNode.Parse(File.ReadAllText(Suites.Require($"unleash/specifications/{file}.json")))!.AsObject();

    public static CompiledSnapshot Compile(JsonObject specification) =>
        Given.Snapshot(specification["state"]!["features"]!.AsArray().Select(feature => FlagOf(feature!)));

    /// <summary>The variant's name; <see langword="null"/> where the feature is off, empty where it is on without a variant.</summary>
    public static string? Answer(CompiledSnapshot snapshot, JsonNode test)
    {
        var result = Evaluator.Evaluate(snapshot, (string)test["toggleName"]!, ContextOf(test["context"]!.AsObject()), Given.Now);
        return result.Variant?.Key switch
        {
            null or Off => null,
            On => "",
            var name => name,
        };
    }

    private static EvaluationContext ContextOf(JsonObject context)
    {
        var flat = new JsonObject(context.Where(member => member.Key != "properties").Select(Copy));
        foreach (var (name, value) in context["properties"]?.AsObject() ?? [])
            flat[name] = value!.DeepClone();
        return Given.Context(flat.ToJsonString());
    }

    private static KeyValuePair<string, JsonNode?> Copy(KeyValuePair<string, JsonNode?> member) =>
        new(member.Key, member.Value?.DeepClone());

    private static FlagInEnvironment FlagOf(JsonNode feature)
    {
        var name = (string)feature["name"]!;
        var variants = feature["variants"]?.AsArray().ToList() ?? [];
        var definition = new FlagDefinition(
            name,
            FlagType.String,
            FlagStatus.Active,
            [
                new(Off, FlagValue.Of("")),
                new(On, FlagValue.Of("")),
                .. variants.Select(variant => new Variant((string)variant!["name"]!, FlagValue.Of(""))),
            ],
            Hash: BucketingHash.Unleash
        );
        var overrides = variants.SelectMany(Overrides).ToSequence();
        var strategies = feature["strategies"]!.AsArray();
        var rules =
            strategies.Count == 0 ? Unconditional(variants) : strategies.SelectMany(strategy => Strategy(strategy!, variants));
        var numbered = rules.Select((rule, i) => rule with { Id = i.ToString(CultureInfo.InvariantCulture) }).ToSequence();
        var environment = new FlagEnvironment((bool)feature["enabled"]!, Off, [], overrides, numbered, Serve.One(Off));
        return new FlagInEnvironment(definition, environment, 1);
    }

    private static IEnumerable<Override> Overrides(JsonNode? variant) =>
        from item in variant!["overrides"]?.AsArray() ?? []
        from value in item["values"]!.AsArray()
        let attribute = (string)item["contextName"]!
        select new Override(attribute + (string)value!, attribute, FlagValue.Of((string)value!), (string)variant["name"]!);

    private static IEnumerable<TargetingRule> Strategy(JsonNode strategy, List<JsonNode?> variants)
    {
        var parameters = strategy["parameters"];
        switch ((string)strategy["name"]!)
        {
            case "gradualRolloutUserId":
                return [Gated(parameters!, "percentage", "userId", variants)];
            case "gradualRolloutSessionId":
                return [Gated(parameters!, "percentage", "sessionId", variants)];
            case "flexibleRollout" when (string)parameters!["stickiness"]! != "default":
                return [Gated(parameters!, "rollout", (string)parameters["stickiness"]!, variants)];
            case "flexibleRollout":
                // Default stickiness is the user, else the session, else chance; chance is certain only at all or nothing.
                TargetingRule[] sticky =
                [
                    Gated(parameters!, "rollout", "userId", variants),
                    Gated(parameters!, "rollout", "sessionId", variants) with
                    {
                        Conditions = [new("userId", ConditionOperator.Exists, [], Negate: true)],
                    },
                ];
                return (string)parameters["rollout"]! == "100" ? [.. sticky, .. Unconditional(variants)] : sticky;
            default:
                return Unconditional(variants);
        }
    }

    private static IEnumerable<TargetingRule> Unconditional(List<JsonNode?> variants) => [Rule(Shares(variants, gate: null))];

    private static TargetingRule Gated(JsonNode parameters, string share, string stickiness, List<JsonNode?> variants)
    {
        var percent = int.Parse((string)parameters[share]!, CultureInfo.InvariantCulture);
        return Rule(Shares(variants, new Gate(percent * 1000, (string)parameters["groupId"]!, stickiness)));
    }

    private static Rollout Shares(List<JsonNode?> variants, Gate? gate) =>
        variants.Count == 0
            ? new Rollout([new(On, 1)], Gate: gate)
            : new Rollout(
                variants.Select(variant => new WeightedVariant((string)variant!["name"]!, (int)variant["weight"]!)).ToSequence(),
                BucketBy: (string?)variants[0]!["stickiness"] ?? "userId",
                Gate: gate
            );

    private static TargetingRule Rule(Rollout rollout) => new("", "", true, [], Serve.Split(rollout));
}
