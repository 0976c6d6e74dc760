using System.Text;
using System.Text.Json.Nodes;
using Halyard.Cli.Importing;
using Halyard.Cli.Importing.Flagd;

namespace Halyard.Cli.Tests.Importing.Flagd;

public sealed class FlagdReaderTests
{
    [Theory]
    [InlineData(
        """{"targeting":{"if":[{"==":[{"var":"a"},{"var":"b"}]},"on"]}}""",
        "/flags/f/targeting/if/0/==",
        "between an attribute and a value"
    )]
    [InlineData("""{"targeting":{"if":[{"<":[{"var":"a"},"x"]},"on"]}}""", "/flags/f/targeting/if/0/<", "an order between texts")]
    [InlineData(
        """{"targeting":{"if":[{"in":[{"var":"a"},"text"]},"on"]}}""",
        "/flags/f/targeting/if/0/in",
        "'in' with these arguments"
    )]
    [InlineData("""{"targeting":{"if":[{"in":[{"var":"a"},["x",5]]},"on"]}}""", "/flags/f/targeting/if/0/in", "alone")]
    [InlineData("""{"targeting":{"if":[{"var":"list.0"},"on"]}}""", "/flags/f/targeting/if/0/var", "an element of a list")]
    [InlineData("""{"targeting":{"if":[{"var":""},"on"]}}""", "/flags/f/targeting/if/0/var", "the whole context")]
    [InlineData(
        """{"targeting":{"if":[{">":[{"var":"$flagd.timestamp"},5]},"on"]}}""",
        "/flags/f/targeting/if/0/>/0/var",
        "$flagd.timestamp"
    )]
    [InlineData("""{"targeting":{"if":[{"missing":["a"]},"on"]}}""", "/flags/f/targeting/if/0/missing", "'missing'")]
    [InlineData(
        """{"targeting":{"if":[{"sem_ver":[{"var":"v"},"!","1.0.0"]},"on"]}}""",
        "/flags/f/targeting/if/0/sem_ver",
        "a known operator"
    )]
    [InlineData("""{"targeting":{"if":[{"$ref":"nobody"},"on"]}}""", "/flags/f/targeting/if/0", "a $ref to nothing")]
    [InlineData(
        """{"targeting":{"if":[{"$ref":"self"},"on"]}}""",
        "/$evaluators/self",
        "a $ref to nothing in $evaluators, or to itself"
    )]
    [InlineData("""{"targeting":{"if":[{"$ref":"loop"},"on"]}}""", "", "too deep or refers to itself")]
    [InlineData("""{"targeting":{"$ref":"loop"}}""", "", "too deep or refers to itself")]
    [InlineData("""{"targeting":{"or":{"$ref":"alone"}}}""", "", "too deep or refers to itself")]
    [InlineData("""{"targeting":{"if":[true,"maybe"]}}""", "/flags/f/targeting/if/1", "'maybe', which is none of the variants")]
    [InlineData("""{"targeting":{"var":"a"}}""", "/flags/f/targeting", "a result that is neither")]
    [InlineData("""{"targeting":{"starts_with":[{"var":"a"},"x"]}}""", "/flags/f/targeting", "a result that is neither")]
    [InlineData("""{"targeting":{"fractional":[["on",0]]}}""", "/flags/f/targeting/fractional", "a total of 0")]
    [InlineData("""{"targeting":{"fractional":[["on",1.5]]}}""", "/flags/f/targeting/fractional/0/1", "no whole number")]
    [InlineData("""{"targeting":{"fractional":[[{"var":"x"},1]]}}""", "/flags/f/targeting/fractional/0/0", "computed")]
    [InlineData(
        """{"targeting":{"fractional":[{"cat":[{"var":"a"},{"var":"b"}]},["on",1]]}}""",
        "/flags/f/targeting/fractional/0",
        "a value to hash"
    )]
    [InlineData(
        """{"targeting":{"fractionalEvaluation":["email",["on",1]]}}""",
        "/flags/f/targeting",
        "a result that is neither"
    )]
    [InlineData("""{"defaultVariant":null}""", "/flags/f/targeting", "the caller's own default")]
    [InlineData("""{"state":"DISABLED"}""", "/flags/f/state", "a disabled flag")]
    [InlineData("""{"state":"ON"}""", "/flags/f/state", "neither ENABLED nor DISABLED")]
    public void Construct_WithoutAnEquivalent_IsNoted_AndTheFlagLeftOff(string members, string pointer, string what)
    {
        var imported = Imported.Read(new FlagdReader(), Document(members));
        imported.Exact.ShouldBeEmpty();
        var note = imported.Project.Notes.ShouldHaveSingleItem();
        (note.Key, note.Environment, note.Loss).ShouldBe(("f", "default", Loss.Evaluation));
        if (pointer.Length > 0)
            note.Pointer.ShouldBe(pointer);
        note.What.ShouldContain(what);
    }

