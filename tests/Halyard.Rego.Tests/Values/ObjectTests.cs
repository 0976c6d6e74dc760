namespace Halyard.Rego.Tests.Values;

public sealed class ObjectTests
{
    [Fact]
    public void Member_ThatIsNew_StandsInItsPlace_AndTheObjectBeforeStaysAsItWas()
    {
        var before = (RegoObject)Policies.Json("""{"b":1,"d":2}""");

        before.With(RegoValue.Of("a"), RegoValue.Of(true)).ToJson().ShouldBe("""{"a":true,"b":1,"d":2}""");
        before.With(RegoValue.Of("c"), RegoValue.Of(true)).ToJson().ShouldBe("""{"b":1,"c":true,"d":2}""");
        before.With(RegoValue.Of("e"), RegoValue.Of(true)).ToJson().ShouldBe("""{"b":1,"d":2,"e":true}""");

        before.ToJson().ShouldBe("""{"b":1,"d":2}""");
    }

    [Fact]
    public void Member_ThatIsThere_GetsTheNewValue_AndTheObjectBeforeKeepsTheOldOne()
    {
        var before = (RegoObject)Policies.Json("""{"b":1,"d":2}""");

        var after = before.With(RegoValue.Of("d"), RegoValue.Of("x"));

        after.ToJson().ShouldBe("""{"b":1,"d":"x"}""");
        after.Get("d").ShouldBe(RegoValue.Of("x"));
        before.Get("d").ShouldBe(Policies.Json("2"));
    }

    [Theory]
    [InlineData("""{"a":1,"b":2,"c":3}""")]
    [InlineData("""{"c":3,"b":2,"a":1}""")]
    [InlineData("""{"b":7,"a":1,"b":2,"c":3}""")]
    [InlineData("""{"a":1,"c":0,"c":3,"b":2}""")]
    public void Members_InAnyOrder_MakeTheSameObject_AndOfARepeatedOneTheLastCounts(string text) =>
        Policies.Json(text).ShouldBe(Policies.Json("""{"a":1,"b":2,"c":3}"""));

    [Fact]
    public void Names_ThatShareAPlaceAmongTheKnownOnes_AreToldApart()
    {
        // The place is made of length, first, middle and last character: these names differ elsewhere alone.
        string[] names = ["action_name", "axtion_name", "acxion_name", "actiox_name", "action_xame", "action_nxme"];

        for (var round = 0; round < 3; round++)
        {
            foreach (var name in names)
                Policies.Json($$"""{"{{name}}":1}""").ToJson().ShouldBe($$"""{"{{name}}":1}""");
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("-7")]
    [InlineData("999999999999999999")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("-0.5")]
    public void Number_InJson_IsTheOneThatAModuleWritesSo(string text) =>
        RegoCompiler.Compile([]).Policy!.Value($"x = {text} == {Policies.Json(text)}").ShouldBe("""{"x": true}""");
}
