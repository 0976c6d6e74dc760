using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Flags.Editing;

public sealed class ConfigurationEditTests
{
    private const string Split = """{"weights":[{"variant":"on","weight":25},{"variant":"off","weight":75}]}""";
    private const string Experiment =
        """{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":1}],"experiment":{"key":"x","control":"off","traffic":50000}}""";

    private readonly World _world = new(Ops.CreateFlag("f"), Ops.CreateFlag("g"));

    [Fact]
    public void SetEnabled_NewFlag_IsOnInThatEnvironmentAlone()
    {
        var changes = _world.Apply(Ops.Enable("f"));

        changes.ShouldHaveSingleItem().ShouldBe(new("flag.enabled", "dev", "enabled in 'dev'"));
        _world.Configuration("f").Settings.Enabled.ShouldBeTrue();
        _world.Configuration("f", "prod").Settings.Enabled.ShouldBeFalse();
    }

    [Fact]
    public void SetEnabled_AsItIs_IsNoEdit() => _world.Apply(Ops.Enable("f", enabled: false)).ShouldBeEmpty();

    [Fact]
    public void SetEnabled_OnAndOffInOneChange_LeavesNoTrace()
    {
        var revision = _world.Revision("f");

        _world.Apply(Ops.Enable("f"), Ops.Enable("f", enabled: false)).ShouldBeEmpty();

        _world.Revision("f").ShouldBe(revision);
    }

