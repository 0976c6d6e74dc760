using Halyard.Core.Flags;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Flags.Editing;

public sealed class FlagEditTests
{
    private readonly World _world = new(Ops.CreateFlag("f"), Ops.CreateFlag("g"));

    [Fact]
    public void CreateFlag_WithEnvironments_StartsAsGiven()
    {
        _world.Apply(
            """
            {"op":"createFlag","flag":"new","type":"string","variants":[{"key":"a","value":"A"},{"key":"b","value":"B"}],
             "environments":{"dev":{"enabled":true},"prod":{"enabled":true,"offVariant":"b","fallthrough":{"variant":"b"}}}}
            """
        );

        var flag = _world.Flag("new");
        flag.Revision.ShouldBe(1);
        flag.Defaults.ShouldBe(new FlagDefaults("a", "b"));
        _world.Configuration("new").Settings.ShouldBe(flag.Defaults.Configuration() with { Enabled = true });
        _world.Configuration("new", "prod").Settings.Fallthrough.ShouldBe(Serve.One("b"));
        _world.Configuration("new", "prod").Revision.ShouldBe(1);
        _world.Configuration("new", "staging").Revision.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"op":"createFlag","flag":"f"}""", "/operations/0/flag")]
    [InlineData("""{"op":"createFlag","flag":"x","defaults":{"on":"none","off":"off"}}""", "/operations/0/defaults/on")]
    [InlineData(
        """{"op":"createFlag","flag":"x","variants":[{"key":"a","value":true},{"key":"a","value":false}]}""",
        "/operations/0/variants/1/key"
    )]
    [InlineData("""{"op":"createFlag","flag":"x","variants":[{"key":"a","value":"text"}]}""", "/operations/0/variants/0/value")]
    [InlineData("""{"op":"createFlag","flag":"x","environments":{"none":{"enabled":true}}}""", "/operations/0/environments/none")]
    [InlineData(
        """{"op":"createFlag","flag":"x","environments":{"../dev~":{"enabled":true}}}""",
        "/operations/0/environments/..~1dev~0"
    )]
    [InlineData(
        """{"op":"createFlag","flag":"x","environments":{"dev":{"enabled":true,"offVariant":"none","fallthrough":{"variant":"on"}}}}""",
        "/operations/0/environments/dev/offVariant"
    )]
    [InlineData(
        """{"op":"createFlag","flag":"x","environments":{"dev":{"enabled":true,"offVariant":"on","fallthrough":{"variant":"on"},"prerequisites":[{"flag":"none","variants":["on"]}]}}}""",
        "/operations/0/environments/dev/prerequisites/0/flag"
    )]
    [InlineData("""{"op":"updateFlag","flag":"none","name":"x"}""", "/operations/0/flag")]
    [InlineData("""{"op":"addVariant","flag":"f","variant":{"key":"on","value":true}}""", "/operations/0/variant/key")]
    [InlineData("""{"op":"addVariant","flag":"f","variant":{"key":"x","value":"text"}}""", "/operations/0/variant/value")]
    [InlineData("""{"op":"updateVariant","flag":"f","variant":"on","value":5}""", "/operations/0/value")]
    [InlineData("""{"op":"updateVariant","flag":"f","variant":"none","value":true}""", "/operations/0/variant")]
    [InlineData("""{"op":"removeVariant","flag":"f","variant":"none"}""", "/operations/0/variant")]
    [InlineData("""{"op":"revertToRevision","flag":"f","revision":9}""", "/operations/0/revision")]
    [InlineData("""{"op":"deleteFlag","flag":"none"}""", "/operations/0/flag")]
    public void Edit_WhatIsWrong_IsNamedAtItsPlace(string operation, string pointer) =>
        _world.RefusedAt(operation).ShouldBe(pointer);

    [Fact]
    public void UpdateFlag_GivenMembers_ReplaceAndOthersStay()
    {
        _world.Apply("""{"op":"updateFlag","flag":"f","description":"d","owner":"team","tags":["z","a"],"kind":"permission"}""");
        _world.Apply("""{"op":"updateFlag","flag":"f","description":""}""");

        var flag = _world.Flag("f");
        (flag.Title, flag.Description, flag.Owner, flag.Kind).ShouldBe(("Flag f", "", "team", FlagKind.Permission));
        flag.Tags.ShouldBe(["a", "z"]);
        flag.Revision.ShouldBe(3);
    }

    [Fact]
    public void UpdateFlag_ToAnotherHash_IsNamedAndKept()
    {
        var change = _world.Apply("""{"op":"updateFlag","flag":"f","hash":"unleash"}""").ShouldHaveSingleItem();
        (change.Action, change.Words).ShouldBe(("flag.updated", "hash 'flagd' → 'unleash': rollouts place users anew"));

        _world.Apply("""{"op":"updateFlag","flag":"f","description":"d"}""");
        _world.Flag("f").Definition.Hash.ShouldBe(BucketingHash.Unleash);
    }

    [Fact]
    public void UpdateFlag_ToAHashThatAnEnvironmentDoesNotSuit_IsRefusedNamingWhere()
    {
        _world.Apply(
            """
            {"op":"startExperiment","flag":"f","environment":"staging","rule":null,"rollout":
             {"weights":[{"variant":"on","weight":1}],"experiment":{"key":"e","control":"off","traffic":1}}}
            """
        );

        _world
            .Refusal("""{"op":"updateFlag","flag":"f","hash":"unleash"}""")
            .ShouldHaveSingleItem()
            .ShouldBe(
                new FieldProblem(
                    "/operations/0/hash",
                    "does not suit environment 'staging': /fallthrough/rollout/experiment is not possible with hash 'unleash'"
                )
            );
    }

    [Fact]
    public void SetRollout_WithAGate_NeedsUnleashsHash()
    {
        const string gated = """
            {"op":"setRollout","flag":"f","environment":"dev","rule":null,"rollout":{"weights":[{"variant":"on","weight":1}],"gate":{"share":55000} } }
            """;
        _world.RefusedAt(gated).ShouldBe("/operations/0/rollout/gate");

        _world.Apply("""{"op":"updateFlag","flag":"f","hash":"unleash"}""");
        _world.Apply(gated);
        _world.Flag("f").Environments["dev"].Settings.Fallthrough.Rollout!.Gate.ShouldBe(new Gate(55_000));
    }

    [Fact]
    public void CreateFlag_WithAHash_StartsWithIt()
    {
        _world.Apply("""{"op":"createFlag","flag":"moved","hash":"goFeatureFlag"}""");
        _world.Flag("moved").Definition.Hash.ShouldBe(BucketingHash.GoFeatureFlag);
    }

    [Fact]
    public void UpdateFlag_AsItIs_IsNoEdit() => _world.Apply(Ops.Rename("f", "Flag f")).ShouldBeEmpty();

    [Theory]
    [InlineData("archived", "flag.archived")]
    [InlineData("deprecated", "flag.deprecated")]
    [InlineData("draft", "flag.updated")]
    public void SetStatus_EachStatus_IsNamed(string status, string action)
    {
        var change = _world.Apply($$"""{"op":"setStatus","flag":"f","status":"{{status}}"}""").ShouldHaveSingleItem();

        change.Action.ShouldBe(action);
        _world.Flag("f").Definition.Status.WireName().ShouldBe(status);
    }

    [Fact]
    public void Variants_AddUpdateRemove_ChangeTheFlag()
    {
        _world.Apply("""{"op":"addVariant","flag":"f","variant":{"key":"maybe","value":true,"description":"x"}}""");
        _world.Apply("""{"op":"updateVariant","flag":"f","variant":"maybe","value":false}""");

        _world.Flag("f").Definition.Variants[^1].ShouldBe(new Variant("maybe", FlagValue.Of(false), "x"));
        _world
            .Apply("""{"op":"removeVariant","flag":"f","variant":"maybe"}""")
            .ShouldHaveSingleItem()
            .Action.ShouldBe("flag.variant_removed");
        _world.Flag("f").Definition.Variants.Select(variant => variant.Key).ShouldBe(["on", "off"]);
    }

    [Fact]
    public void RemoveVariant_ServedSomewhere_IsRefusedNamingWhere()
    {
        _world.Apply("""{"op":"addVariant","flag":"f","variant":{"key":"maybe","value":true}}""");
        _world.Apply(Ops.AddRule("f", "a", variant: "maybe", environment: "staging"));

        var problem = _world.Refusal("""{"op":"removeVariant","flag":"f","variant":"maybe"}""").ShouldHaveSingleItem();

        problem.ShouldBe(new FieldProblem("/operations/0/variant", "environment 'staging' serves 'maybe'"));
    }

    [Fact]
    public void RemoveVariant_AskedForByAnotherFlag_IsRefused()
    {
        _world.Apply("""{"op":"addVariant","flag":"f","variant":{"key":"maybe","value":true}}""");
        _world.Apply(Ops.Needs("g", "f", "maybe"));

        _world
            .Refusal("""{"op":"removeVariant","flag":"f","variant":"maybe"}""")
            .ShouldHaveSingleItem()
            .Message.ShouldBe("flag 'g' asks for it in environment 'dev'");
    }

    [Fact]
    public void RemoveVariant_OfTheDefaults_IsRefused() =>
        _world
            .Refusal("""{"op":"removeVariant","flag":"f","variant":"on"}""")
            .ShouldAllBe(problem => problem.Pointer == "/operations/0/variant");

    [Fact]
    public void DeleteFlag_NeededByAnother_IsRefusedUntilItIsNot()
    {
        _world.Apply(Ops.Needs("g", "f"));

        _world.RefusedAt("""{"op":"deleteFlag","flag":"f"}""").ShouldBe("/operations/0/flag");

        _world
            .Apply(
                """{"op":"setPrerequisites","flag":"g","environment":"dev","prerequisites":[]}""",
                """{"op":"deleteFlag","flag":"f"}"""
            )
            .Select(change => change.Action)
            .ShouldBe(["flag.prerequisite_changed", "flag.deleted"]);
    }

    [Fact]
    public void DeleteAndRecreate_InOneChange_IsRefused() =>
        _world.RefusedAt("""{"op":"deleteFlag","flag":"f"}""", Ops.CreateFlag("f")).ShouldBe("/operations/1/flag");

    [Fact]
    public void DeleteAndRecreate_InTwoChanges_GivesAnotherIdAndRevisionOne()
    {
        var id = _world.Flag("f").Id;
        _world.Apply("""{"op":"deleteFlag","flag":"f"}""");
        _world.Apply(Ops.CreateFlag("f"));

        _world.Flag("f").Id.ShouldNotBe(id);
        _world.Revision("f").ShouldBe(1);
    }

    [Fact]
    public void Revert_OfAnotherFlagsPast_IsRefused()
    {
        _world.Apply(Ops.Rename("f", "second"));
        _world.Apply("""{"op":"deleteFlag","flag":"f"}""");
        _world.Apply(Ops.CreateFlag("f"));

        _world.RefusedAt("""{"op":"revertToRevision","flag":"f","revision":2}""").ShouldBe("/operations/0/revision");
    }

    [Fact]
    public void Revert_WholeFlag_RestoresEveryEnvironmentAndItsOwnMembers()
    {
        _world.Apply(Ops.Enable("f"));
        var before = _world.Flag("f");
        _world.Apply(
            Ops.Rename("f", "other"),
            Ops.Enable("f", enabled: false),
            Ops.Enable("f", "prod"),
            """{"op":"addVariant","flag":"f","variant":{"key":"x","value":true}}"""
        );

        var changes = _world.Apply("""{"op":"revertToRevision","flag":"f","revision":2}""");

        changes[0].Action.ShouldBe("flag.reverted");
        var after = _world.Flag("f");
        after.Definition.ShouldBe(before.Definition);
        after.Title.ShouldBe(before.Title);
        _world.Configuration("f").Settings.Enabled.ShouldBeTrue();
        _world.Configuration("f", "prod").Settings.ShouldBe(before.Defaults.Configuration());
        (after.Revision, _world.Configuration("f").Revision, _world.Configuration("f", "prod").Revision).ShouldBe((4, 4, 4));
    }

    [Fact]
    public void Revert_OneEnvironment_LeavesTheRest()
    {
        _world.Apply(Ops.Enable("f"));
        _world.Apply(Ops.Rename("f", "other"), Ops.Enable("f", enabled: false), Ops.Enable("f", "prod"));

        _world.Apply("""{"op":"revertToRevision","flag":"f","revision":2,"environment":"dev"}""");

        _world.Flag("f").Title.ShouldBe("other");
        _world.Flag("f").Revision.ShouldBe(3);
        _world.Configuration("f").Settings.Enabled.ShouldBeTrue();
        _world.Configuration("f", "prod").Settings.Enabled.ShouldBeTrue();
    }

    [Fact]
    public void Revert_TakingAwayAVariantThatAnotherFlagAsksFor_IsRefused()
    {
        _world.Apply(
            """{"op":"addVariant","flag":"f","variant":{"key":"beta","value":true}}""",
            """{"op":"addVariant","flag":"f","variant":{"key":"free","value":false}}"""
        );
        _world.Apply(Ops.Needs("g", "f", "beta"));

        _world
            .Refusal("""{"op":"revertToRevision","flag":"f","revision":1}""")
            .ShouldBe([
                new FieldProblem(
                    "/operations/0/revision",
                    "variant 'beta' would go, and flag 'g' asks for it in environment 'dev'"
                ),
            ]);

        // The variants stay where only one environment returns to what it was.
        _world.Apply(Ops.Enable("f"));
        _world.Apply("""{"op":"revertToRevision","flag":"f","revision":1,"environment":"dev"}""");
        _world.Apply(Ops.Needs("g", "f"));
        _world.Apply("""{"op":"revertToRevision","flag":"f","revision":1}""");
        _world.Flag("f").Definition.Variants.Select(variant => variant.Key).ShouldBe(["on", "off"], ignoreOrder: true);
    }

    [Fact]
    public void Revert_ToWhatItIs_IsNoEditAlthoughRevisionsPassed()
    {
        _world.Apply(Ops.Rename("f", "B"));
        _world.Apply(Ops.Rename("f", "Flag f"));

        _world.Apply("""{"op":"revertToRevision","flag":"f","revision":1}""").ShouldBeEmpty();
    }

    [Fact]
    public void Revert_ToAReferenceThatIsGone_IsRefused()
    {
        _world.Apply(Ops.Needs("f", "g"));
        _world.Apply("""{"op":"setPrerequisites","flag":"f","environment":"dev","prerequisites":[]}""");
        _world.Apply("""{"op":"deleteFlag","flag":"g"}""");

        _world.RefusedAt("""{"op":"revertToRevision","flag":"f","revision":2}""").ShouldBe("/operations/0/revision");
    }
}
