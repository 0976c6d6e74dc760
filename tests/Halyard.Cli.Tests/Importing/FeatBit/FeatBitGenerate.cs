using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Halyard.Cli.Tests.Importing.FeatBit;

/// <summary>Random data sets of one flag, and users that they tell apart.</summary>
internal static class FeatBitGenerate
{
    private static readonly string[] Texts = ["", "a", "ab", "B", "true", "False", "22", "ä"];
    private static readonly string[] Numbers = ["21.5", "22", "1e3", "-4", "many", ""];
    private static readonly string[] Users = ["u1", "u2", "u3", "u4"];
    private static readonly string[] TextOperators =
    [
        "Equal",
        "NotEqual",
        "Contains",
        "NotContain",
        "StartsWith",
        "EndsWith",
        "MatchRegex",
        "NotMatchRegex",
        "IsTrue",
        "IsFalse",
    ];
    private static readonly string[] NumberOperators = ["LessThan", "LessEqualThan", "BiggerThan", "BiggerEqualThan"];
    private static readonly string[] ListOperators = ["IsOneOf", "NotOneOf"];

    /// <summary>A user's attributes, all of them text as in FeatBit; each but the key may be missing.</summary>
    public static Gen<Dictionary<string, string>> User =>
        from key in Gen.Elements(Users)
        from country in Gen.OneOf(Gen.Constant<string?>(null), Gen.Elements(Texts).Select(text => (string?)text))
        from age in Gen.OneOf(Gen.Constant<string?>(null), Gen.Elements(Numbers).Select(text => (string?)text))
        select Compact(("keyId", key), ("country", country), ("age", age));

    /// <summary>A data set with the flag <c>flag</c> of three variations and two segments.</summary>
    public static Gen<JsonObject> Set =>
        from rules in Gen.ListOf(Rule(mayUseSegments: true), 3)
        from fallthrough in Serve
        from segments in Gen.ListOf(Segment, 2)
        from target in Gen.Elements(Users)
        from enabled in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        select new JsonObject
        {
            ["featureFlags"] = new JsonArray(
                new JsonObject
                {
                    ["key"] = "flag",
                    ["variationType"] = "string",
                    ["variations"] = new JsonArray(Variation("v1"), Variation("v2"), Variation("v3")),
                    ["targetUsers"] = new JsonArray(
                        new JsonObject { ["keyIds"] = new JsonArray(target), ["variationId"] = "v3" }
                    ),
                    ["rules"] = new JsonArray([.. rules.Select(rule => rule.DeepClone())]),
                    ["isEnabled"] = enabled,
                    ["disabledVariationId"] = "v2",
                    ["fallthrough"] = fallthrough.DeepClone(),
                }
            ),
            ["segments"] = new JsonArray([.. segments.Select((segment, i) => Identified(segment, $"s{i}"))]),
        };

    private static Gen<JsonObject> Rule(bool mayUseSegments) =>
        from count in Gen.Choose(0, 2)
        from conditions in Gen.ListOf(Condition(mayUseSegments), count)
        from serve in Serve
        select With(serve, "conditions", new JsonArray([.. conditions.Select(condition => condition.DeepClone())]));

    private static Gen<JsonObject> Condition(bool mayUseSegments) =>
        Gen.Frequency(
            (4, Test("country", TextOperators, Gen.Elements(Texts))),
            (
                2,
                Test(
                    "country",
                    ListOperators,
                    Gen.ListOf(Gen.Elements(Texts), 3).Select(texts => JsonSerializer.Serialize(texts))
                )
            ),
            (
                1,
                Test("keyId", ListOperators, Gen.ListOf(Gen.Elements(Users), 2).Select(users => JsonSerializer.Serialize(users)))
            ),
            (3, Test("age", NumberOperators, Gen.Elements(Numbers))),
            (mayUseSegments ? 2 : 0, Test("User is in segment", [""], Gen.Elements("[\"s0\"]", "[\"s0\",\"s1\"]", "[]"))),
            (mayUseSegments ? 2 : 0, Test("User is not in segment", [""], Gen.Elements("[\"s1\"]", "[]")))
        );

    private static Gen<JsonObject> Test(string property, string[] operators, Gen<string> values) =>
        from operation in Gen.Elements(operators)
        from value in values
        select new JsonObject
        {
            ["property"] = property,
            ["op"] = operation,
            ["value"] = value,
        };

    private static Gen<JsonObject> Serve =>
        from ends in Gen.Elements<double[]>(
            [1],
            [0, 1],
            [0.2, 1],
            [0.333, 0.5, 1],
            [0.1, 0.30000000000000004, 1],
            [0, 0.5, 1],
            [0.5, 0.5, 1]
        )
        from dispatch in Gen.Elements<string?>(null, "", "keyId", "country")
        select new JsonObject
        {
            ["dispatchKey"] = dispatch,
            ["variations"] = new JsonArray([
                .. ends.Select(
                    (end, i) =>
                        new JsonObject
                        {
                            ["id"] = $"v{i + 1}",
                            ["rollout"] = new JsonArray(i == 0 ? 0 : ends[i - 1], end),
                            ["exptRollout"] = 1,
                        }
                ),
            ]),
        };

    private static Gen<JsonObject> Segment =>
        from included in Gen.Elements(Users)
        from excluded in Gen.Elements(Users)
        from rule in Rule(mayUseSegments: false)
        select new JsonObject
        {
            ["included"] = new JsonArray(included),
            ["excluded"] = new JsonArray(excluded),
            ["rules"] = new JsonArray(new JsonObject { ["conditions"] = rule["conditions"]!.DeepClone() }),
        };

    private static JsonObject Variation(string id) => new() { ["id"] = id, ["value"] = id };

    private static JsonObject Identified(JsonObject segment, string id) => With(segment, "id", JsonValue.Create(id));

    private static JsonObject With(JsonObject node, string name, JsonNode value)
    {
        var copy = node.DeepClone().AsObject();
        copy[name] = value;
        return copy;
    }

    private static Dictionary<string, string> Compact(params (string Name, string? Value)[] attributes) =>
        attributes.Where(each => each.Value is not null).ToDictionary(each => each.Name, each => each.Value!);
}
