using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Access;

/// <summary>Operators replace the policy through the pipeline; what does not compile or locks out is refused.</summary>
public sealed class PolicyChangeTests
{
    /// <summary>Everything is allowed to those who have the role ADMIN, and evaluating to everybody.</summary>
    private const string Own = """
        package halyard

        import rego.v1

        default authz := {"kind": "never", "reasons": ["own policy says no"]}

        authz := {"kind": "always", "reasons": ["own policy says yes"]} if "ADMIN" in input.actor.roles
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Policy_OfTheOperator_DecidesFromTheNextChangeOn_AndIsTakenBackInOneStep()
    {
        var pipeline = await StartAsync();
        await ApplyAsync(pipeline, Set(Own));
        (await pipeline.LastLeafAsync())["type"]!.ToString().ShouldBe("policy.created");

        await pipeline.AppliedAsync(Ops.Enable("f"));
        (await pipeline.LastLeafAsync())["decision"]!["policy"]!.ToString().ShouldStartWith("policy-1@");
        (
            await pipeline.OutcomeAsync<Outcome.Denied>(
                Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "prod")), Pipeline.Client)
            )
        ).Reason.ShouldBe("own policy says no");

        await ApplyAsync(pipeline, new SetPolicy(AuthorizationPolicy.Shipped, RestoredRevision: 0));
        var leaf = await pipeline.LastLeafAsync();
        leaf["type"]!.ToString().ShouldBe("policy.updated");
        leaf["actions"]!.ToJsonString().ShouldBe("""["policy.rolled_back","policy.updated"]""");
        var history = new AccessHistory(pipeline.Store, pipeline.Vault);
        (await history.ModulesAsync(Pipeline.Tenant, 1, Cancellation)).ShouldBe([new PolicyModule("own.rego", Own)]);
        (await history.ModulesAsync(Pipeline.Tenant, 7, Cancellation)).ShouldBeNull();
        (await pipeline.FoldAsync()).Disagreement.ShouldBeNull();
    }

    [Fact]
    public async Task Rollback_ToThePolicyThatShips_WhereNoneTookItsPlace_ChangesNothing()
    {
        var pipeline = await StartAsync();
        var size = await pipeline.SizeAsync();

        await pipeline.OutcomeAsync<Outcome.Unchanged>(
            Submission(new SetPolicy(AuthorizationPolicy.Shipped, RestoredRevision: 0))
        );

        (await pipeline.SizeAsync()).ShouldBe(size);
    }

    [Theory]
    [InlineData("package halyard\nauthz := {", "/operations/0/modules/0/text", "line 2")]
    [InlineData("package halyard\nimport rego.v1\nauthz := x if true", "/operations/0/modules/0/text", "line 3")]
    [InlineData("package halyard\nallow := true", "/operations/0/modules", "data.halyard.authz")]
    [InlineData("package halyard\nimport rego.v1\nauthz := http.send({})", "/operations/0/modules/0/text", "http.send")]
    public async Task Policy_ThatCannotBeAsked_IsRefusedWithThePlace(string text, string pointer, string words)
    {
        var pipeline = await StartAsync();

        var problem = (await pipeline.ErrorAsync<Error.Invalid>(Submission(Set(text)))).Problems[0];

        problem.Pointer.ShouldBe(pointer);
        problem.Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("""{"kind":"never"}""")]
    [InlineData("""{"kind":"when","filter":{"op":"all","of":[]}}""")]
    [InlineData("""{"kind":"always","surprise":true}""")]
    [InlineData("true")]
    public async Task Policy_ThatWouldLockTheLastAdministratorOut_IsRefused(string answer)
    {
        var pipeline = await StartAsync();
        var token = new CreateToken("t_1", "first", [BuiltInRoles.Admin], "s_first", Digest.Of("x"u8));
        await ApplyAsync(pipeline, token);

        var problems = (
            await pipeline.ErrorAsync<Error.Invalid>(Submission(Set($"package halyard\nauthz := {answer}")))
        ).Problems;

        problems.ShouldHaveSingleItem().Message.ShouldContain("nobody who can give roles");
    }

    [Fact]
    public async Task Policy_ThatLoopsWithoutEnd_DeniesAndSaysSo()
    {
        var pipeline = await StartAsync();
        // The probe when it is stored is by somebody without a role.
        const string loops = """
            package halyard

            import rego.v1

            default authz := {"kind": "never"}

