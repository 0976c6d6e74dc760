namespace Halyard.Rego.Tests.Syntax;

public sealed class ParserTests
{
    [Theory]
    [InlineData("p := 1", 1, 1, "expected package")]
    [InlineData("package a\n\np := ", 3, 6, "eof")]
    [InlineData("package a\n\np if { x := [1, 2 }", 3, 19, "expected ]")]
    [InlineData("package a\np := \"open", 2, 6, "does not end")]
    [InlineData("package a\np := `open\n\n", 2, 6, "does not end")]
    [InlineData("package a\np := $\"{x\"", 2, 10, "does not end")]
    [InlineData("package a\np := 01", 2, 6, "begin with 0")]
    [InlineData("package a\np := \"\\q\"", 2, 7, "escape")]
    [InlineData("package a\np { true }", 2, 3, "`if` keyword is required")]
    [InlineData("package a\np if {}", 2, 6, "empty body")]
    [InlineData("package a\np if { true } q := 1", 2, 15, "expected")]
    [InlineData("package a\nimport foo.bar", 2, 1, "path must begin with")]
    [InlineData("package a\np contains 1 := 2", 2, 1, "no value")]
    [InlineData("package a\np if { x ~ 1 }", 2, 10, "illegal token")]
    public void Error_IsFoundAtItsPlace(string module, int row, int column, string words)
    {
        var problem = Policies.ProblemsOf(module).ShouldHaveSingleItem();

        problem.Code.ShouldBe("rego_parse_error");
        (problem.Row, problem.Column).ShouldBe((row, column), problem.ToString());
        problem.Message.ShouldContain(words);
        problem.File.ShouldBe("test.rego");
    }

    [Fact]
    public void Errors_OfSeveralModules_AreAllTold()
    {
        var compiled = RegoCompiler.Compile([new RegoSource("a.rego", "nonsense"), new RegoSource("b.rego", "package b\nq :=")]);

        compiled.Policy.ShouldBeNull();
        compiled.Problems.Select(problem => problem.File).ShouldBe(["a.rego", "b.rego"]);
    }

    [Theory]
    [InlineData("1 + 2 * 3 - 4", "3")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("10 - 3 - 2", "5")]
    [InlineData("0.1 + 0.2", "0.3")]
    [InlineData("1 / 3 * 3 == 1", "true")]
    [InlineData("7 % 3 == 1", "true")]
    [InlineData("{1, 2} | {3} & {3, 4}", "{1, 2, 3}")]
    [InlineData("{1, 2, 3} - {2}", "{1, 3}")]
    [InlineData("2 in [1, 2]", "true")]
    [InlineData("(\"a\", 1 in {\"a\": 1})", "true")]
    [InlineData("[x | some x in [3, 1, 2]; x > 1]", "[3, 2]")]
    [InlineData("{x: y | some x, y in [\"a\", \"b\"]}", "{0: \"a\", 1: \"b\"}")]
    [InlineData("{{1} | true}", "{{1}}")]
    [InlineData("[{1} | {2}, 3]", "[{1, 2}, 3]")]
    [InlineData("set()", "set()")]
    [InlineData("-1 - -2", "1")]
    [InlineData("`a\\n` == \"a\\\\n\"", "true")]
    [InlineData("$\"{1 + 1} and {[\"x\"]} and {input.missing}\"", "\"2 and [\\\"x\\\"] and <undefined>\"")]
    [InlineData("9007199254740993 + 1", "9007199254740994")]
    [InlineData("100000000000000000000 * 3", "300000000000000000000")]
    public void Expression_MeansWhatItSays(string expression, string value) =>
        Policies.Compile($"package t\n\np := {expression}\n").Value("data.t.p").ShouldBe(value);

    [Fact]
    public void Keyword_WithADotAfterIt_IsAName() =>
        Policies
            .Compile("package t\n\nif.in := 1\n\nwith.not := 2\n\np := if.in + with.not + input.default.if\n")
            .Value("data.t.p", """{"default": {"if": 3}}""")
            .ShouldBe("6");
}
