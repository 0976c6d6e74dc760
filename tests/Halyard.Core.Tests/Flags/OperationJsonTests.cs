using Halyard.Core.Flags;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Flags;

public sealed class OperationJsonTests
{
    private const string Rollout = """{"weights":[{"variant":"on","weight":1}]}""";

    private static readonly Dictionary<string, (Type Type, string Json)> Samples = new(StringComparer.Ordinal)
    {
        ["createFlag"] = (
            typeof(CreateFlag),
            """
            {"op":"createFlag","flag":"f","name":"F","description":"d","type":"string","kind":"kill-switch","status":"draft","owner":"team",
             "tags":["b","a","b"],"variants":[{"key":"x","value":"X"},{"key":"y","value":"Y"}],"salt":"s","hash":"launchdarkly","sensitive":true,
             "defaults":{"on":"x","off":"y"},"environments":{"dev":{"enabled":true},
             "prod":{"enabled":false,"offVariant":"y","fallthrough":{"variant":"x"}}}}
            """
        ),
        ["updateFlag"] = (
            typeof(UpdateFlag),
            """{"op":"updateFlag","flag":"f","name":"","tags":[],"kind":"release","hash":"flipt"}"""
        ),
        ["setStatus"] = (typeof(SetStatus), """{"op":"setStatus","flag":"f","status":"archived"}"""),
        ["deleteFlag"] = (typeof(DeleteFlag), """{"op":"deleteFlag","flag":"f","baseRevision":0}"""),
        ["addVariant"] = (typeof(AddVariant), """{"op":"addVariant","flag":"f","variant":{"key":"v","value":true}}"""),
        ["updateVariant"] = (typeof(UpdateVariant), """{"op":"updateVariant","flag":"f","variant":"v","value":{"a":[1]}}"""),
        ["removeVariant"] = (typeof(RemoveVariant), """{"op":"removeVariant","flag":"f","variant":"v"}"""),
        ["revertToRevision"] = (
            typeof(RevertToRevision),
            """{"op":"revertToRevision","flag":"f","revision":3,"environment":"dev"}"""
        ),
        ["setEnabled"] = (
            typeof(SetEnabled),
            """{"op":"setEnabled","flag":"f","environment":"dev","enabled":true,"baseRevision":9}"""
        ),
        ["setOffVariant"] = (typeof(SetOffVariant), """{"op":"setOffVariant","flag":"f","environment":"dev","variant":"off"}"""),
        ["setFallbackVariant"] = (
            typeof(SetFallbackVariant),
            """{"op":"setFallbackVariant","flag":"f","environment":"dev","variant":null}"""
        ),
        ["setFallthrough"] = (
            typeof(SetFallthrough),
            """{"op":"setFallthrough","flag":"f","environment":"dev","serve":{"variant":"on"}}"""
        ),
        ["setRules"] = (typeof(SetRules), """{"op":"setRules","flag":"f","environment":"dev","rules":[]}"""),
        ["addRule"] = (
            typeof(AddRule),
            $$"""{"op":"addRule","flag":"f","environment":"dev","index":0,"rule":{{Ops.Rule("r")}}}"""
        ),
        ["updateRule"] = (
            typeof(UpdateRule),
            $$"""{"op":"updateRule","flag":"f","environment":"dev","rule":{{Ops.Rule("r")}}}"""
        ),
        ["removeRule"] = (typeof(RemoveRule), """{"op":"removeRule","flag":"f","environment":"dev","rule":"r"}"""),
        ["moveRule"] = (typeof(MoveRule), """{"op":"moveRule","flag":"f","environment":"dev","rule":"r","index":1}"""),
        ["setRollout"] = (typeof(SetRollout), $$"""{"op":"setRollout","flag":"f","environment":"dev","rollout":{{Rollout}}}"""),
        ["addOverride"] = (
            typeof(AddOverride),
            """{"op":"addOverride","flag":"f","environment":"dev","override":{"id":"o","targetingKey":"u","variant":"on"}}"""
        ),
        ["removeOverride"] = (
            typeof(RemoveOverride),
            """{"op":"removeOverride","flag":"f","environment":"dev","override":"o"}"""
        ),
        ["setPrerequisites"] = (typeof(SetPrerequisites), Ops.Needs("f", "g")),
        ["startExperiment"] = (
            typeof(StartExperiment),
            $$"""{"op":"startExperiment","flag":"f","environment":"dev","rule":"r","rollout":{{Rollout}}}"""
        ),
        ["stopExperiment"] = (
            typeof(StopExperiment),
            """{"op":"stopExperiment","flag":"f","environment":"dev","variant":"on"}"""
        ),
        ["promote"] = (typeof(Promote), """{"op":"promote","flag":"f","from":"dev","environment":"prod"}"""),
        ["createSegment"] = (
            typeof(CreateSegment),
            """{"op":"createSegment","segment":"s","name":"S","includes":["u"],"excludes":[],"rules":[{"id":"r","conditions":[]}]}"""
        ),
        ["updateSegment"] = (typeof(UpdateSegment), """{"op":"updateSegment","segment":"s","excludes":["u"]}"""),
        ["deleteSegment"] = (typeof(DeleteSegment), """{"op":"deleteSegment","segment":"s"}"""),
        ["createEnvironment"] = (
            typeof(CreateEnvironment),
            """{"op":"createEnvironment","environment":"qa","type":"staging","order":7}"""
        ),
        ["updateEnvironment"] = (
            typeof(UpdateEnvironment),
            """{"op":"updateEnvironment","environment":"qa","type":"production"}"""
        ),
        ["setEnvironmentEnabled"] = (
            typeof(SetEnvironmentEnabled),
            """{"op":"setEnvironmentEnabled","environment":"qa","enabled":false}"""
        ),
        ["deleteEnvironment"] = (typeof(DeleteEnvironment), """{"op":"deleteEnvironment","environment":"qa"}"""),
        ["createProject"] = (typeof(CreateProject), """{"op":"createProject","project":"web","name":"Web"}"""),
        ["updateProject"] = (typeof(UpdateProject), """{"op":"updateProject","project":"web","description":""}"""),
    };