            authz := {"kind": "always"} if {
                "ADMIN" in input.actor.roles
                n := numbers.range(1, 2000)
                some a in n; some b in n; some c in n
                a + b + c == 0
            }
            """;
        await ApplyAsync(pipeline, Set(loops));

        (await pipeline.OutcomeAsync<Outcome.Denied>(Pipeline.Submission(Ops.Enable("f")))).Reason.ShouldContain(
            "the policy fails"
        );
    }

    [Theory]
    [InlineData(61)]
    [InlineData(100)]
    [InlineData(500)]
    public void Answer_ThatNestsTooDeep_IsNoAndSaysSo(int depth)
    {
        var nested = new string('[', depth) + new string(']', depth);
        var text = $"package halyard\nauthz := {{\"kind\": \"always\", \"columns\": json.unmarshal(`{nested}`)}}";
        var program = PolicyProgram.Compile([new PolicyModule("own.rego", text)], "own").Value;

        var plan = program.Ask(Halyard.Rego.RegoObject.Empty, "access@0", DateTimeOffset.UnixEpoch);

        plan.Kind.ShouldBe(PlanKind.Never);
        plan.Reason.ShouldContain("nests deeper than");
    }

    [Fact]
    public async Task DryRun_AsksAgainWhatWasAskedOnTheRolesOfThen()
    {
        var pipeline = await StartAsync();
        var ann = new Actor(Pipeline.Tenant, "s_ann", ActorKind.User, "oidc", [], null);
        var on = Pipeline.Submission(Ops.ReadAll(Ops.Enable("f")), ann);
        await pipeline.OutcomeAsync<Outcome.Denied>(on);
        await ApplyAsync(
            pipeline,
            new CreateAssignment("a_1", "s_ann", null, "developer", ResourcePattern.Everything, null, null)
        );
        await pipeline.OutcomeAsync<Outcome.Applied>(on);
        await ApplyAsync(pipeline, new DeleteAssignment("a_1"));
        var size = await pipeline.SizeAsync();
        var dryRun = new PolicyDryRun(pipeline.Store, new AccessHistory(pipeline.Store, pipeline.Vault), pipeline.Time);

        var same = await dryRun.RunAsync(Pipeline.Tenant, PolicyProgram.Shipped, 0, size, Cancellation);
        (same.NewlyAllowed, same.NewlyDenied).ShouldBe((0, 0), string.Join("; ", same.Differences));
        (same.Decisions + same.Skipped).ShouldBe(size);
        same.Skipped.ShouldBe(1, "the tenant's creation is the server's own");

        var own = PolicyProgram.Compile([new PolicyModule("own.rego", Own)], "own").Value;
        var stricter = await dryRun.RunAsync(Pipeline.Tenant, own, 0, size, Cancellation);
        stricter.NewlyDenied.ShouldBe(1);
        stricter.Differences.ShouldHaveSingleItem().Index.ShouldBe(size - 2);
        stricter.Differences[0].Reason.ShouldBe("own policy says no");
    }

    [Fact]
    public async Task DryRun_ThatTakesTooLong_EndsAndSaysHowFarItCame()
    {
        var pipeline = await StartAsync();
        for (var i = 0; i < 10; i++)
            await pipeline.AppliedAsync(Ops.Enable("f", enabled: i % 2 == 0));
        var size = await pipeline.SizeAsync();
        var history = new AccessHistory(pipeline.Store, pipeline.Vault);
        var dryRun = new PolicyDryRun(pipeline.Store, history, new SlowTime());

        var report = await dryRun.RunAsync(Pipeline.Tenant, PolicyProgram.Shipped, 0, size, Cancellation);
        (report.From, report.To).ShouldBe((0, 5));
        (report.Decisions + report.Skipped).ShouldBe(5);
        (await dryRun.RunAsync(Pipeline.Tenant, PolicyProgram.Shipped, report.To, size, Cancellation)).To.ShouldBe(10);
    }

    /// <summary>A second passes whenever somebody looks.</summary>
    private sealed class SlowTime : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }

    private static Task<Pipeline> StartAsync() => Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));

    private static SetPolicy Set(string text) => new([new PolicyModule("own.rego", text)]);

    private static Submission Submission(Core.Flags.Operation operation) => Pipeline.Submission([operation], project: "");

    private static Task<Outcome.Applied> ApplyAsync(Pipeline pipeline, Core.Flags.Operation operation) =>
        pipeline.OutcomeAsync<Outcome.Applied>(Submission(operation));
}
