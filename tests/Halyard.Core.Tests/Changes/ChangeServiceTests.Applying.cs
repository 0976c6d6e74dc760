using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Changes;

public abstract partial class ChangeServiceTests
{
    [Fact]
    public async Task Change_Allowed_IsStoredWithItsEntryAndAReceipt()
    {
        var pipeline = await StartAsync(CreateF);
        var size = await pipeline.SizeAsync();

        var applied = await pipeline.AppliedAsync(Ops.Enable("f"));

        applied.Revisions.ShouldBe([new ResourceRevision(Flag.NameOf("web", "f"), 2, false)]);
        applied.Replayed.ShouldBeFalse();
        applied.Receipt.Index.ShouldBe(size);
        applied.Receipt.Log.ShouldBe("flags.test/acme/admin");
        (await pipeline.FlagAsync("f"))!.Environments["dev"].Settings.Enabled.ShouldBeTrue();
        var leaf = await pipeline.LastLeafAsync();
        leaf["type"]!.ToString().ShouldBe("flag.updated");
        leaf["env"]!.ToString().ShouldBe("dev");
        leaf["actions"]!.ToJsonString().ShouldBe("[\"flag.enabled\"]");
    }

    [Fact]
    public async Task Change_ThatChangesNothing_WritesNothing()
    {
        var pipeline = await StartAsync(CreateF);
        var size = await pipeline.SizeAsync();

        var unchanged = await pipeline.OutcomeAsync<Outcome.Unchanged>(Pipeline.Submission(Ops.Enable("f", enabled: false)));

        unchanged.Revisions.ShouldBe([new ResourceRevision(Flag.NameOf("web", "f"), 1, false)]);
        (await pipeline.SizeAsync()).ShouldBe(size);
    }

    [Fact]
    public async Task Change_OfManyFlags_IsOneEntryOrNothing()
    {
        var pipeline = await StartAsync(CreateF, Ops.CreateFlag("g"));
        var size = await pipeline.SizeAsync();

        var refused = await pipeline.ErrorAsync<Error.Invalid>(
            Pipeline.Submission(Ops.Enable("f"), Ops.Enable("g"), Ops.Enable("none"))
        );
        refused.Problems.ShouldHaveSingleItem().Pointer.ShouldBe("/operations/2/flag");
        (await pipeline.SizeAsync()).ShouldBe(size);
        (await pipeline.FlagAsync("f"))!.Environments.ShouldBeEmpty();

        (await pipeline.AppliedAsync(Ops.Enable("f"), Ops.Enable("g"))).Revisions.Count.ShouldBe(2);
        (await pipeline.SizeAsync()).ShouldBe(size + 1);
    }

    [Fact]
    public async Task Change_WithStaleBase_NamesTheCurrentRevisionAndWritesNothing()
    {
        var pipeline = await StartAsync(CreateF, Ops.Enable("f"));
        var size = await pipeline.SizeAsync();

        var stale = await pipeline.ErrorAsync<Error.StaleRevision>(
            Pipeline.Submission(Ops.Enable("f", enabled: false, baseRevision: 1))
        );

        stale.Resources.ShouldBe([new StaleResource("flag", "web", "f", 1, 2)]);
        (await pipeline.SizeAsync()).ShouldBe(size);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    [InlineData(0, 2)]
    public async Task IfMatch_AnotherRevision_IsRefused(long expected, long actual)
    {
        var pipeline = await StartAsync(CreateF, Ops.Enable("f"));

        var failed = await pipeline.ErrorAsync<Error.PreconditionFailed>(
            Pipeline.Submission(Ops.Rename("f", "x")) with
            {
                IfMatch = expected,
            }
        );

        failed.ShouldBe(new Error.PreconditionFailed(expected, actual));
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission(Ops.Rename("f", "x")) with { IfMatch = actual });
    }

    [Fact]
    public async Task Change_WithoutOperations_IsRefused()
    {
        var pipeline = await StartAsync();

        var refused = await pipeline.ErrorAsync<Error.Invalid>(Pipeline.Submission(Array.Empty<string>()) with { IfMatch = 1 });

        refused.Problems.ShouldHaveSingleItem().Pointer.ShouldBe("/operations");
    }

