using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Tests.Fixtures;

namespace Halyard.Core.Tests.Changes;

public abstract partial class ChangeServiceTests
{
    [Fact]
    public async Task DryRun_OfAnAllowedChange_TellsVerdictDifferenceAndImpactAndWritesNothing()
    {
        var pipeline = await StartAsync(CreateF);
        var head = await pipeline.Store.HeadAsync(Pipeline.Tenant, Cancellation);

        var preview = await pipeline.OutcomeAsync<Outcome.Preview>(
            Pipeline.Submission(Ops.Enable("f", "prod"), Ops.Rename("f", "new")) with
            {
                DryRun = true,
                IdempotencyKey = "k",
            }
        );

        preview.Verdict.ShouldBe("allow");
        preview.Changes.Select(change => change.Action).ShouldBe(["flag.updated", "flag.enabled"]);
        preview.Impact.Environments.Select(environment => environment.Key).ShouldBe(["dev", "prod"]);
        preview.Impact.Flags.ShouldBe(["f"]);
        var resource = preview.Resources.ShouldHaveSingleItem();
        (resource.RevisionFrom, resource.RevisionTo).ShouldBe((1, 2));
        Text(resource.Patch).ShouldContain("\"new\"");
        (await pipeline.Store.HeadAsync(Pipeline.Tenant, Cancellation))!.Range.Root.ShouldBe(head!.Range.Root);
        (await pipeline.FlagAsync("f"))!.Title.ShouldBe("Flag f");
        (await pipeline.Store.FindAnswerAsync(Pipeline.Tenant, "tok_1", "k", pipeline.Time.Now, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task DryRun_OfWhatIsSoAlready_TellsThatNothingWouldChange()
    {
        var pipeline = await StartAsync(CreateF);
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission(Ops.Enable("f", "prod")));

        var preview = await pipeline.OutcomeAsync<Outcome.Preview>(
            Pipeline.Submission(Ops.Enable("f", "prod")) with
            {
                DryRun = true,
            }
        );

        (preview.Verdict, preview.Reason).ShouldBe(("allow", "nothing would change"));
        preview.Changes.ShouldBeEmpty();
        preview.Resources.ShouldBeEmpty();
    }

    [Fact]
    public async Task DryRun_OfAnInvalidChange_TellsWhatIsWrong()
    {
        var pipeline = await StartAsync();

        await pipeline.ErrorAsync<Error.Invalid>(Pipeline.Submission(Ops.Enable("none")) with { DryRun = true });
    }

    [Fact]
    public async Task ChangeThatChangesNothing_ByWhoeverMayNot_IsDeniedAndAudited()
    {
        var pipeline = await StartAsync(CreateF);
        var size = await pipeline.SizeAsync();

        var nothing = Ops.Read("""{"op":"updateFlag","flag":"f","name":"Flag f"}""");
        (await pipeline.OutcomeAsync<Outcome.Unchanged>(Pipeline.Submission([nothing]))).Revisions.ShouldHaveSingleItem();
        (await pipeline.SizeAsync()).ShouldBe(size);

        await pipeline.OutcomeAsync<Outcome.Denied>(Pipeline.Submission([nothing], Pipeline.Client));
        (await pipeline.SizeAsync()).ShouldBe(size + 1);
    }

    [Theory]
    [InlineData("""{"op":"deleteFlag","flag":"f"}""")]
    [InlineData("""{"op":"deleteFlag","flag":"none"}""")]
    public async Task DryRun_ByWhoeverMayNot_TellsTheDenialAndNothingElse(string operation)
    {
        var pipeline = await StartAsync(CreateF);
        var size = await pipeline.SizeAsync();

        var preview = await pipeline.OutcomeAsync<Outcome.Preview>(
            Pipeline.Submission([Ops.Read(operation)], Pipeline.Client) with
            {
                DryRun = true,
            }
        );

        preview.Verdict.ShouldBe("deny");
        preview.Changes.ShouldBeEmpty();
        preview.Resources.ShouldBeEmpty();
        preview.Impact.Flags.ShouldBeEmpty();
        (await pipeline.SizeAsync()).ShouldBe(size);
    }

    [Fact]
    public async Task Denial_OfALineOfAnImport_NamesWhatThatLineTouches_AndKeepsNoReasonOfItsAuthor()
    {
        var pipeline = await StartAsync(CreateF, Ops.CreateFlag("g"));
        const string policy = """
            apiVersion: featureflags/v1
            kind: ApprovalPolicy
            metadata: { name: p }
            spec:
              rules:
                - name: production
                  conditions: [{ field: environment.type, operator: equals, value: production }]
                  approval: { required: true, minApprovers: 1, approverRoles: ['group:all'] }
            """;
        var govern = new SetApprovalPolicies([new PolicyDocument(null, policy)]) { Source = "{}" };
        var put = Change.Edit("", [govern], "govern", action: Actions.ChangeApprovals);
        await pipeline.OutcomeAsync<Outcome.Applied>(new Submission(Pipeline.Admin, Pipeline.Request, put));
        ChangeStep[] lines = [Line(1, Ops.Enable("f", "dev")), Line(2, Ops.Enable("g", "prod"))];
        var import = new Change(HistoryImporter.Action, Pipeline.Project, lines);

        var denied = await pipeline.OutcomeAsync<Outcome.Denied>(new Submission(Pipeline.Admin, Pipeline.Request, import));

        denied.Reason.ShouldContain("history cannot wait");
        var leaf = await pipeline.LastLeafAsync();
        leaf["resource"]!["key"]!.ToString().ShouldBe("g");
        leaf["why"]!["reason"].ShouldBeNull();
        var kept = await pipeline.Store.EntryPrivatesAsync(Pipeline.Tenant, [denied.Receipt.Index], Cancellation);
        kept.Select(value => value.Pointer).ShouldBe(["/req/ip", "/req/ua"], ignoreOrder: true);
        (await CountAsync(pipeline, new AuditQuery { Text = "somebody" })).ShouldBe(0);

        static ChangeStep Line(long number, string operation) =>
            new(
                [Ops.Read(operation)],
                "somebody's reason",
                new EntryOrigin(DateTimeOffset.UnixEpoch, "s_author", "somebody's reason", null, "moving-in", number)
            );
    }

    [Fact]
    public async Task Denial_OfAClient_IsAuditedAndNothingElseChanges()
    {
        var pipeline = await StartAsync(CreateF);
        var before = await pipeline.AllAsync();
        var size = await pipeline.SizeAsync();

        var denied = await pipeline.OutcomeAsync<Outcome.Denied>(
            Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "prod")), Pipeline.Client)
        );

