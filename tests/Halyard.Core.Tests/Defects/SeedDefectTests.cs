using System.Text.Json.Nodes;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Tests.Fixtures;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Defects;

/// <summary>
/// Defects of the sketches that this product grew from, each with the number it has in docs/seed-defects.md. These concern what
/// an audit entry says, and that it is one with the change.
/// </summary>
public sealed class SeedDefectTests
{
    private const string AddOverride =
        """{"op":"addOverride","flag":"f","environment":"dev","override":{"id":"o","targetingKey":"alice","variant":"on","expiresAt":"2027-01-01T00:00:00Z"}}""";

    [Fact]
    public async Task Defect130_ActorRolesAndOutcome_ComeFromTheServer()
    {
        var pipeline = await StartAsync();
        foreach (var member in new[] { "actor", "roles", "outcome", "previousValue", "at", "tenant" })
        {
            var (_, problems) = Ops.TryRead(
                $$"""{"op":"setEnabled","flag":"f","environment":"dev","enabled":true,"{{member}}":"x"}"""
            );
            problems.ShouldHaveSingleItem().Pointer.ShouldBe($"/operations/0/{member}");
        }

        await pipeline.AppliedAsync(Ops.Enable("f"));

        var leaf = await pipeline.LastLeafAsync();
        leaf["actor"]!["sid"]!.ToString().ShouldBe(Pipeline.Admin.Subject);
        leaf["actor"]!["roles"]!.ToJsonString().ShouldBe("[\"ADMIN\"]");
        leaf["outcome"]!["ok"]!.GetValue<bool>().ShouldBeTrue();
        leaf["change"]!["before"]!.ToString().ShouldStartWith("sha256:");
    }

    [Fact]
    public async Task Defect144_AddressAndAgentOfACaller_AreNowhereInTheLeaf()
    {
        var pipeline = await StartAsync();

        var text = (await pipeline.LastLeafAsync()).ToJsonString();

        text.ShouldNotContain(Pipeline.Request.IpAddress!);
        text.ShouldNotContain("someone@example.com");
        text.ShouldContain("\"ip\":{\"$c\":");
    }

    [Fact]
    public async Task Defect145_ChangeOfTheFlagItself_NamesNoFakeEnvironment()
    {
        var pipeline = await StartAsync();

        await pipeline.AppliedAsync("""{"op":"createSegment","segment":"s"}""");

        var leaf = await pipeline.LastLeafAsync();
        leaf.AsObject().ContainsKey("env").ShouldBeTrue();
        leaf["env"].ShouldBeNull();
        await pipeline.AppliedAsync(Ops.Rename("f", "x"));
        (await pipeline.LastLeafAsync())["meta"]!["environments"]!.ToJsonString().ShouldBe("[\"dev\",\"prod\"]");
    }

    [Fact]
    public async Task Defect146_EveryKindOfResource_HasEntriesOfItsOwnType()
    {
        var pipeline = await StartAsync();
        await pipeline.AppliedAsync("""{"op":"createSegment","segment":"s"}""");
        await pipeline.OutcomeAsync<Outcome.Applied>(
            Pipeline.Submission(
                [new Core.Access.CreateToken("tok_9", "", ["CLIENT"], "s_1", Ledger.Digest.Of("x"u8))],
                project: ""
            )
        );
        await pipeline.OutcomeAsync<Outcome.Applied>(
            Pipeline.Submission([new Core.Access.CreateSdkKey("key_9", "", "web", "dev", Ledger.Digest.Of("x"u8))])
        );

        var types = (await pipeline.LeavesAsync()).Select(leaf => JsonNode.Parse(leaf)!["type"]!.ToString());

        types.ShouldBe([
            "tenant.created",
            "project.created",
            "environment.created",
            "flag.created",
            "segment.created",
            "key.created",
            "key.created",
        ]);
    }

    [Fact]
    public void Defect147_ArchivingDeprecatingAndReverting_HaveNamesOfTheirOwn()
    {
        var world = new World(Ops.CreateFlag("f"));

        world.Apply("""{"op":"setStatus","flag":"f","status":"archived"}""")[0].Action.ShouldBe("flag.archived");
        world.Apply("""{"op":"setStatus","flag":"f","status":"deprecated"}""")[0].Action.ShouldBe("flag.deprecated");
        world.Apply("""{"op":"revertToRevision","flag":"f","revision":1}""")[0].Action.ShouldBe("flag.reverted");
        Catalogue.Expand("flag.toggled").ShouldBe(["flag.enabled", "flag.disabled"]);
        Catalogue.Contains("flag.toggled").ShouldBeFalse();
    }

