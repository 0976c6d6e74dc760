using System.Text;

namespace Halyard.Ledger.Tests.Patches;

public sealed class JsonPatchApplyTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"op":"add","path":"/a","value":2}""", """{"a":2}""")]
    [InlineData("""[1]""", """{"op":"add","path":"/-","value":2}""", "[1,2]")]
    [InlineData("""[1]""", """{"op":"add","path":"/1","value":2}""", "[1,2]")]
    [InlineData("""[1,2]""", """{"op":"replace","path":"/0","value":null}""", "[null,2]")]
    [InlineData("""{"a":{"b":1},"c":2}""", """{"op":"move","from":"/a/b","path":"/c"}""", """{"a":{},"c":1}""")]
    [InlineData("""{"a":1}""", """{"op":"move","from":"/a","path":"/a"}""", """{"a":1}""")]
    [InlineData("""[1,2,3]""", """{"op":"move","from":"/0","path":"/2"}""", "[2,3,1]")]
    [InlineData("""{"a":1}""", """{"op":"copy","from":"","path":"/b"}""", """{"a":1,"b":{"a":1}}""")]
    [InlineData("""{"a":[1,{"x":1.0}]}""", """{"op":"test","path":"/a","value":[1e0,{"x":1}]}""", """{"a":[1,{"x":1}]}""")]
    [InlineData("""{"-":1,"01":2}""", """{"op":"remove","path":"/01"}""", """{"-":1}""")]
    [InlineData("""{"a":1}""", """{"op":"replace","path":"","value":[]}""", "[]")]
    [InlineData("""{"a":null}""", """{"op":"test","path":"/a","value":null}""", """{"a":null}""")]
    public void Apply_OneOperation_DoesWhatTheSpecificationSays(string document, string operation, string expected) =>
        Apply(document, $"[{operation}]").ShouldBe(expected);

    [Theory]
    [InlineData("""{"op":"add","path":"/a/0/x/y","value":1}""")]
    [InlineData("""{"op":"add","path":"/a/3","value":1}""")]
    [InlineData("""{"op":"add","path":"/a/01","value":1}""")]
    [InlineData("""{"op":"add","path":"/a/-1","value":1}""")]
    [InlineData("""{"op":"add","path":"/a/1e0","value":1}""")]
    [InlineData("""{"op":"add","path":"/a/\u0661","value":1}""")]
    [InlineData("""{"op":"add","path":"/a/99999999999999999999","value":1}""")]
    [InlineData("""{"op":"add","path":"a","value":1}""")]
    [InlineData("""{"op":"add","path":"/~2","value":1}""")]
    [InlineData("""{"op":"add","path":"/~","value":1}""")]
    [InlineData("""{"op":"add","path":7,"value":1}""")]
    [InlineData("""{"op":"add","value":1}""")]
    [InlineData("""{"op":"add","path":"/b"}""")]
    [InlineData("""{"op":"add","path":"/s/x","value":1}""")]
    [InlineData("""{"op":"remove","path":"/nothing"}""")]
    [InlineData("""{"op":"remove","path":"/a/-"}""")]
    [InlineData("""{"op":"remove","path":"/a/2"}""")]
    [InlineData("""{"op":"remove","path":"/s/x"}""")]
    [InlineData("""{"op":"replace","path":"/nothing","value":1}""")]
    [InlineData("""{"op":"replace","path":"/a/-","value":1}""")]
    [InlineData("""{"op":"move","path":"/b"}""")]
    [InlineData("""{"op":"move","from":"/nothing","path":"/b"}""")]
    [InlineData("""{"op":"move","from":"/a","path":"/a/0"}""")]
    [InlineData("""{"op":"move","from":"","path":"/b"}""")]
    [InlineData("""{"op":"copy","from":"/nothing","path":"/b"}""")]
    [InlineData("""{"op":"test","path":"/s","value":"T"}""")]
    [InlineData("""{"op":"test","path":"/a","value":[1]}""")]
    [InlineData("""{"op":"test","path":"/a","value":{"0":1,"1":2}}""")]
    [InlineData("""{"op":"test","path":"/nothing","value":null}""")]
    [InlineData("""{"op":"spam","path":"/a"}""")]
    [InlineData("""{"op":"Add","path":"/a","value":1}""")]
    [InlineData("""{"path":"/a","value":1}""")]
    [InlineData("7")]
    public void Apply_ErroneousOperation_IsRefusedByItsIndex(string operation)
    {
        var patch = $$"""[{"op":"test","path":"/s","value":"t"},{{operation}}]""";

        var refused = Should.Throw<JsonPatchException>(() => Apply("""{"a":[1,2],"s":"t"}""", patch));

        refused.Operation.ShouldBe(1);
        refused.Message.ShouldStartWith("operation 1: ");
    }

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("{}", "")]
    [InlineData("{}", "[")]
    [InlineData("{", "[]")]
    [InlineData("{}", """[{"op":"add","op":"remove","path":"/a","value":1}]""")]
    public void Apply_WhatIsNoPatchOrDocument_IsRefusedAsAWhole(string document, string patch) =>
        Should.Throw<JsonPatchException>(() => Apply(document, patch)).Operation.ShouldBe(-1);

    [Fact]
    public void Apply_AbsentDocument_CanOnlyBeAdded()
    {
        Apply("", """[{"op":"add","path":"","value":null}]""").ShouldBe("null");
        Apply("", "[]").ShouldBeNull();
        Apply("1", """[{"op":"remove","path":""},{"op":"add","path":"","value":2}]""").ShouldBe("2");
        Should.Throw<JsonPatchException>(() => Apply("", """[{"op":"remove","path":""}]"""));
        Should.Throw<JsonPatchException>(() => Apply("", """[{"op":"replace","path":"","value":1}]"""));
        Should.Throw<JsonPatchException>(() => Apply("", """[{"op":"add","path":"/a","value":1}]"""));
        Should.Throw<JsonPatchException>(() => Apply("", """[{"op":"test","path":"","value":null}]"""));
    }

    [Fact]
    public void Apply_CopiedValue_IsIndependentOfItsOrigin() =>
        Apply("""{"a":{"x":1}}""", """[{"op":"copy","from":"/a","path":"/b"},{"op":"add","path":"/b/x","value":2}]""")
            .ShouldBe("""{"a":{"x":1},"b":{"x":2}}""");

    [Fact]
    public void Apply_UnknownMembers_AreIgnored() =>
        Apply("1", """[{"op":"replace","path":"","value":2,"was":"something else"}]""").ShouldBe("2");

    [Fact]
    public void Apply_CopiesThatDouble_AreStopped()
    {
        var doubling = string.Join(',', Enumerable.Repeat("""{"op":"copy","from":"","path":"/-"}""", 50));

        Should.Throw<JsonPatchException>(() => Apply("[1]", $"[{doubling}]"));
        var wide = string.Join(',', Enumerable.Repeat("""{"op":"copy","from":"/0","path":"/-"}""", 2000));
        Should
            .Throw<JsonPatchException>(() => Apply($"[\"{new string('x', 100_000)}\"]", $"[{wide}]"))
            .Message.ShouldContain("copies");
    }

    [Fact]
    public void Apply_NestingBeyondTheLimit_IsRefusedAtItsOperation()
    {
        var deep = new string('[', 60) + new string(']', 60);
        var fits = $$"""[{"op":"add","path":"/a/a/a/a","value":{{deep}}}]""";
        var exceeds = $$"""[{"op":"add","path":"/a/a/a/a/a","value":{{deep}}}]""";

        Apply("""{"a":{"a":{"a":{}}}}""", fits).ShouldNotBeNull();
        Should.Throw<JsonPatchException>(() => Apply("""{"a":{"a":{"a":{"a":{}}}}}""", exceeds)).Operation.ShouldBe(0);
    }

    private static string? Apply(string document, string patch) =>
        JsonPatch.Apply(Encoding.UTF8.GetBytes(document), Encoding.UTF8.GetBytes(patch)) is { } result
            ? Encoding.UTF8.GetString(result)
            : null;
}