    public static TheoryData<string> Names => [.. OperationJson.Names];

    [Fact]
    public void Names_EveryOperation_HasASample() => OperationJson.Names.ShouldBe(Samples.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_EveryOperation_GivesItsType(string name)
    {
        var operation = Ops.Read(Samples[name].Json);

        operation.GetType().ShouldBe(Samples[name].Type);
        operation.Target("web").Key.ShouldNotBeEmpty();
        operation.Source.ShouldContain($"\"op\":\"{name}\"");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_UnknownMember_IsRefusedAtTheMember(string name)
    {
        var json = Samples[name].Json.TrimEnd()[..^1] + ""","unknown~/member":1}""";

        Ops.TryRead(json).Problems.ShouldBe([new("/operations/0/unknown~0~1member", "unknown member 'unknown~/member'")]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OperationWithoutMembers_ReportsEveryRequiredOne(string name)
    {
        var problems = Ops.TryRead($$"""{"op":"{{name}}"}""").Problems;

        problems.ShouldNotBeEmpty();
        problems.ShouldAllBe(problem => problem.Message == "is required" && problem.Pointer.StartsWith("/operations/0/"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_EveryMemberOfEveryWrongType_IsRefusedOrRead(string name)
    {
        var sample = System.Text.Json.Nodes.JsonNode.Parse(Samples[name].Json)!.AsObject();
        string[] values = ["null", "true", "-1", "1.5", "1e300", "\"\"", "\"../../etc\"", "[]", "[null]", "{}", "{\"a\":{}}"];
        foreach (var member in sample.Select(member => member.Key).Append("baseRevision").Distinct().ToList())
        {
            foreach (var value in values)
            {
                var copy = sample.DeepClone();
                copy[member] = System.Text.Json.Nodes.JsonNode.Parse(value);

                var (_, problems) = Ops.TryRead(copy.ToJsonString());

                problems.ShouldAllBe(problem => problem.Pointer.StartsWith($"/operations/0/{member}"), copy.ToJsonString());
            }
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"setEnabled\"")]
    [InlineData("7")]
    public void Read_NoObject_IsRefused(string json) =>
        Ops.TryRead(json).Problems.ShouldBe([new("/operations/0", "must be an object")]);

    [Theory]
    [InlineData("""{"op":"SetEnabled"}""")]
    [InlineData("""{"op":"createTenant"}""")]
    [InlineData("""{"op":"createToken"}""")]
    [InlineData("""{"op":"__proto__"}""")]
    public void Read_UnknownOperation_NamesTheKnownOnes(string json)
    {
        var (operation, problems) = Ops.TryRead(json);

        operation.ShouldBeNull();
        var problem = problems.ShouldHaveSingleItem();
        problem.Pointer.ShouldBe("/operations/0/op");
        problem.Message.ShouldContain("setEnabled");
    }

    [Fact]
    public void Read_SeveralProblems_AreAllReportedAtTheirPlaces()
    {
        var json = """
            {"op":"addRule","flag":"-bad","environment":"","index":-1,
             "rule":{"id":"","conditions":[{"attribute":"plan","operator":"equal","values":[]},{"operator":"segment"}],"serve":{"rollout":{"weights":[{"variant":"on","weight":-5}]}}}}
            """;

        Ops.TryRead(json)
            .Problems.Select(problem => problem.Pointer)
            .ShouldBe(
                [
                    "/operations/0/flag",
                    "/operations/0/environment",
                    "/operations/0/rule/id",
                    "/operations/0/rule/conditions/0/operator",
                    "/operations/0/rule/serve/rollout/weights/0/weight",
                    "/operations/0/index",
                ],
                ignoreOrder: true
            );
    }

    [Theory]
    [InlineData("""{"op":"updateFlag","flag":"f","name":null}""", "name")]
    [InlineData("""{"op":"updateFlag","flag":"f","owner":null}""", "owner")]
    [InlineData("""{"op":"updateFlag","flag":"f","tags":null}""", "tags")]
    [InlineData("""{"op":"updateFlag","flag":"f","hash":null}""", "hash")]
    [InlineData("""{"op":"updateFlag","flag":"f","hash":"LaunchDarkly"}""", "hash")]
    [InlineData("""{"op":"updateSegment","segment":"s","includes":null}""", "includes")]
    [InlineData("""{"op":"updateVariant","flag":"f","variant":"v","description":null}""", "description")]
    public void Read_NullInAnUpdate_IsRefusedRatherThanIgnored(string json, string member) =>
        Ops.TryRead(json).Problems.ShouldHaveSingleItem().Pointer.ShouldBe($"/operations/0/{member}");

    [Fact]
    public void Read_NaughtyNamesAndDescriptions_SurviveUnchanged()
    {
        foreach (var text in Naughty.All())
        {
            var json = FlagValue.Of(text).Json;
            var (operation, problems) = Ops.TryRead(
                $$"""{"op":"createFlag","flag":"f","name":{{json}},"description":{{json}},"owner":{{FlagValue.Of(text[..Math.Min(text.Length, 100)])}}}"""
            );

            problems.ShouldBeEmpty(text);
            var create = operation.ShouldBeOfType<CreateFlag>();
            create.Title.ShouldBe(text);
            create.Description.ShouldBe(text);
        }
    }

    [Fact]
    public void Read_NaughtyKeys_AreRefusedCleanlyUnlessTheyAreKeys()
    {
        foreach (var text in Naughty.All())
        {
            var json = $$"""{"op":"setEnabled","flag":{{FlagValue.Of(text)}},"environment":"dev","enabled":true}""";

            var problems = Ops.TryRead(json).Problems;

            if (JsonCursor.IsKey(text))
                problems.ShouldBeEmpty(text);
            else
                problems.ShouldHaveSingleItem(text).Pointer.ShouldBe("/operations/0/flag");
        }
    }

    [Theory]
    [InlineData("""{"op":"createFlag","flag":"f","name":"\ud800"}""", "/name")]
    [InlineData("""{"op":"createFlag","flag":"f","environments":{"\ud800":{"enabled":true}}}""", "/environments")]
    [InlineData(
        """{"op":"createFlag","flag":"f","environments":{"dev":{"enabled":true},"dev":{"enabled":false}}}""",
        "/environments/dev"
    )]
    [InlineData("""{"op":"createFlag","flag":"f","\udc00":1}""", "")]
    [InlineData("""{"op":"\ud800"}""", "/op")]
    public void Read_HalfASurrogatePairOrADuplicateInRawJson_IsAProblemAndNoCrash(string json, string pointer)
    {
        var problems = new List<DefinitionProblem>();
        using var document = System.Text.Json.JsonDocument.Parse(json);

        OperationJson.Read(JsonCursor.Root(document.RootElement, problems));

        problems.ShouldContain(problem => problem.Pointer == pointer);
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Read_ValueNestedDeeply_IsRefusedBeyondTheLimit(int depth, bool accepted)
    {
        var value = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

        var problems = Ops.TryRead($$"""{"op":"updateVariant","flag":"f","variant":"v","value":{{value}}}""").Problems;

        problems.Select(problem => problem.Pointer).ShouldBe(accepted ? [] : ["/operations/0/value"]);
    }

    [Fact]
    public void Read_CreateFlagWithoutVariants_IsBooleanWithOnAndOff()
    {
        var create = (CreateFlag)Ops.Read(Ops.CreateFlag("f"));

        create.Variants.Select(variant => (variant.Key, variant.Value.Json)).ShouldBe([("on", "true"), ("off", "false")]);
        create.Status.ShouldBe(FlagStatus.Active);
        create.Defaults.ShouldBeNull();
    }

    [Fact]
    public void Read_CreateFlagOfAnotherTypeWithoutVariants_IsRefused() =>
        Ops.TryRead("""{"op":"createFlag","flag":"f","type":"string"}""")
            .Problems.ShouldHaveSingleItem()
            .Pointer.ShouldBe("/operations/0/variants");

    [Fact]
    public void Read_Tags_AreInOrderAndOnce() => ((CreateFlag)Ops.Read(Samples["createFlag"].Json)).Tags.ShouldBe(["a", "b"]);
}