    [Fact]
    public async Task Defect148_StateInAnEntry_IsAPatchBetweenDigestsOfCanonicalDocuments()
    {
        var pipeline = await StartAsync();
        await pipeline.AppliedAsync(Ops.Enable("f"));

        var change = (await pipeline.LastLeafAsync())["change"]!;

        var stored = await pipeline.StoredAsync(Flag.NameOf("web", "f"));
        change["after"]!.ToString().ShouldBe(Ledger.Digest.Of(stored!.Document).ToString());
        Ledger.CanonicalJson.Canonicalize(stored.Document).ShouldBe(stored.Document);
    }

    [Fact]
    public void Defect155_OneChangeOfThreeThings_NamesAllThree()
    {
        var world = new World(Ops.CreateFlag("f"), Ops.AddRule("f", "enterprise"));

        var changes = world.Apply(
            Ops.Enable("f"),
            """{"op":"setRollout","flag":"f","environment":"dev","rollout":{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":99}]}}""",
            """{"op":"setRules","flag":"f","environment":"dev","rules":[]}"""
        );

        changes.Select(change => change.Action).ShouldBe(["flag.enabled", "flag.rollout_changed", "flag.rule_removed"]);
    }

    [Fact]
    public async Task Defect155_OneChangeOfThreeThings_IsFoundByEachOfThem()
    {
        var pipeline = await StartAsync();
        await pipeline.AppliedAsync(Ops.Enable("f"), Ops.AddRule("f", "enterprise"), Ops.Rename("f", "x"));

        foreach (var action in new[] { "flag.enabled", "flag.rule_added", "flag.updated" })
            (
                await CountAsync(
                    pipeline,
                    new AuditQuery
                    {
                        Actions = [action],
                        ResourceKey = "f",
                        ResourceKind = ResourceKind.Flag,
                    }
                )
            ).ShouldBe(1, action);
    }

    [Fact]
    public void Defect155_DescriptionAlone_IsNoChangeOfTargeting()
    {
        var world = new World(Ops.CreateFlag("f"), Ops.AddRule("f", "enterprise"));

        var change = world.Apply("""{"op":"updateFlag","flag":"f","description":"new"}""").ShouldHaveSingleItem();

        change.ShouldBe(new("flag.updated", null, "description '' → 'new'"));
    }

    [Fact]
    public void Defect155_EqualRolloutBesideNewTargeting_NamesTheTargeting()
    {
        var world = new World(Ops.CreateFlag("f"), Ops.AddRule("f", "r"));

        world
            .Apply(
                """{"op":"setFallthrough","flag":"f","environment":"dev","serve":{"variant":"on"}}""",
                """{"op":"updateRule","flag":"f","environment":"dev","rule":{"id":"r","conditions":[{"attribute":"plan","operator":"equals","values":["pro"]}],"serve":{"variant":"on"}}}"""
            )
            .ShouldHaveSingleItem()
            .Action.ShouldBe("flag.targeting_changed");
    }

