using Halyard.Core.Access.Roles;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Simulating;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Storage;
using Halyard.Core.Tests.Fixtures;
using Halyard.Core.Tests.Policies;
using Halyard.Core.Tests.Reading;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Changes.Simulating;

public sealed class ChangeSimulationTests
{
    private static readonly SimulatedRange All = new(null, null, 0);
    private static readonly string Denial = Policy.Yaml("strictest", "always: true\ndeny: never");

    // Whoever is asked is found: the tests are about verdicts.
    private const string One = "approval: { required: true, minApprovers: 1, approverRoles: [\"group:all\"] }";

    private static readonly string[] Rules =
    [
        $"{Policy.When("audience.delta", "greaterThan", "40")}\n{One}",
        $"{Policy.When("operations", "containsAny", "[addOverride, setPrerequisites]")}\n{One}",
        $"{Policy.When("environment.type", "equals", "production")}\n{One}",
        $"{Policy.When("resource.kind", "equals", "segment")}\n{One}",
        $"{Policy.When("direction", "equals", "safer")}\n{Policy.None}",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryRecordedChange_IsJudgedAsItWasEnforced()
    {
        var verdicts = new List<string>();
        for (var seed = 1; seed <= 5; seed++)
        {
            // What went before is what the policies are asked about: rules, overrides, segments and prerequisites.
            var pipeline = (await RandomHistory.RunAsync(new InMemoryStore(), seed, 60)).Pipeline;
            await InForceAsync(pipeline, Policy.Yaml(seed % 2 == 0 ? "first" : "strictest", Rules));
            var begun = await pipeline.SizeAsync();
            var enforced = new Dictionary<long, string>();
            await RandomHistory.GoOnAsync(
                pipeline,
                seed + 100,
                80,
                (index, outcome) => enforced[index] = outcome is Outcome.Pending ? "require-approval" : "allow"
            );

            var report = await RunAsync(pipeline, Denial, All with { Begin = begun });

            report.Run.Differences.ToDictionary(item => item.Index, item => item.Now).ShouldBe(enforced, ignoreOrder: true);
            (report.Skipped, report.Next).ShouldBe((0, null));
            verdicts.AddRange(enforced.Values);
        }
        verdicts.Count(verdict => verdict == "allow").ShouldBeGreaterThan(10);
        verdicts.Count(verdict => verdict != "allow").ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Simulation_WritesNothing_AndCountsWhatWouldBeGated()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        await pipeline.AppliedAsync(Enable("dev"));
        await pipeline.AppliedAsync(Enable("prod"));
        var size = await pipeline.SizeAsync();

        var report = await RunAsync(
            pipeline,
            Policy.Yaml("strictest", $"{Policy.When("environment", "equals", "prod")}\n{Policy.Two}"),
            All
        );

        (await pipeline.SizeAsync()).ShouldBe(size);
        // The creation of the environment itself, and the flag that is switched on there.
        report.Run.NewlyGated.ShouldBe(2);
        report.Run.WithoutApprovers.ShouldBe(2);
        report.Run.Differences[^1].Gap.ShouldNotBeNull().ShouldEndWith("needs 2 more of tech-lead");
        report.Run.Differences[^1].Reason.ShouldContain("p/r0 requires it in prod");
    }

    [Fact]
    public async Task Range_LeavesOutWhatTookEffectBeforeAndAfter_ButStandsOnIt()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        pipeline.Time.Now = pipeline.Time.Now.AddDays(1);
        var from = pipeline.Time.Now.AddHours(-1);
        var index = (await pipeline.AppliedAsync(Enable("prod"))).Receipt.Index;
        pipeline.Time.Now = pipeline.Time.Now.AddDays(1);
        await pipeline.AppliedAsync(Enable("dev"));

        var report = await RunAsync(pipeline, Denial, new SimulatedRange(from, from.AddDays(1), 0));

        report.Run.Differences.ShouldHaveSingleItem().Index.ShouldBe(index);
        report.Run.Changes.ShouldBe(1);
    }

    [Fact]
    public async Task RunThatBeginsLater_JudgesOnTheStateOfThen()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        await pipeline.AppliedAsync(Enable("prod"));
        var last = (await pipeline.AppliedAsync(Enable("prod", "false"))).Receipt.Index;

        var report = await RunAsync(
            pipeline,
            Policy.Yaml("strictest", $"{Policy.When("direction", "equals", "riskier")}\ndeny: riskier"),
            All with
            {
                Begin = last,
            }
        );