    [Fact]
    public async Task Change_InAProjectThatDoesNotExist_IsNotFound()
    {
        var pipeline = await StartAsync();

        (await pipeline.ErrorAsync<Error.NotFound>(Pipeline.Submission(Ops.ReadAll(CreateF), project: "none"))).ShouldBe(
            new Error.NotFound("project", "none")
        );
    }

    [Fact]
    public async Task Change_OfAProjectsResourceOutsideAProject_IsRefused()
    {
        var pipeline = await StartAsync();

        (await pipeline.ErrorAsync<Error.Invalid>(Pipeline.Submission(Ops.ReadAll(CreateF), project: "")))
            .Problems.ShouldHaveSingleItem()
            .Pointer.ShouldBe("/operations/0");
    }

    [Theory]
    [InlineData("""{"op":"setEnabled","flag":"f","environment":"prod","enabled":true}""")]
    [InlineData("""{"op":"setEnvironmentEnabled","environment":"prod","enabled":false}""")]
    [InlineData("""{"op":"deleteEnvironment","environment":"prod"}""")]
    [InlineData("""{"op":"updateEnvironment","environment":"prod","type":"development"}""")]
    [InlineData("""{"op":"updateEnvironment","environment":"dev","type":"production"}""")]
    [InlineData("""{"op":"updateFlag","flag":"f","tags":["x"]}""")]
    [InlineData("""{"op":"updateVariant","flag":"f","variant":"on","description":"x"}""")]
    [InlineData("""{"op":"createFlag","flag":"new","environments":{"prod":{"enabled":true}}}""")]
    [InlineData("""{"op":"updateSegment","segment":"s","includes":["u"]}""")]
    public async Task Change_ThatReachesProduction_NeedsAReason(string operation)
    {
        var pipeline = await StartAsync(
            CreateF,
            """{"op":"createSegment","segment":"s"}""",
            Ops.AddRule("f", "r", Ops.InSegment("s"), environment: "prod")
        );

        var refused = await pipeline.ErrorAsync<Error.Invalid>(Pipeline.Submission([Ops.Read(operation)], reason: " \t"));

        refused.Problems.ShouldHaveSingleItem().Pointer.ShouldBe("/reason");
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission(operation));
    }

    [Theory]
    [InlineData("""{"op":"setEnabled","flag":"f","environment":"dev","enabled":true}""")]
    [InlineData("""{"op":"createFlag","flag":"new"}""")]
    [InlineData("""{"op":"createSegment","segment":"s","includes":["u"]}""")]
    public async Task Change_ThatDoesNotReachProduction_NeedsNoReason(string operation)
    {
        var pipeline = await StartAsync(CreateF);

        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission([Ops.Read(operation)], reason: ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("\u00a0\u2003")]
    public async Task Change_WithABlankTicketOrIncident_NamesEachOfThem(string blank)
    {
        var pipeline = await StartAsync(CreateF);
        var submission = Pipeline.Submission(Ops.ReadAll(Ops.Enable("f")));

        var refused = await pipeline.ErrorAsync<Error.Invalid>(
            submission with
            {
                Change = submission.Change with { Ticket = blank, Incident = blank },
            }
        );

        refused.Problems.Select(problem => problem.Pointer).ShouldBe(["/ticket", "/incident"]);
    }

    [Fact]
    public async Task Change_WithWordsTooLong_NamesEachOfThem()
    {
        var pipeline = await StartAsync(CreateF);
        var submission = Pipeline.Submission(Ops.ReadAll(Ops.Enable("f")), reason: new string('r', 4_097));

        var refused = await pipeline.ErrorAsync<Error.Invalid>(
            submission with
            {
                Change = submission.Change with { Ticket = new string('t', 257), Incident = new string('i', 257) },
            }
        );

        refused.Problems.Select(problem => problem.Pointer).ShouldBe(["/reason", "/ticket", "/incident"]);
    }

    [Fact]
    public async Task Change_OfMoreThanTwentyResources_IsRefused()
    {
        var pipeline = await StartAsync();

        var refused = await pipeline.ErrorAsync<Error.Invalid>(
            Pipeline.Submission(Enumerable.Range(0, 21).Select(i => Ops.CreateFlag($"f{i}")))
        );
        refused.Problems.ShouldHaveSingleItem().Pointer.ShouldBe("/operations");

        await pipeline.AppliedAsync(Enumerable.Range(0, 20).Select(i => Ops.CreateFlag($"f{i}")));
    }

    [Fact]
    public async Task Change_BesideReferencesThatExist_DoesNotLoseSightOfThem()
    {
        var pipeline = await StartAsync(
            CreateF,
            Ops.CreateFlag("g"),
            """{"op":"createSegment","segment":"s"}""",
            Ops.AddRule("f", "r1", Ops.InSegment("s")),
            Ops.Needs("f", "g")
        );

        await pipeline.AppliedAsync(Ops.AddRule("f", "r2"));
        await pipeline.AppliedAsync("""{"op":"moveRule","flag":"f","environment":"dev","rule":"r2","index":0}""");
        await pipeline.AppliedAsync(
            """{"op":"setRollout","flag":"f","environment":"dev","rule":"r2","rollout":{"weights":[{"variant":"on","weight":1}]}}"""
        );
        await pipeline.AppliedAsync("""{"op":"removeRule","flag":"f","environment":"dev","rule":"r2"}""");
    }

    [Fact]
    public async Task Revert_FromTheStoresHistory_RestoresPersonalValues()
    {
        var pipeline = await StartAsync(
            CreateF,
            """{"op":"addOverride","flag":"f","environment":"dev","override":{"id":"o","targetingKey":"alice","variant":"on"}}"""
        );
        var before = await pipeline.FlagAsync("f");
        await pipeline.AppliedAsync("""{"op":"removeOverride","flag":"f","environment":"dev","override":"o"}""");

        await pipeline.AppliedAsync("""{"op":"revertToRevision","flag":"f","revision":2}""");

        var after = await pipeline.FlagAsync("f");
        after!.Environments["dev"].Settings.ShouldBe(before!.Environments["dev"].Settings);
    }

    [Fact]
    public async Task Credentials_CreatedAndRevoked_AreEntriesOfTheirOwnType()
    {
        var pipeline = await StartAsync();
        var secret = Digest.Of("secret"u8);

        await pipeline.OutcomeAsync<Outcome.Applied>(
            Pipeline.Submission([new CreateToken("tok_9", "Alice's laptop", ["CLIENT"], "s_7", secret)], project: "")
        );
        (await pipeline.LastLeafAsync())["type"]!.ToString().ShouldBe("key.created");
        (await pipeline.LastLeafAsync()).ToJsonString().ShouldNotContain("Alice");
        await pipeline.OutcomeAsync<Outcome.Applied>(
            Pipeline.Submission([new CreateSdkKey("key_9", "checkout", "web", "prod", secret)])
        );
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission([new RevokeToken("tok_9")], project: ""));
        (await pipeline.LastLeafAsync())["type"]!.ToString().ShouldBe("key.revoked");

        var again = await pipeline.ErrorAsync<Error.Invalid>(Pipeline.Submission([new RevokeToken("tok_9")], project: ""));
        again.Problems.ShouldHaveSingleItem().Message.ShouldBe("there is no token 'tok_9'");
        var unknown = Pipeline.Submission([new CreateToken("t", "", ["ROOT"], "s", secret)], project: "");
        (await pipeline.ErrorAsync<Error.Invalid>(unknown))
            .Problems.ShouldHaveSingleItem()
            .Pointer.ShouldBe("/operations/0/role");
        await FoldMatchesAsync(pipeline);
    }

    /// <summary>The log, replayed, is the live state: no change without its entry, no entry without its change.</summary>
    private static async Task FoldMatchesAsync(Pipeline pipeline)
    {
        var fold = await pipeline.FoldAsync();
        fold.Disagreement.ShouldBeNull();
        var live = await pipeline.AllAsync();
        fold.Resources.Keys.ShouldBe(live.Keys, ignoreOrder: true);
        foreach (var (name, stored) in live)
        {
            var folded = fold.Resources[name];
            (folded.Id, folded.Revision).ShouldBe((stored.Id, stored.Revision), name.ToString());
            Text(folded.Document).ShouldBe(Text(stored.Sealed ?? stored.Document));
        }
        var leaves = await pipeline.LeavesAsync();
        var head = await pipeline.Store.HeadAsync(Pipeline.Tenant, Cancellation);
        head!.Range.Root.ShouldBe(MerkleTree.Root([.. leaves.Select(leaf => MerkleTree.HashLeaf(leaf))]));
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