    [Fact]
    public async Task Defect156_NoOp_WritesNothing()
    {
        var pipeline = await StartAsync();
        var size = await pipeline.SizeAsync();

        await pipeline.OutcomeAsync<Outcome.Unchanged>(
            Pipeline.Submission(
                Ops.Rename("f", "Flag f"),
                Ops.Enable("f", enabled: false),
                Ops.Enable("f"),
                Ops.Enable("f", enabled: false)
            )
        );

        (await pipeline.SizeAsync()).ShouldBe(size);
        (await pipeline.StoredAsync(Flag.NameOf("web", "f")))!.Revision.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"op":"updateFlag","flag":"f","key":"g"}""", "/operations/0/key")]
    [InlineData("""{"op":"updateFlag","flag":"f","evaluationCount":0}""", "/operations/0/evaluationCount")]
    [InlineData("""{"op":"updateFlag","flag":"f","Name":"x"}""", "/operations/0/Name")]
    [InlineData("""{"op":"updateFlag","flag":"f","description":null}""", "/operations/0/description")]
    public void Defect157_UnknownMemberOrNull_IsRefused(string operation, string pointer) =>
        Ops.TryRead(operation).Problems.ShouldHaveSingleItem().Pointer.ShouldBe(pointer);

    [Fact]
    public void Defect157_EmptyDescription_CanBeSet()
    {
        var world = new World(Ops.CreateFlag("f"), """{"op":"updateFlag","flag":"f","description":"x"}""");

        world.Apply("""{"op":"updateFlag","flag":"f","description":""}""").Count.ShouldBe(1);

        world.Flag("f").Description.ShouldBe("");
    }

    [Theory]
    [InlineData("""{"op":"setRollout","flag":"f","environment":"dev","rollout":{"weights":[{"variant":"on","weight":-1}]}}""")]
    [InlineData("""{"op":"setRollout","flag":"f","environment":"dev","rollout":{"weights":[{"variant":"on","weight":0.5}]}}""")]
    [InlineData("""{"op":"updateVariant","flag":"f","variant":"on","value":[1]}""")]
    [InlineData(
        """{"op":"addRule","flag":"f","environment":"dev","rule":{"id":"r","conditions":[{"attribute":"p","operator":"===","values":["x"]}],"serve":{"variant":"on"}}}"""
    )]
    public void Defect159_WhatTheEngineCouldNotServe_IsRefusedBeforeItIsStored(string operation)
    {
        if (Ops.TryRead(operation).Problems.Count == 0)
            new World(Ops.CreateFlag("f")).RefusedAt(operation).ShouldStartWith("/operations/0/");
        else
            Ops.TryRead(operation).Problems.ShouldAllBe(problem => problem.Pointer.StartsWith("/operations/0/"));
    }

    [Fact]
    public async Task Defect160_CreationAndDeletion_HaveTheirEntries()
    {
        var pipeline = await StartAsync();
        await pipeline.AppliedAsync("""{"op":"deleteFlag","flag":"f"}""");

        (await CountAsync(pipeline, new AuditQuery { Actions = ["flag.created"] })).ShouldBe(1);
        (await CountAsync(pipeline, new AuditQuery { Actions = ["flag.deleted"] })).ShouldBe(1);
        (await pipeline.FoldAsync()).Resources.Keys.ShouldNotContain(Flag.NameOf("web", "f"));
    }

    [Fact]
    public void Defect161_Ids_HaveAtLeastEightyRandomBits()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => Entropy.System.NewId("f")).ToHashSet(StringComparer.Ordinal);
        var time = DateTimeOffset.UnixEpoch;
        var ulids = Enumerable.Range(0, 10_000).Select(_ => Entropy.System.NewUlid(time)).ToHashSet(StringComparer.Ordinal);

        ids.Count.ShouldBe(10_000);
        ulids.Count.ShouldBe(10_000);
        ids.ShouldAllBe(id => id.Length == 28);
        ulids.ShouldAllBe(id => id.StartsWith("0000000000") && id.Length == 26);
    }

    [Fact]
    public async Task Defect162_Entry_SaysWhereFromForWhatAndWhy()
    {
        var pipeline = await StartAsync();
        var submission = Pipeline.Submission(Ops.Enable("f", "prod"));
        await pipeline.OutcomeAsync<Outcome.Applied>(
            submission with
            {
                Change = submission.Change with { Ticket = "FEAT-1", Incident = "INC-2" },
            }
        );

        var leaf = await pipeline.LastLeafAsync();

        leaf["tenant"]!.ToString().ShouldBe("acme");
        leaf["env"]!.ToString().ShouldBe("prod");
        leaf["req"]!["id"]!.ToString().ShouldBe("req-1");
        leaf["req"]!["session"]!.ToString().ShouldBe("session-1");
        leaf["why"]!["ticket"]!.ToString().ShouldBe("FEAT-1");
        leaf["why"]!["incident"]!.ToString().ShouldBe("INC-2");
        leaf["why"]!["reason"]!["$c"].ShouldNotBeNull();
        await pipeline.ErrorAsync<Error.Invalid>(
            Pipeline.Submission(Ops.ReadAll(Ops.Enable("f", "prod", enabled: false)), reason: "")
        );
    }

    [Fact]
    public async Task Defect164_TagTakenAwayInTheSameChange_StillCountsForTheDecision()
    {
        var pipeline = await StartAsync();
        await pipeline.AppliedAsync("""{"op":"updateFlag","flag":"f","tags":["critical"]}""");
        await pipeline.AppliedAsync("""{"op":"updateFlag","flag":"f","tags":["harmless"]}""", Ops.Enable("f", "prod"));

        var digest = (await pipeline.LastLeafAsync())["decision"]!["input"]!.ToString();
        Ledger.Digest.TryParse(digest, out var input).ShouldBeTrue();
        var blobs = await pipeline.Store.BlobsAsync("acme", [input], TestContext.Current.CancellationToken);

        JsonNode.Parse(blobs[input])!["resources"]![0]!["tags"]!.ToJsonString().ShouldBe("[\"critical\"]");
    }

    [Fact]
    public async Task Defect177_ChangeInTwoEnvironments_IsRecordedUnderBoth()
    {
        var pipeline = await StartAsync();
        await pipeline.AppliedAsync(Ops.Enable("f"), Ops.Enable("f", "prod"));

        foreach (var environment in new[] { "dev", "prod" })
            (await CountAsync(pipeline, new AuditQuery { Environment = environment, Actions = ["flag.enabled"] })).ShouldBe(1);
        (await CountAsync(pipeline, new AuditQuery { Environment = "default" })).ShouldBe(0);
    }

    [Theory]
    [InlineData("active")]
    [InlineData("draft")]
    [InlineData("deprecated")]
    [InlineData("archived")]
    public void Defect178_EveryStatus_HasADeclaredAction(string status)
    {
        var world = new World(Ops.CreateFlag("f"), """{"op":"setStatus","flag":"f","status":"archived"}""");

        var changes = world.Apply($$"""{"op":"setStatus","flag":"f","status":"{{status}}"}""");

        changes.ShouldAllBe(change => Catalogue.Contains(change.Action));
        Ops.TryRead("""{"op":"setStatus","flag":"f","status":"enabled"}""").Problems.ShouldNotBeEmpty();
    }

    [Fact]
    public void Defect179_OverrideReplacedAndRemoved_SaysWhatWasBeforeAndUntilWhen()
    {
        var world = new World(Ops.CreateFlag("f"), AddOverride);

        var replaced = world.Apply(AddOverride.Replace("\"on\"", "\"off\"", StringComparison.Ordinal)).ShouldHaveSingleItem();
        var removed = world
            .Apply("""{"op":"removeOverride","flag":"f","environment":"dev","override":"o"}""")
            .ShouldHaveSingleItem();

        replaced.Words.ShouldBe(
            "override 'o' replaced: one user gets 'off' until 2027-01-01T00:00:00Z (before: one user got 'on' until 2027-01-01T00:00:00Z) in 'dev'"
        );
        removed.Action.ShouldBe("flag.override_removed");
    }

    [Fact]
    public async Task Defect179_TargetOfAnOverride_IsNotInTheLeaf()
    {
        var pipeline = await StartAsync();
        await pipeline.AppliedAsync(AddOverride);

        (await pipeline.LastLeafAsync()).ToJsonString().ShouldNotContain("alice");
    }

    [Fact]
    public void Defect180_EachActionOfAFlag_IsEmittedByItsOwnEdit()
    {
        var world = new World(Ops.CreateFlag("f"), Ops.CreateFlag("g"), Ops.AddRule("f", "a"), Ops.AddRule("f", "b"));
        const string split =
            """{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":1}],"experiment":{"key":"x","control":"off","traffic":1}}""";
        (string Operation, string Action)[] edits =
        [
            (Ops.CreateFlag("h"), "flag.created"),
            (Ops.Enable("f"), "flag.enabled"),
            (Ops.Enable("f", enabled: false), "flag.disabled"),
            (Ops.AddRule("f", "c"), "flag.rule_added"),
            (
                """{"op":"updateRule","flag":"f","environment":"dev","rule":{"id":"c","name":"n","serve":{"variant":"on"}}}""",
                "flag.rule_updated"
            ),
            (
                """{"op":"updateRule","flag":"f","environment":"dev","rule":{"id":"c","name":"n","conditions":[{"attribute":"a","operator":"exists"}],"serve":{"variant":"on"}}}""",
                "flag.targeting_changed"
            ),
            ("""{"op":"moveRule","flag":"f","environment":"dev","rule":"b","index":0}""", "flag.rules_reordered"),
            ("""{"op":"removeRule","flag":"f","environment":"dev","rule":"c"}""", "flag.rule_removed"),
            (AddOverride, "flag.override_added"),
            (
                """{"op":"addOverride","flag":"f","environment":"dev","override":{"id":"e","targetingKey":"u","variant":"on","emergency":true}}""",
                "flag.emergency_override"
            ),
            ("""{"op":"removeOverride","flag":"f","environment":"dev","override":"e"}""", "flag.override_removed"),
            (Ops.Needs("f", "g"), "flag.prerequisite_changed"),
            ("""{"op":"setOffVariant","flag":"f","environment":"dev","variant":"on"}""", "flag.off_variant_changed"),
            ("""{"op":"setFallthrough","flag":"f","environment":"dev","serve":{"variant":"off"}}""", "flag.fallthrough_changed"),
            ($$"""{"op":"startExperiment","flag":"f","environment":"dev","rollout":{{split}}}""", "flag.experiment_started"),
            ("""{"op":"stopExperiment","flag":"f","environment":"dev","variant":"on"}""", "flag.experiment_stopped"),
            (
                """{"op":"setRollout","flag":"f","environment":"dev","rollout":{"weights":[{"variant":"on","weight":1}]}}""",
                "flag.rollout_changed"
            ),
            ("""{"op":"addVariant","flag":"f","variant":{"key":"v","value":true}}""", "flag.variant_added"),
            ("""{"op":"updateVariant","flag":"f","variant":"v","value":false}""", "flag.variant_updated"),
            ("""{"op":"removeVariant","flag":"f","variant":"v"}""", "flag.variant_removed"),
            ("""{"op":"promote","flag":"f","from":"dev","environment":"staging"}""", "flag.promoted"),
            ("""{"op":"revertToRevision","flag":"f","revision":1}""", "flag.reverted"),
            ("""{"op":"setStatus","flag":"f","status":"deprecated"}""", "flag.deprecated"),
            ("""{"op":"setStatus","flag":"f","status":"archived"}""", "flag.archived"),
            (Ops.Rename("f", "x"), "flag.updated"),
            ("""{"op":"deleteFlag","flag":"f"}""", "flag.deleted"),
        ];

        foreach (var (operation, action) in edits)
            world.Apply(operation).Select(change => change.Action).ShouldContain(action);

        Catalogue
            .Names.Where(name =>
                name.StartsWith("flag.", StringComparison.Ordinal) && name is not ("flag.imported" or "flag.viewed")
            )
            .ShouldBe(edits.Select(edit => edit.Action).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Defect181_RuleEditWithEqualCount_SaysWhatChanged()
    {
        var world = new World(Ops.CreateFlag("f"), Ops.AddRule("f", "a"), Ops.AddRule("f", "b"));

        var changes = world.Apply(
            $$"""{"op":"setRules","flag":"f","environment":"dev","rules":[{{Ops.Rule("b", variant: "off")}},{{Ops.Rule("c")}}]}"""
        );

        changes.Select(change => change.Action).ShouldBe(["flag.rule_added", "flag.rule_removed", "flag.rule_updated"]);
        changes[2].Words.ShouldBe("rule 'b' 'on' → 'off' in 'dev'");
    }

    [Fact]
    public void Defect182_NameThatImitatesALogLine_CannotForgeOne()
    {
        var world = new World(Ops.CreateFlag("f"));
        foreach (var text in Naughty.All())
        {
            var words = world.Apply(Ops.Rename("f", text)).Select(change => change.Words);
            words.ShouldAllBe(word => !Naughty.IsTreacherous(word));
        }
        world
            .Apply(Ops.Rename("f", "x' → 'y'\nflag 'other' deleted"))[0]
            .Words.ShouldEndWith("'x’ → ’y’<U+000A>flag ’other’ deleted'");
    }

    [Fact]
    public async Task Defect183_ChangeThatFails_TellsTheCallerNothingWasChanged()
    {
        var pipeline = await StartAsync();
        var before = await pipeline.AllAsync();

        await pipeline.ErrorAsync<Error.Invalid>(Pipeline.Submission(Ops.Rename("f", "x"), Ops.Enable("none")));

        var after = await pipeline.AllAsync();
        after.ShouldAllBe(item => item.Value.Revision == before[item.Key].Revision);
    }

    [Fact]
    public async Task Defect184_ActorOnBehalfOfAnother_IsRecordedAsBoth()
    {
        var pipeline = await StartAsync();
        var actor = Pipeline.Admin with { Kind = Core.Access.ActorKind.Service, OnBehalfOf = "s_boss" };
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission(Ops.ReadAll(Ops.Enable("f")), actor));

        var recorded = (await pipeline.LastLeafAsync())["actor"]!;

        (recorded["sid"]!.ToString(), recorded["obo"]!.ToString(), recorded["kind"]!.ToString()).ShouldBe(
            ("s_admin", "s_boss", "service")
        );
    }

    [Fact]
    public void Defect189_RecreatedFlag_HasAnotherId()
    {
        var world = new World(Ops.CreateFlag("f"));
        var id = world.Flag("f").Id;
        world.Apply("""{"op":"deleteFlag","flag":"f"}""");
        world.Apply(Ops.CreateFlag("f"));

        world.Flag("f").Id.ShouldNotBe(id);
    }

    private static Task<Pipeline> StartAsync() => Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));

    private static async Task<long> CountAsync(Pipeline pipeline, AuditQuery query) =>
        await pipeline.Store.CountAsync("acme", query, TestContext.Current.CancellationToken);
}
