namespace Halyard.Rego.Tests.Compiling;

public sealed class TypeTests
{
    [Theory]
    [InlineData(
        "p := count(1)",
        "count: invalid argument(s): operand 1 must be one of {set, array, object, string} but is number"
    )]
    [InlineData("p := 1 + \"a\"", "plus: invalid argument(s)")]
    [InlineData("p := sum([\"a\"])", "sum: invalid argument(s)")]
    [InlineData("p := upper(q)\n\nq := 1", "upper: invalid argument(s)")]
    [InlineData("p := upper(f(1))\n\nf(x) := x + 1", "upper: invalid argument(s)")]
    [InlineData("p if { x := 1; x = \"a\" }", "match error")]
    [InlineData("p if { [1, x] = [\"a\", 2] }", "match error")]
    [InlineData("p := q.b\n\nq := {\"a\": 1}", "undefined ref")]
    [InlineData("p := q.a.b\n\nq := {\"a\": 1}", "undefined ref")]
    [InlineData("p if { x := [1, 2]; x[2] }", "undefined ref")]
    [InlineData("p if q.a\n\nq contains 1", "undefined ref")]
    [InlineData("p if { some x in [1, 2]; startswith(x, \"a\") }", "startswith: invalid argument(s)")]
    [InlineData("p if { every x in [1, 2] { startswith(x, \"a\") } }", "startswith: invalid argument(s)")]
    [InlineData("p := [upper(x) | some x in {1, 2}]", "upper: invalid argument(s)")]
    public void Rules_ThatCanNeverBe_AreTypeErrors(string rules, string words)
    {
        var problem = Policies.ProblemsOf($"package t\n\n{rules}\n").ShouldHaveSingleItem();

        problem.Code.ShouldBe("rego_type_error");
        problem.Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("p := q[input.key]\n\nq := {\"a\": 1}", "1")]
    [InlineData("p := count(input.key)", "1")]
    [InlineData("p := upper(q)\n\nq := \"a\" if input.key\n\nq := 1 if input.missing", "\"A\"")]
    [InlineData("p if { x := {\"a\": 1}; y := x[input.key]; y == 1 }", "true")]
    [InlineData("p if 1 != \"a\"", "true")]
    [InlineData("p := x if x := data.t.q with data.t.q as \"a\"\n\nq := 1", "\"a\"")]
    [InlineData("p := x if x := upper(data.t.q) with data.t.q as \"a\"\n\nq := 1", "\"A\"")]
    public void Rules_ThatCanBe_AreNot(string rules, string value) =>
        Policies.Compile($"package t\n\n{rules}\n").Value("data.t.p", """{"key": "a"}""").ShouldBe(value);

    [Fact]
    public void Types_ThatDoubleAgainAndAgain_AreGivenUp()
    {
        var rules = string.Join("\n\n", Enumerable.Range(1, 200).Select(at => $"a{at} := [a{at - 1}, {{\"x\": a{at - 1}}}]"));

        Policies.Compile($"package t\n\na0 := 1\n\n{rules}\n").Value("data.t.a1").ShouldBe("[1, {\"x\": 1}]");
    }
}