        denied.Receipt.Index.ShouldBe(size);
        (await pipeline.SizeAsync()).ShouldBe(size + 1);
        var after = await pipeline.AllAsync();
        after.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        after.ShouldAllBe(item => item.Value.Revision == before[item.Key].Revision);
        var leaf = await pipeline.LastLeafAsync();
        leaf["type"]!.ToString().ShouldBe("access.denied");
        leaf["outcome"]!["ok"]!.GetValue<bool>().ShouldBeFalse();
        leaf["actor"]!["sid"]!.ToString().ShouldBe("s_client");
        leaf["decision"]!["verdict"]!.ToString().ShouldBe("deny");
        leaf["env"]!.ToString().ShouldBe("prod");
        (
            await CountAsync(
                pipeline,
                new AuditQuery
                {
                    Succeeded = false,
                    Environment = "prod",
                    ResourceKind = ResourceKind.Flag,
                    ResourceKey = "f",
                }
            )
        ).ShouldBe(1);
        await FoldMatchesAsync(pipeline);
    }

    [Fact]
    public async Task Denial_OfADeletion_IsFoundByTheFlagsId()
    {
        var pipeline = await StartAsync(CreateF);
        var id = (await pipeline.FlagAsync("f"))!.Id;

        await pipeline.OutcomeAsync<Outcome.Denied>(
            Pipeline.Submission(Ops.ReadAll("""{"op":"deleteFlag","flag":"f"}"""), Pipeline.Client)
        );

        (await CountAsync(pipeline, new AuditQuery { Succeeded = false, ResourceId = id })).ShouldBe(1);
        (await pipeline.FlagAsync("f")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deletion_OfAFlag_ReachesEveryEnvironmentAndNeedsAReason(bool isConfigured)
    {
        var pipeline = await StartAsync(CreateF);
        if (isConfigured)
            await pipeline.AppliedAsync(Ops.Enable("f"));
        var deletion = Ops.ReadAll("""{"op":"deleteFlag","flag":"f"}""");

        (await pipeline.ErrorAsync<Error.Invalid>(Pipeline.Submission(deletion, reason: "")))
            .Problems.ShouldHaveSingleItem()
            .ShouldBe(new FieldProblem("/reason", "is required: environment 'prod' is of type production"));
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission(deletion));

        (await pipeline.LastLeafAsync())["meta"]!["environments"]!
            .AsArray()
            .Select(environment => environment!.ToString())
            .ShouldBe(["dev", "prod"]);
    }

    [Fact]
    public async Task Denial_OfInvalidInput_TellsNothingOfWhatIsWrong()
    {
        var pipeline = await StartAsync(CreateF);
        var size = await pipeline.SizeAsync();
        Submission[] wrong =
        [
            Pipeline.Submission(Ops.ReadAll(Ops.Enable("none")), Pipeline.Client),
            Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", baseRevision: 9)), Pipeline.Client),
            Pipeline.Submission(Ops.ReadAll(Ops.Enable("f")), Pipeline.Client) with
            {
                IfMatch = 9,
            },
            Pipeline.Submission(Ops.ReadAll(Ops.Enable("f")), Pipeline.Client, project: "none"),
            Pipeline.Submission([], Pipeline.Client),
            Pipeline.Submission(
                Enumerable.Range(0, 200).Select(i => Ops.Read(Ops.CreateFlag($"{new string('x', 100)}{i}"))).ToList(),
                Pipeline.Client
            ),
            Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "prod")), Pipeline.Client, reason: new string('r', 1_000_000)),
        ];
        var tooLong = Pipeline.Submission(Ops.ReadAll(Ops.Enable("f")), Pipeline.Client);
        wrong = [.. wrong, tooLong with { Change = tooLong.Change with { Ticket = new string('t', 100_000) } }];

        foreach (var submission in wrong)
            (await pipeline.OutcomeAsync<Outcome.Denied>(submission)).Reason.ShouldStartWith(
                "no role of the actor allows change.submit on change of project '"
            );

        (await pipeline.SizeAsync()).ShouldBe(size + wrong.Length);
        await FoldMatchesAsync(pipeline);
    }

    [Fact]
    public async Task Denial_OfAnImport_IsThatOfWhoeverTriedItNow()
    {
        var pipeline = await StartAsync(CreateF);
        var origin = new EntryOrigin(DateTimeOffset.UnixEpoch, "s_author", "then", null, "key", 1);
        var change = new Change("history.import", "web", [new ChangeStep(Ops.ReadAll(Ops.Enable("f")), "", origin)]);

        await pipeline.OutcomeAsync<Outcome.Denied>(new Submission(Pipeline.Client, Pipeline.Request, change));

        var entry = (
            await pipeline.Store.QueryAsync(Pipeline.Tenant, new AuditQuery { Actor = "s_client" }, Cancellation)
        ).ShouldHaveSingleItem();
        entry.EffectiveAt.ShouldBe(entry.At);
        (await CountAsync(pipeline, new AuditQuery { Imported = true })).ShouldBe(0);
    }

    [Fact]
    public async Task Authorizer_ThatFails_IsNoYes()
    {
        var pipeline = await StartAsync(CreateF);
        var broken = new Pipeline(pipeline.Store, new BrokenAuthorizer());
        var size = await pipeline.SizeAsync();

        await Should.ThrowAsync<TimeoutException>(async () => await broken.SubmitAsync(Pipeline.Submission(Ops.Enable("f"))));

        (await pipeline.SizeAsync()).ShouldBe(size);
    }

    [Fact]
    public async Task RefusedInput_OfWhoeverMay_IsNotAudited()
    {
        var pipeline = await StartAsync();
        var size = await pipeline.SizeAsync();

        await pipeline.ErrorAsync<Error.Invalid>(Pipeline.Submission(Ops.Enable("none")));

        (await pipeline.SizeAsync()).ShouldBe(size);
    }

    private static async Task<long> CountAsync(Pipeline pipeline, AuditQuery query) =>
        await pipeline.Store.CountAsync(Pipeline.Tenant, query, Cancellation);

    private sealed class BrokenAuthorizer : IAuthorizer
    {
        public ValueTask<AuthorizationDecision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken) =>
            throw new TimeoutException("the policy engine is away");

        public ValueTask<AccessPlan> PlanAsync(AuthorizationRequest request, CancellationToken cancellationToken) =>
            throw new TimeoutException("the policy engine is away");

        public ValueTask<bool> RefreshAsync(string tenant, CancellationToken cancellationToken) => ValueTask.FromResult(false);
    }
}