    [Fact]
    public void Evaluators_ThatEachNameTheNextTwice_AreNotedAsTooLarge()
    {
        var evaluators = new JsonObject { ["e30"] = JsonNode.Parse("""{"==":[{"var":"a"},1]}""") };
        for (var i = 0; i < 30; i++)
            evaluators[$"e{i}"] = JsonNode.Parse($$"""{"and":[{"$ref":"e{{i + 1}}"},{"$ref":"e{{i + 1}}"}]}""");
        var document = JsonNode.Parse(Document("""{"targeting":{"$ref":"e0"}}"""))!;
        document["$evaluators"] = evaluators;
        var imported = Imported.Read(new FlagdReader(), document.ToJsonString());
        imported.Exact.ShouldBeEmpty();
        imported.Project.Notes.ShouldHaveSingleItem().What.ShouldContain("too large");
    }

    [Fact]
    public void Attribute_ComparedAsTwoTypes_IsNoted()
    {
        var imported = Imported.Read(
            new FlagdReader(),
            Document("""{"targeting":{"if":[{"==":[{"var":"a"},"5"]},"on",{"==":[{"var":"a"},5]},"off"]}}""")
        );
        imported.Project.Notes.ShouldHaveSingleItem().What.ShouldBe("'a' is compared as a number here and as a string before");
    }

    [Theory]
    [InlineData("""{"variants":{}}""", "/flags/f/variants")]
    [InlineData("""{"variants":null}""", "/flags/f")]
    [InlineData("""{"variants":{"on":true,"off":"no"}}""", "/flags/f/variants")]
    [InlineData("""{"variants":{"on":[1]}}""", "/flags/f/variants/on")]
    [InlineData("""{"variants":{"on":true},"defaultVariant":"off"}""", "/flags/f/defaultVariant")]
    public void Flag_ThatCannotBeCreated_IsNoted_AndMissing(string members, string pointer)
    {
        var project = Imported.Read(new FlagdReader(), Document(members)).Project;
        project.Flags.ShouldBeEmpty();
        var note = project.Notes.ShouldHaveSingleItem();
        (note.Environment, note.Pointer).ShouldBe((null, pointer));
    }

    [Fact]
    public void Condition_WithMoreAlternativesThanRules_IsNoted_InNoTime()
    {
        var clauses = Enumerable
            .Range(0, 40)
            .Select(i => $$"""{"or":[{"==":[{"var":"a{{i}}"},1]},{"==":[{"var":"b{{i}}"},1]}]}""");
        var imported = Imported.Read(
            new FlagdReader(),
            Document($$"""{"targeting":{"if":[{"and":[{{string.Join(",", clauses)}}]},"on"]} }""")
        );
        imported.Project.Notes.ShouldHaveSingleItem().What.ShouldStartWith("a condition that needs more rules");
    }

