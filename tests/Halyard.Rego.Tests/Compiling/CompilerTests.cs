namespace Halyard.Rego.Tests.Compiling;

public sealed class CompilerTests
{
    [Theory]
    [InlineData("p if x", "rego_unsafe_var_error", "var x is unsafe")]
    [InlineData("p := x if true", "rego_unsafe_var_error", "var x is unsafe")]
    [InlineData("p if { x == 1; not y }", "rego_unsafe_var_error", "var y is unsafe")]
    [InlineData("p if not input.a[_]", "rego_unsafe_var_error", "var _ is unsafe")]
    [InlineData("p if { x = y; y = x }", "rego_unsafe_var_error", "var y is unsafe")]
    [InlineData("p contains x if y := 1", "rego_unsafe_var_error", "var x is unsafe")]
    [InlineData("p if count(x, 1)", "rego_unsafe_var_error", "var x is unsafe")]
    [InlineData("p if { x := 1; x := 2 }", "rego_compile_error", "var x declared")]
    [InlineData("p if { input := 1; input == 1 }", "rego_compile_error", "must not shadow input")]
    [InlineData("data := 1", "rego_compile_error", "must not shadow data")]
    [InlineData("default p := input.x", "rego_parse_error", "ground value")]
    [InlineData("p if q\n\nq if p", "rego_recursion_error", "data.t.p")]
    [InlineData("p if data.t[x]", "rego_recursion_error", "rule data.t.p is recursive: data.t.p -> data.t.p")]
    [InlineData("f(x) := f(x)", "rego_recursion_error", "rule data.t.f is recursive")]
    [InlineData("p := 1\n\np contains 2", "rego_type_error", "conflicting rules data.t.p found")]
    [InlineData("p := 1\n\np.q := 2", "rego_type_error", "rule data.t.p conflicts with [data.t.p.q]")]
    [InlineData("f(x) := 1\n\nf(x, y) := 2", "rego_type_error", "conflicting rules data.t.f found")]
    [InlineData("default p := 1\n\ndefault p := 2", "rego_type_error", "multiple default rules")]
    [InlineData("p if nonsense(1)", "rego_type_error", "undefined function nonsense")]
    [InlineData("p if count(1, 2, 3)", "rego_type_error", "arity mismatch")]
    [InlineData("p if { x := 1; true with x as 2 }", "rego_type_error", "with keyword target")]
    public void Mistake_IsAProblem_OfOpasCode(string rules, string code, string words)
    {
        var problems = Policies.ProblemsOf($"package t\n\n{rules}\n");

        problems.ShouldContain(
            problem => problem.Code == code && problem.Message.Contains(words, StringComparison.Ordinal),
            string.Join('\n', problems)
        );
    }

    [Theory]
    [InlineData("http.send({})")]
    [InlineData("net.lookup_ip_addr(\"a\")")]
    [InlineData("opa.runtime()")]
    [InlineData("rego.metadata.rule()")]
    [InlineData("strings.render_template(\"a\", {})")]
    [InlineData("graphql.parse(\"a\", \"b\")")]
    [InlineData("crypto.x509.parse_certificates(\"a\")")]
    [InlineData("providers.aws.sign_req({}, {}, 1)")]
    public void Builtin_ThatIsNotSupported_IsNamedWhenCompiling(string call)
    {
        var problem = Policies.ProblemsOf($"package t\n\np := {call}\n").ShouldHaveSingleItem();

        problem.Code.ShouldBe("rego_type_error");
        problem.Message.ShouldStartWith($"built-in {call[..call.IndexOf('(')]} is not supported");
        (problem.Row, problem.Column).ShouldBe((3, 6));
    }

    [Fact]
    public void Problems_AreToldAllAtOnce() =>
        Policies.ProblemsOf("package t\n\np if x\n\nq if y\n\nr if nonsense(z)\n").Count.ShouldBe(3);

    [Fact]
    public void Query_WithMistakes_HasProblems()
    {
        var policy = Policies.Compile("package t\n\np := 1\n");

        policy.Prepare("x").Problems.ShouldHaveSingleItem().Code.ShouldBe("rego_unsafe_var_error");
        policy.Prepare("").Problems.ShouldHaveSingleItem().Code.ShouldBe("rego_parse_error");
        policy.Prepare("data.t.p = ").Query.ShouldBeNull();
    }

    [Fact]
    public void Statements_RunInAnOrderThatGivesEachVariableItsValue() =>
        Policies.Compile("package t\n\np := y if {\n  y = x + 1\n  x = z * 2\n  z = 20\n}\n").Value("data.t.p").ShouldBe("41");

    [Fact]
    public void Statements_InTheWorstOrder_AreOrderedSoon()
    {
        var statements = string.Join("; ", Enumerable.Range(0, 1_000).Select(at => $"x{at} = x{at + 1} + 1"));
        var bodies = string.Join("\n\n", Enumerable.Range(0, 20).Select(at => $"p{at} := x0 if {{ {statements}; x1000 = 0 }}"));

        Policies.Compile($"package t\n\n{bodies}\n").Value("data.t.p19").ShouldBe("1000");
    }

    [Fact]
    public void Query_ThatIsOneTerm_AnswersItsValue_BeItFalse() =>
        Policies.Compile("package t\n\ndefault p := false\n").Value("data.t.p").ShouldBe("false");

    [Theory]
    [InlineData("a", "1")]
    [InlineData("b", "2")]
    [InlineData("c", "3")]
    [InlineData("d", "4")]
    [InlineData("e", "\"other\"")]
    public void Rules_FoundByTheirIndex_AreTheOnesThatHold(string action, string value) =>
        Policies
            .Compile(
                """
                package t

                default p := "other"

                p := 1 if input.action == "a"

                p := 2 if "b" == input.action

                p := 3 if input.action = "c"

                p := 4 if { input.action == "d"; true }

                p := 5 if input.never
                """
            )
            .Value("data.t.p", $$"""{"action": "{{action}}"}""")
            .ShouldBe(value);
}