    [Fact]
    public void OnAndOffBesideAnotherEdit_OnlyTheOtherPartIsStamped()
    {
        _world.Apply(Ops.Enable("f"), Ops.Rename("f", "new"), Ops.Enable("f", enabled: false)).Count.ShouldBe(1);

        _world.Flag("f").Revision.ShouldBe(2);
        _world.Flag("f").Environments.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"op":"setEnabled","flag":"none","environment":"dev","enabled":true}""", "/operations/0/flag")]
    [InlineData("""{"op":"setEnabled","flag":"f","environment":"none","enabled":true}""", "/operations/0/environment")]
    [InlineData("""{"op":"setOffVariant","flag":"f","environment":"dev","variant":"none"}""", "/operations/0/variant")]
    [InlineData("""{"op":"setFallbackVariant","flag":"f","environment":"dev","variant":"none"}""", "/operations/0/variant")]
    [InlineData(
        """{"op":"setFallthrough","flag":"f","environment":"dev","serve":{"variant":"none"}}""",
        "/operations/0/serve/variant"
    )]
    [InlineData(
        """{"op":"setRollout","flag":"f","environment":"dev","rollout":{"weights":[{"variant":"on","weight":1},{"variant":"none","weight":1}]}}""",
        "/operations/0/rollout/weights/1/variant"
    )]
    [InlineData(
        """{"op":"setRollout","flag":"f","environment":"dev","rollout":{"weights":[]}}""",
        "/operations/0/rollout/weights"
    )]
    [InlineData(
        """{"op":"setRollout","flag":"f","environment":"dev","rule":"none","rollout":{"weights":[{"variant":"on","weight":1}]}}""",
        "/operations/0/rule"
    )]
    [InlineData("""{"op":"removeRule","flag":"f","environment":"dev","rule":"none"}""", "/operations/0/rule")]
    [InlineData("""{"op":"moveRule","flag":"f","environment":"dev","rule":"none","index":0}""", "/operations/0/rule")]
    [InlineData("""{"op":"removeOverride","flag":"f","environment":"dev","override":"none"}""", "/operations/0/override")]
    [InlineData(
        """{"op":"addOverride","flag":"f","environment":"dev","override":{"id":"o","targetingKey":"u","variant":"none"}}""",
        "/operations/0/override/variant"
    )]
    [InlineData(
        """{"op":"setRules","flag":"f","environment":"dev","rules":[{"id":"a","serve":{"variant":"on"}},{"id":"b","serve":{"variant":"none"}}]}""",
        "/operations/0/rules/1/serve/variant"
    )]
    [InlineData(
        """{"op":"setRules","flag":"f","environment":"dev","rules":[{"id":"a","serve":{"variant":"on"}},{"id":"a","serve":{"variant":"on"}}]}""",
        "/operations/0/rules/1/id"
    )]
    [InlineData(
        """{"op":"setRules","flag":"f","environment":"dev","rules":[{"id":"a","conditions":[{"operator":"segment","values":["none"]}],"serve":{"variant":"on"}}]}""",
        "/operations/0/rules/0/conditions/0/values/0"
    )]
    [InlineData(
        """{"op":"addRule","flag":"f","environment":"dev","rule":{"id":"a","conditions":[{"attribute":"p","operator":"matches","values":["("]}],"serve":{"variant":"on"}}}""",
        "/operations/0/rule/conditions/0/values/0"
    )]
    [InlineData(
        """{"op":"addRule","flag":"f","environment":"dev","rule":{"id":"a","serve":{"variant":"on"}},"index":1}""",
        "/operations/0/index"
    )]
    [InlineData(
        """{"op":"updateRule","flag":"f","environment":"dev","rule":{"id":"a","serve":{"variant":"on"}}}""",
        "/operations/0/rule/id"
    )]
    [InlineData("""{"op":"stopExperiment","flag":"f","environment":"dev","variant":"on"}""", "/operations/0")]
    [InlineData(
        """{"op":"startExperiment","flag":"f","environment":"dev","rollout":{"weights":[{"variant":"on","weight":1}]}}""",
        "/operations/0/rollout/experiment"
    )]
    [InlineData("""{"op":"promote","flag":"f","from":"dev","environment":"dev"}""", "/operations/0/from")]
    [InlineData("""{"op":"promote","flag":"f","from":"none","environment":"dev"}""", "/operations/0/from")]
    [InlineData(
        """{"op":"setPrerequisites","flag":"f","environment":"dev","prerequisites":[{"flag":"g","variants":["on"]},{"flag":"none","variants":["on"]}]}""",
        "/operations/0/prerequisites/1/flag"
    )]
    [InlineData(
        """{"op":"setPrerequisites","flag":"f","environment":"dev","prerequisites":[{"flag":"g","variants":["on","none"]}]}""",
        "/operations/0/prerequisites/0/variants/1"
    )]
    [InlineData(
        """{"op":"setPrerequisites","flag":"f","environment":"dev","prerequisites":[{"flag":"f","variants":["on"]}]}""",
        "/operations/0/prerequisites/0/flag"
    )]
    public void Edit_WhatIsWrong_IsNamedAtItsPlace(string operation, string pointer) =>
        _world.RefusedAt(operation).ShouldBe(pointer);

    [Fact]
    public void AddRule_WrongRuleBehindTenOthers_IsNamedAtItsPlace()
    {
        for (var i = 0; i < 12; i++)
            _world.Apply(Ops.AddRule("f", $"r{i}"));

        _world.RefusedAt(Ops.AddRule("f", "bad", variant: "none")).ShouldBe("/operations/0/rule/serve/variant");
        _world.RefusedAt(Ops.AddRule("f", "r11")).ShouldBe("/operations/0/rule/id");
    }

    [Fact]
    public void SecondOperationWrong_PointerNamesTheSecond() =>
        _world.RefusedAt(Ops.Enable("f"), Ops.Enable("none")).ShouldBe("/operations/1/flag");

    [Fact]
    public void SeveralWrongOperations_AreAllReported() =>
        _world
            .Refusal(Ops.Enable("none"), Ops.Enable("f"), Ops.AddRule("f", "a", variant: "none"))
            .Select(problem => problem.Pointer)
            .ShouldBe(["/operations/0/flag", "/operations/2/rule/serve/variant"]);

    [Fact]
    public void Rules_AddMoveUpdateRemove_KeepTheirOrder()
    {
        _world.Apply(Ops.AddRule("f", "a"), Ops.AddRule("f", "b"), Ops.AddRule("f", "c"));
        _world.Apply("""{"op":"moveRule","flag":"f","environment":"dev","rule":"c","index":0}""");
        Ids().ShouldBe(["c", "a", "b"]);
        _world.Apply("""{"op":"addRule","flag":"f","environment":"dev","index":1,"rule":{"id":"d","serve":{"variant":"off"}}}""");
        Ids().ShouldBe(["c", "d", "a", "b"]);
        _world.Apply(
            """{"op":"updateRule","flag":"f","environment":"dev","rule":{"id":"a","name":"new","serve":{"variant":"off"}}}"""
        );
        _world.Configuration("f").Settings.Rules[2].Name.ShouldBe("new");
        _world.Apply("""{"op":"removeRule","flag":"f","environment":"dev","rule":"d"}""");
        Ids().ShouldBe(["c", "a", "b"]);
        _world
            .RefusedAt("""{"op":"moveRule","flag":"f","environment":"dev","rule":"c","index":3}""")
            .ShouldBe("/operations/0/index");

        IEnumerable<string> Ids() => _world.Configuration("f").Settings.Rules.Select(rule => rule.Id);
    }

    [Fact]
    public void SetRollout_OfFallthroughAndOfRule_ServeTheSplit()
    {
        _world.Apply(Ops.AddRule("f", "a"));

        _world.Apply($$"""{"op":"setRollout","flag":"f","environment":"dev","rollout":{{Split}}}""");
        _world.Apply($$"""{"op":"setRollout","flag":"f","environment":"dev","rule":"a","rollout":{{Split}}}""");

        var settings = _world.Configuration("f").Settings;
        settings.Fallthrough.Rollout!.Weights.Select(weight => weight.Weight).ShouldBe([25, 75]);
        settings.Rules[0].Serve.ShouldBe(settings.Fallthrough);
    }

    [Fact]
    public void Experiment_StartedTwiceAndStopped_RunsOnce()
    {
        var start = $$"""{"op":"startExperiment","flag":"f","environment":"dev","rollout":{{Experiment}}}""";
        _world.Apply(start).Select(change => change.Action).ShouldContain("flag.experiment_started");
        _world.RefusedAt(start).ShouldBe("/operations/0");

        var stopped = _world.Apply("""{"op":"stopExperiment","flag":"f","environment":"dev","variant":"on"}""");

        stopped.Select(change => change.Action).ShouldContain("flag.experiment_stopped");
        _world.Configuration("f").Settings.Fallthrough.ShouldBe(Serve.One("on"));
        _world.RefusedAt("""{"op":"stopExperiment","flag":"f","environment":"dev","variant":"on"}""").ShouldBe("/operations/0");
    }

    [Fact]
    public void AddOverride_SameId_ReplacesAndKeepsThePlace()
    {
        _world.Apply(Pin("a", "u1"), Pin("b", "u2"));

        _world.Apply(Pin("a", "u3"));

        _world
            .Configuration("f")
            .Settings.Overrides.Select(pin => (pin.Id, pin.Value.Json))
            .ShouldBe([("a", "\"u3\""), ("b", "\"u2\"")]);
        _world.Apply("""{"op":"removeOverride","flag":"f","environment":"dev","override":"a"}""").Count.ShouldBe(1);
        _world.Configuration("f").Settings.Overrides.ShouldHaveSingleItem().Id.ShouldBe("b");
    }

    [Fact]
    public void SetFallbackVariant_SetAndWithdrawn_IsAsBefore()
    {
        var before = _world.Configuration("f").Settings;
        _world.Apply("""{"op":"setFallbackVariant","flag":"f","environment":"dev","variant":"off"}""");
        _world.Configuration("f").Settings.FallbackVariant.ShouldBe("off");

        _world.Apply("""{"op":"setFallbackVariant","flag":"f","environment":"dev","variant":null}""");

        _world.Configuration("f").Settings.ShouldBe(before);
    }

    [Fact]
    public void Promote_FromDevToProd_CopiesAllButOverridesAndFallback()
    {
        _world.Apply(Ops.Enable("f"), Ops.AddRule("f", "a"), Ops.Needs("f", "g"), Pin("dev-pin", "u1"));
        _world.Apply(
            """{"op":"setOffVariant","flag":"f","environment":"dev","variant":"on"}""",
            $$"""{"op":"setRollout","flag":"f","environment":"dev","rollout":{{Split}}}""",
            """{"op":"setFallbackVariant","flag":"f","environment":"dev","variant":"off"}""",
            Pin("prod-pin", "u2", "prod")
        );

        var changes = _world.Apply("""{"op":"promote","flag":"f","from":"dev","environment":"prod"}""");

        changes[0].ShouldBe(new("flag.promoted", "prod", "flag 'f' promoted from 'dev' to 'prod'"));
        var (dev, prod) = (_world.Configuration("f").Settings, _world.Configuration("f", "prod").Settings);
        prod.Overrides.ShouldHaveSingleItem().Id.ShouldBe("prod-pin");
        prod.FallbackVariant.ShouldBeNull();
        (prod with { Overrides = dev.Overrides, FallbackVariant = dev.FallbackVariant }).ShouldBe(dev);
    }

    [Fact]
    public void Promote_NothingDiffers_IsNoEdit() =>
        _world.Apply("""{"op":"promote","flag":"f","from":"dev","environment":"prod"}""").ShouldBeEmpty();

    [Fact]
    public void Prerequisites_CycleOfThreeFlags_IsRefusedInThatEnvironmentAlone()
    {
        _world.Apply(Ops.CreateFlag("h"));
        _world.Apply(Ops.Needs("f", "g"));
        _world.Apply(Ops.Needs("g", "h"));

        _world.RefusedAt(Ops.Needs("h", "f")).ShouldBe("/operations/0/prerequisites/0/flag");
        _world.Apply(Ops.Needs("h", "f", environment: "prod")).Count.ShouldBe(1);
    }

    [Fact]
    public void Prerequisites_CycleMadeByTwoOperationsOfOneChange_IsRefusedAtTheSecond() =>
        _world.RefusedAt(Ops.Needs("f", "g"), Ops.Needs("g", "f")).ShouldBe("/operations/1/prerequisites/0/flag");

    [Fact]
    public void Prerequisites_CycleThroughPromotion_IsRefused()
    {
        _world.Apply(Ops.Needs("f", "g"));
        _world.Apply(Ops.Needs("g", "f", environment: "prod"));

        _world.Refusal("""{"op":"promote","flag":"f","from":"dev","environment":"prod"}""").ShouldHaveSingleItem();
    }

    /// <summary>What the engine would refuse with PARSE_ERROR must not pass the edit: its limit is 64.</summary>
    [Fact]
    public void Prerequisites_ChainLongerThanTheEngineFollows_IsRefusedAtItsHeadAndInItsMiddle()
    {
        _world.Apply(Ops.CreateFlag("c0"));
        for (var i = 1; i < 64; i++)
        {
            _world.Apply(Ops.CreateFlag($"c{i}"));
            _world.Apply(Ops.Needs($"c{i}", $"c{i - 1}"));
        }

        _world.Refusal(Ops.Needs("f", "c63")).ShouldHaveSingleItem().Message.ShouldContain("chain of more than 64");
        // c0 is needed by 63 others: giving it a prerequisite makes the longest of them too long.
        var problem = _world.Refusal(Ops.Needs("c0", "g")).ShouldHaveSingleItem();
        problem.Pointer.ShouldBe("/operations/0/prerequisites");
        problem.Message.ShouldContain("'c63'");
        _world.Apply(Ops.Needs("f", "c62")).Count.ShouldBe(1);
    }

    private static string Pin(string id, string user, string environment = "dev") =>
        $$"""{"op":"addOverride","flag":"f","environment":"{{environment}}","override":{"id":"{{id}}","targetingKey":"{{user}}","variant":"on"} }""";
}
