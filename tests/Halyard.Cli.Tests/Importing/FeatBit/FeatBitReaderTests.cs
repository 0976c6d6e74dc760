using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck.Fluent;
using Halyard.Cli.Importing;
using Halyard.Cli.Importing.FeatBit;
using Halyard.Testing;

namespace Halyard.Cli.Tests.Importing.FeatBit;

public sealed class FeatBitReaderTests
{
    [Fact]
    public void DataSet_ImportedWithoutAGap_ServesWhatFeatBitServes()
    {
        var (served, missing) = (new HashSet<string?>(), 0);
        var cases = from set in FeatBitGenerate.Set from users in Gen.ListOf(FeatBitGenerate.User, 25) select (set, users);
        Property.Holds(
            cases,
            given =>
            {
                var imported = Imported.Read(new FeatBitReader(), given.set.ToJsonString());
                imported.Gaps.ShouldBeEmpty();
                foreach (var user in given.users)
                {
                    var expected = FeatBitOracle.Evaluate(given.set, user);
                    served.Add(expected);
                    missing += user.ContainsKey("country") ? 0 : 1;
                    imported
                        .Evaluate("flag", Context(user))
                        .ShouldBe(expected, $"{given.set.ToJsonString()} for {Context(user)}");
                }
            },
            tests: 1_500
        );
        served.ShouldBe(["v1", "v2", "v3"], ignoreOrder: true);
        missing.ShouldBeGreaterThan(5_000);
    }

    [Theory]
    [InlineData("full-data-set.json", "returns-true", "{\"targetingKey\":\"u\"}", "true")]
    [InlineData("featbit-bootstrap.json", "example-flag", "{\"targetingKey\":\"false-1\"}", "false")]
    [InlineData("featbit-bootstrap.json", "example-flag", "{\"targetingKey\":\"u\",\"age\":23,\"name\":\"x_qa\"}", "true")]
    public void Sample_OfADataSet_IsReadExactly(string file, string flag, string context, string variant)
    {
        var imported = Imported.Read(new FeatBitReader(), File.ReadAllText(Suites.Require($"import-samples/featbit/{file}")));
        imported.Gaps.ShouldBeEmpty();
        imported.Evaluate(flag, context).ShouldBe(variant);
        imported.Project.Segments.ShouldHaveSingleItem().Definition.Key.ShouldBe("full-segment");
    }

    [Theory]
    [InlineData("patch-data-set.json")]
    [InlineData("one-flag.json")]
    public void Sample_ThatIsNoWholeSet_IsRefused(string file) =>
        Should.Throw<UnreadableSourceException>(() =>
            Imported.Read(new FeatBitReader(), File.ReadAllText(Suites.Require($"import-samples/featbit/{file}")))
        );

    [Theory]
    [InlineData("boolean", "True", "true")]
    [InlineData("number", "12.50", "12.5")]
    [InlineData("json", "{\"a\": [1]}", "{\"a\": [1]}")]
    [InlineData("string", "12", "\"12\"")]
    public void Variation_OfAnyType_BecomesItsValue(string type, string text, string json)
    {
        var imported = Imported.Read(new FeatBitReader(), Set(type, text));
        imported.Gaps.ShouldBeEmpty();
        imported.Value("f", """{"targetingKey":"u"}""").ShouldBe(json);
    }

    [Theory]
    [InlineData("boolean", "yes")]
    [InlineData("number", "NaN")]
    [InlineData("number", "1e999")]
    [InlineData("json", "[1]")]
    [InlineData("json", "{")]
    [InlineData("colour", "red")]
    public void Variation_WithoutAValueOfItsType_LeavesTheFlagOut(string type, string text)
    {
        var project = Imported.Read(new FeatBitReader(), Set(type, text)).Project;
        project.Flags.ShouldBeEmpty();
        project.Notes.ShouldHaveSingleItem().Environment.ShouldBeNull();
    }

    [Theory]
    [InlineData("[0,0.5]", "[0.6,1]")]
    [InlineData("[0.5,1]", "[0,0.5]")]
    [InlineData("[0,0.5]", "[0.5,0.9]")]
    [InlineData("[0,0.1234567894]", "[0.1234567894,1]")]
    public void Ranges_ThatLeaveSomebodyOut_AreNoted(string first, string second) =>
        Imported.Read(new FeatBitReader(), Set("string", "a", first, second)).Exact.ShouldBeEmpty();

    [Theory]
    [InlineData("""{"property":"a","op":"Near","value":"x"}""")]
    [InlineData("""{"property":"a","op":"MatchRegex","value":"(?<!x)y"}""")]
    [InlineData("""{"property":"a","op":"IsOneOf","value":"x"}""")]
    [InlineData("""{"property":"a","op":"IsOneOf","value":"[1]"}""")]
    [InlineData("""{"property":"a","op":"IsOneOf","value":"[\"\\ud800\"]"}""")]
    [InlineData("""{"property":"a","op":"IsOneOf","value":"[\"x\""}""")]
    [InlineData("""{"property":"User is in segment","op":"","value":"[\"\\ud800\"]"}""")]
    [InlineData("""{"property":"keyId","op":"LessThan","value":"1"}""")]
    [InlineData("""{"property":"User is in segment","op":"","value":"[\"none\"]"}""")]
    public void Condition_WithoutAnEquivalent_IsNoted(string condition)
    {
        var set = JsonNode.Parse(Set("string", "a"))!;
        var serve = set["featureFlags"]![0]!["fallthrough"]!.DeepClone();
        serve["conditions"] = new JsonArray(JsonNode.Parse(condition));
        set["featureFlags"]![0]!["rules"] = new JsonArray(serve);
        var imported = Imported.Read(new FeatBitReader(), set.ToJsonString());
        imported.Exact.ShouldBeEmpty();
        imported.Project.Notes.ShouldHaveSingleItem().Pointer.ShouldBe("/featureFlags/0/rules/0/conditions/0");
    }

    private static string Set(string type, string text, string first = "[0,1]", string second = "[1,1]") =>
        new JsonObject
        {
            ["featureFlags"] = new JsonArray(
                new JsonObject
                {
                    ["key"] = "f",
                    ["isEnabled"] = true,
                    ["variationType"] = type,
                    ["variations"] = new JsonArray(new JsonObject { ["id"] = "v", ["value"] = text }),
                    ["disabledVariationId"] = "v",
                    ["fallthrough"] = JsonNode.Parse(
                        $$"""{"variations":[{"id":"v","rollout":{{first}}},{"id":"v","rollout":{{second}}}]}"""
                    ),
                }
            ),
        }.ToJsonString();

    // Text stays text but for what is compared as a number.
    private static string Context(IReadOnlyDictionary<string, string> user)
    {
        var context = new JsonObject();
        foreach (var (name, value) in user)
        {
            var isNumber = name == "age" && double.TryParse(value, CultureInfo.InvariantCulture, out _);
            context[name == "keyId" ? "targetingKey" : name] = isNumber
                ? JsonValue.Create(double.Parse(value, CultureInfo.InvariantCulture))
                : JsonValue.Create(value);
        }
        return context.ToJsonString();
    }
}
