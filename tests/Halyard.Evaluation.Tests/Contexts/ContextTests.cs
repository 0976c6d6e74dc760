using System.Text;

namespace Halyard.Evaluation.Tests.Contexts;

public sealed class ContextTests
{
    [Theory]
    [InlineData("", "the context is not JSON (line 1, byte 1)")]
    [InlineData("{", "the context is not JSON (line 1, byte 2)")]
    [InlineData("{} {}", "the context is not JSON (line 1, byte 4)")]
    [InlineData("{\"a\":\n x}", "the context is not JSON (line 2, byte 2)")]
    [InlineData("[]", "the context must be an object")]
    [InlineData("null", "the context must be an object")]
    [InlineData("\"x\"", "the context must be an object")]
    [InlineData("""{"targetingKey":5}""", "targetingKey must be a string")]
    [InlineData("""{"targetingKey":["x"]}""", "targetingKey must be a string")]
    [InlineData("""{"targetingKey":{}}""", "targetingKey must be a string")]
    [InlineData("""{"targetingKey":true}""", "targetingKey must be a string")]
    [InlineData("""{"a":"\ud800"}""", "the context holds text that is not valid Unicode")]
    [InlineData("""{"\udc00":1}""", "the context holds text that is not valid Unicode")]
    public void Parse_OfABadContext_SaysWhatIsWrong(string json, string problem) =>
        Problem(Encoding.UTF8.GetBytes(json)).ShouldBe(problem);

    [Fact]
    public void Parse_OfBytesThatAreNotUtf8_SaysSo() => Problem([.. "{\"a\":\""u8, 0xff, 0xfe, .. "\"}"u8]).ShouldNotBeNull();

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"targetingKey":null}""", null)]
    [InlineData("""{"targetingKey":""}""", "")]
    [InlineData("""{"targetingKey":"a","targetingKey":"b"}""", "b")]
    [InlineData("""{"targetingKey":"\u0000é😀"}""", "\0é😀")]
    public void Parse_OfAContext_KnowsItsTargetingKey(string json, string? key) => Given.Context(json).TargetingKey.ShouldBe(key);

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(500, false)]
    public void Parse_OfNestedObjects_StopsAtTheLimit(int depth, bool parses)
    {
        var json = string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
        (Problem(Encoding.UTF8.GetBytes(json)) is null).ShouldBe(parses);
        var list = "{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        (Problem(Encoding.UTF8.GetBytes(list)) is null).ShouldBe(parses);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void Parse_OfManyAttributes_StopsAtTheLimit(int count, bool parses)
    {
        var json = $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"a{i}\":1"))}}}";
        Problem(Encoding.UTF8.GetBytes(json)).ShouldBe(parses ? null : "the context must have at most 1000 attributes");
    }

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData(64 * 1024 + 1, false)]
    public void Parse_OfALargeContext_StopsAtTheLimit(int bytes, bool parses)
    {
        var json = "{\"a\":\"" + new string('x', bytes - 8) + "\"}";
        (Problem(Encoding.UTF8.GetBytes(json)) is null).ShouldBe(parses);
    }

    [Fact]
    public void Builder_AndParser_GiveTheSameAnswers()
    {
        var built = new EvaluationContextBuilder("u")
            .Set("targetingKey", "ignored")
            .Set("plan", "free")
            .Set("plan", "pro")
            .Set("seats", 5)
            .Set("vip", true)
            .Set("nothing", (string?)null)
            .Set("nan", double.NaN)
            .Set("tags", AttributeValue.List(AttributeValue.Of("x"), AttributeValue.Of(1)))
            .Set("company", AttributeValue.Object(KeyValuePair.Create("plan", AttributeValue.Of("pro"))))
            .Build();
        var parsed = Given.Context(
            """{"targetingKey":"u","plan":"pro","seats":5,"vip":true,"nothing":null,"nan":null,"tags":["x",1],"company":{"plan":"pro"}}"""
        );
        foreach (
            var name in new[]
            {
                "targetingKey",
                "plan",
                "seats",
                "vip",
                "nothing",
                "nan",
                "tags",
                "company",
                "company.plan",
                "absent",
            }
        )
        {
            var path = new AttributePath(name);
            path.Resolve(built).Kind.ShouldBe(path.Resolve(parsed).Kind, name);
            path.Resolve(built).ToString().ShouldBe(path.Resolve(parsed).ToString(), name);
        }
        built.TargetingKey.ShouldBe("u");
    }

    private static string? Problem(byte[] json)
    {
        EvaluationContext.TryParse(json, out var context, out var problem).ShouldBe(context is not null);
        return problem;
    }
}