    [Fact]
    public void Equalities_OfOneAttribute_BecomeOneConditionWithSeveralValues()
    {
        var imported = Imported.Read(
            new FlagdReader(),
            Document(
                """{"targeting":{"if":[{"or":[{"==":[{"var":"a"},"x"]},{"==":[{"var":"a"},"y"]},{"in":[{"var":"a"},["z","x"]]}]},"on"]}}"""
            )
        );
        var rule = imported.Project.Flags.Single().Environments["default"].Exact!.Rules.ShouldHaveSingleItem();
        rule.Conditions.ShouldHaveSingleItem().Values.Select(value => value.Json).ShouldBe(["\"x\"", "\"y\"", "\"z\""]);
    }

    [Fact]
    public void Flags_InAList_AreReadByTheirKeys_AndTheSecondOfAKeyIsNoted()
    {
        var project = Imported
            .Read(
                new FlagdReader(),
                """{"flags":[{"key":"f","state":"ENABLED","variants":{"a":1},"defaultVariant":"a"},{"key":"f","state":"ENABLED","variants":{"b":2}}],"metadata":{"team":"x"}}"""
            )
            .Project;
        project.Flags.ShouldHaveSingleItem().Definition.Variants.Single().Key.ShouldBe("a");
        project.Notes.Select(note => note.Pointer).ShouldBe(["/metadata", "/flags/1"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"flags\":5}")]
    [InlineData("{\"flags\":[{}]}")]
    [InlineData("{\"flags\":{\"a\":{},\"a\":{}}}")]
    [InlineData("{\"flags\":{\"a\":{\"variants\":{\"on\":NaN}}}}")]
    [InlineData("{\"flags\":{\"a\":{\"variants\":{\"on\":\"\\ud800\"}}}}")]
    [InlineData("flags: &a {x: *a}")]
    [InlineData("flags: {a: {variants: {on: 0777}}}")]
    [InlineData("flags: {a: {variants: {on: 1_000}}}")]
    [InlineData("flags: {a: !!binary aGk=}")]
    [InlineData("flags: {<<: {a: 1}}")]
    [InlineData("flags: {? [a] : b}")]
    [InlineData("flags: {a: 1}\n---\nflags: {}")]
    [InlineData("\tflags")]
    [InlineData("a: b: c")]
    public void File_ThatIsNoneOfFlagd_IsUnreadable(string text) =>
        Should.Throw<UnreadableSourceException>(() => new FlagdReader().Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void File_NestedTooDeep_IsUnreadable(char open, char close)
    {
        var inside = open == '{' ? "{\"a\":" : "[";
        var deep = string.Concat(Enumerable.Repeat(inside, 100_000)) + "1" + new string(close, 100_000);
        Should.Throw<UnreadableSourceException>(() => new FlagdReader().Read(Encoding.UTF8.GetBytes(deep)));
        Should.Throw<UnreadableSourceException>(() => new FlagdReader().Read(Encoding.UTF8.GetBytes("a: " + deep)));
    }

    [Fact]
    public void File_OfInvalidUtf8_IsUnreadable()
    {
        Should.Throw<UnreadableSourceException>(() =>
            new FlagdReader().Read(new byte[] { (byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}' })
        );
        Should.Throw<UnreadableSourceException>(() => new FlagdReader().Read(new byte[] { (byte)'a', 0xff, (byte)':' }));
    }

    private static string Document(string members)
    {
        var flag = JsonNode
            .Parse("""{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off"}""")!
            .AsObject();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
            flag[name] = value?.DeepClone();
        var shared = JsonNode.Parse(
            """{"self":{"$ref":"self"},"alone":{"and":{"$ref":"alone"}},"loop":{"and":[{"$ref":"loop"},{"$ref":"loop"}]}}"""
        );
        return new JsonObject
        {
            ["flags"] = new JsonObject { ["f"] = flag },
            ["$evaluators"] = shared,
        }.ToJsonString();
    }
}
