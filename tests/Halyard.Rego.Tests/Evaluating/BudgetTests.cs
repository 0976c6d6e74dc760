namespace Halyard.Rego.Tests.Evaluating;

/// <summary>Policies that mean harm: each ends, soon, with an error of the budget.</summary>
public sealed class BudgetTests
{
    private static readonly RegoBudget Small = new(Steps: 1_000_000, Bytes: 16 << 20);

    [Theory]
    [InlineData("p if { some a in xs; some b in xs; some c in xs; a + b + c == -1 }\n\nxs := numbers.range(1, 1000)")]
    [InlineData("p := numbers.range(1, 1000000000000)")]
    [InlineData("p := {x | some a in numbers.range(1, 100000); x := numbers.range(a, a + 1000)}")]
    [InlineData("p if { every a in numbers.range(1, 100000) { every b in numbers.range(1, 100000) { a + b > 0 } } }")]
    [InlineData("p if { some a in numbers.range(1, 300000); x with input as a }\n\nx if input < 0")]
    [InlineData(
        "p := count(walk_all)\n\nwalk_all := [y | walk(xs, y)]\n\nxs := [z | some _ in numbers.range(1, 30000); z := [1, 2, 3]]"
    )]
    public void Policy_ThatWouldRunTooLong_EndsByItsBudget(string rules) =>
        Failure(rules, Small).Code.ShouldBe("eval_budget_error");

    [Fact]
    public void Text_ThatDoublesAgainAndAgain_EndsByItsBudget()
    {
        var rules = string.Join("\n\n", Enumerable.Range(1, 60).Select(at => $"s{at} := concat(\"\", [s{at - 1}, s{at - 1}])"));

        Failure($"s0 := \"aaaaaaaa\"\n\n{rules}\n\np := s60", RegoBudget.Default).Code.ShouldBe("eval_budget_error");
    }

    [Fact]
    public void Template_ThatDoublesAgainAndAgain_EndsByItsBudget()
    {
        var rules = string.Join("\n\n", Enumerable.Range(1, 60).Select(at => $"s{at} := $\"{{s{at - 1}}}{{s{at - 1}}}\""));

        Failure($"s0 := \"aaaaaaaa\"\n\n{rules}\n\np := s60", RegoBudget.Default).Code.ShouldBe("eval_budget_error");
    }

    // Cheap to hold, for its halves are shared; dear to compare or write.
    [Fact]
    public void Value_ThatIsSmallInMemoryAndLargeToLookAt_IsRefused()
    {
        var rules = string.Join("\n\n", Enumerable.Range(1, 60).Select(at => $"a{at} := [a{at - 1}, a{at - 1}]"));

        Failure($"a0 := [1]\n\n{rules}\n\np := a60", RegoBudget.Default).Message.ShouldContain("larger than the budget allows");
    }

    [Fact]
    public void Value_ThatNestsTooDeep_IsRefused()
    {
        var rules = string.Join("\n\n", Enumerable.Range(1, 600).Select(at => $"a{at} := [a{at - 1}]"));

        Failure($"a0 := 1\n\n{rules}\n\np := a600", RegoBudget.Default).Message.ShouldContain("nests deeper");
    }

    [Fact]
    public void Rules_ThatNeedEachOtherTooDeep_EndWithAnError_NotWithTheProcess()
    {
        var rules = string.Join("\n\n", Enumerable.Range(1, 20_000).Select(at => $"a{at} := a{at - 1} + 1"));
        var policy = Policies.Compile($"package t\n\na0 := 1\n\n{rules}\n");
        RegoAnswer? answer = null;

        var thread = new Thread(() => answer = policy.Ask("data.t.a20000"), maxStackSize: 512 << 10);
        thread.Start();
        thread.Join();

        answer.ShouldBeOfType<RegoAnswer.Failed>().Message.ShouldContain("too deep");
    }

    [Fact]
    public void Cancellation_EndsAnEvaluation()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var query = Policies
            .Compile("package t\n\np if { some a in numbers.range(1, 1000); some b in numbers.range(1, 1000); a + b < 0 }\n")
            .Prepare("data.t.p")
            .Query!;

        var answer = query.Evaluate(null, RegoObject.Empty, RegoBudget.Default, Policies.Now, cancellation: cancelled.Token);

        answer.ShouldBeOfType<RegoAnswer.Failed>().Code.ShouldBe("eval_cancel_error");
    }

    [Fact]
    public void Query_EvaluatedByManyThreads_AnswersEachItsOwn()
    {
        var query = Policies
            .Compile("package t\n\np := {x: y | some x, y in numbers.range(0, input)}\n")
            .Prepare("count(data.t.p)")
            .Query!;

        Parallel.For(
            0,
            500,
            at =>
            {
                var answer = query.Evaluate(RegoValue.Of(at), RegoObject.Empty, RegoBudget.Default, Policies.Now);
                ((RegoAnswer.Defined)answer).Value.ShouldBe(RegoValue.Of(at + 1));
            }
        );
    }

    private static RegoAnswer.Failed Failure(string rules, RegoBudget budget) =>
        Policies.Compile($"package t\n\n{rules}\n").Ask("data.t.p", budget: budget).ShouldBeOfType<RegoAnswer.Failed>();
}