        // Switching off what is on is safer; on a state where it never was on it would be no change.
        (report.Run.Changes, report.Run.NewlyBlocked, report.Run.Gated).ShouldBe((1, 0, 1));
    }

    [Fact]
    public async Task RangeOfNothing_EndsWithTheRunsPatience_AndSaysWhereToGoOn()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        for (var count = 0; count < 501; count++)
            await pipeline.AppliedAsync(Enable("dev", count % 2 == 0 ? "true" : "false"));
        var before = new SimulatedRange(null, pipeline.Time.Now.AddDays(-1), 0);

        var report = await RunAsync(pipeline, Denial, before, new SlowTime(pipeline.Time));

        report.Next.ShouldBe(500);
        (await RunAsync(pipeline, Denial, before)).Next.ShouldBeNull();
    }

    [Theory]
    [InlineData("environment.riskLevel", "medium", "low", 0)]
    [InlineData("environment.riskLevel", "medium", "high", 1)]
    [InlineData("environment.riskLevel", "medium", null, 1)]
    [InlineData("environment.estimatedUsers", "1000", "1000", 0)]
    [InlineData("environment.estimatedUsers", "1000", "1001", 1)]
    [InlineData("environment.estimatedUsers", "1000", null, 1)]
    public async Task EnvironmentsRiskAndUsers_AreWhatPoliciesSee_AndUnknownCountsAsTheWorst(
        string field,
        string limit,
        string? value,
        int blocked
    )
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        var written = int.TryParse(value, out _) ? value : $"\"{value}\"";
        if (value is not null)
            await pipeline.AppliedAsync(
                $$"""{"op":"updateEnvironment","environment":"dev","{{field.Split('.')[1]}}":{{written}}}"""
            );
        var begun = (await pipeline.AppliedAsync(Enable("dev"))).Receipt.Index;

        var report = await RunAsync(
            pipeline,
            Policy.Yaml("strictest", $"{Policy.When(field, "greaterThan", limit)}\ndeny: too much"),
            All with
            {
                Begin = begun,
            }
        );

        report.Run.NewlyBlocked.ShouldBe(blocked);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(90, 0)]
    public async Task AudienceDelta_OfSeveralGroupsOfUsers_IsKnownFromCounts_ElseAll(long servedOn, int blocked)
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        await pipeline.AppliedAsync(Enable("dev"));
        const string rule =
            """{"id":"r","conditions":[{"attribute":"plan","operator":"equals","values":["pro"]}],"serve":{"variant":"on"}}""";
        await pipeline.AppliedAsync($$"""{"op":"setRules","flag":"f","environment":"dev","rules":[{{rule}}]}""");
        await pipeline.AppliedAsync(Fallthrough("off"));
        var begun = (await pipeline.AppliedAsync(Fallthrough("on"))).Receipt.Index;
        var dev = (await pipeline.StoredAsync(ProjectEnvironment.NameOf(Pipeline.Project, "dev")))!.Id;
        if (servedOn > 0)
            await pipeline.Store.AddEvaluationsAsync(
                Pipeline.Tenant,
                [
                    new EvaluationDelta(
                        dev,
                        [
                            new EvaluationCount("f", "on", servedOn, pipeline.Time.Now),
                            new EvaluationCount("f", "off", 100 - servedOn, pipeline.Time.Now),
                        ]
                    ),
                ],
                Cancellation
            );

        var report = await RunAsync(
            pipeline,
            Policy.Yaml("strictest", $"{Policy.When("audience.delta", "greaterThan", "50")}\ndeny: too many"),
            All with
            {
                Begin = begun,
            }
        );

        report.Run.NewlyBlocked.ShouldBe(blocked);
    }

    private static string Fallthrough(string variant) =>
        $$$"""{"op":"setFallthrough","flag":"f","environment":"dev","serve":{"variant":"{{{variant}}}"}}""";

    private static string Enable(string environment, string enabled = "true") =>
        $$"""{"op":"setEnabled","flag":"f","environment":"{{environment}}","enabled":{{enabled}}}""";

    private static async Task InForceAsync(Pipeline pipeline, string yaml)
    {
        var operation = new SetApprovalPolicies([new PolicyDocument(null, yaml)]) { Source = "{}" };
        var change = Change.Edit("", [operation], "govern", action: Actions.ChangeApprovals);
        await pipeline.OutcomeAsync<Outcome.Applied>(new Submission(Pipeline.Admin, Pipeline.Request, change));
    }

    private static async Task<SimulationReport> RunAsync(
        Pipeline pipeline,
        string yaml,
        SimulatedRange range,
        TimeProvider? time = null
    )
    {
        var simulation = new ChangeSimulation(pipeline.Store, pipeline.Vault, time ?? pipeline.Time);
        var candidate = await simulation.LoadAsync(Pipeline.Tenant, [new PolicyDocument(null, yaml)], Cancellation);
        return await simulation.RunAsync(Pipeline.Tenant, candidate.Value, range, Cancellation);
    }

    /// <summary>A minute goes by whenever somebody looks.</summary>
    private sealed class SlowTime(TimeProvider clock) : TimeProvider
    {
        private long _minutes;

        public override long GetTimestamp() => ++_minutes * 60 * TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
    }
}
