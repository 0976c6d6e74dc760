using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Flags.Differences;

/// <summary>Each member changed alone is named by exactly its own action.</summary>
public sealed class DifferTests
{
    private static readonly Rollout Split = new([new("on", 1), new("off", 3)], Experiment: new Experiment("x", "off", 50_000));

    private static readonly FlagEnvironment Settings = new(
        true,
        "off",
        [new Prerequisite("g", ["on"])],
        [new Override("o1", null, FlagValue.Of("u1"), "on"), new Override("o2", "plan", FlagValue.Of("pro"), "off")],
        [
            new TargetingRule(
                "r1",
                "first",
                true,
                [new Condition("plan", ConditionOperator.Equals, [FlagValue.Of("pro")])],
                Serve.One("on")
            ),
            new TargetingRule("r2", "second", true, [], Serve.Split(Split with { Experiment = null })),
        ],
        Serve.Split(Split),
        "off"
    );

    private static readonly Flag Base = new(
        "f_1",
        "web",
        new FlagDefinition(
            "f",
            FlagType.Boolean,
            FlagStatus.Active,
            [new Variant("on", FlagValue.Of(true), "yes"), new Variant("off", FlagValue.Of(false))],
            "salt"
        ),
        "title",
        "description",
        FlagKind.Release,
        "owner",
        ["a", "b"],
        false,
        new FlagDefaults("on", "off"),
        1,
        Flag.NoEnvironments.Add("dev", new FlagConfiguration("e", 1, Settings))
    );

    private static readonly Dictionary<string, (Func<Flag, Flag> Mutate, string[] Actions)> Mutations = new(
        StringComparer.Ordinal
    )
    {
        ["title"] = (flag => flag with { Title = "x" }, ["flag.updated"]),
        ["description"] = (flag => flag with { Description = "x" }, ["flag.updated"]),
        ["kind"] = (flag => flag with { Kind = FlagKind.KillSwitch }, ["flag.updated"]),
        ["owner"] = (flag => flag with { Owner = "x" }, ["flag.updated"]),
        ["tag added"] = (flag => flag with { Tags = ["a", "b", "c"] }, ["flag.updated"]),
        ["tag removed"] = (flag => flag with { Tags = ["a"] }, ["flag.updated"]),
        ["sensitive"] = (flag => flag with { Sensitive = true }, ["flag.updated"]),
        ["default on"] = (flag => flag with { Defaults = new("off", "off") }, ["flag.updated"]),
        ["default off"] = (flag => flag with { Defaults = new("on", "on") }, ["flag.updated"]),
        ["salt"] = (Defined(definition => definition with { Salt = null }), ["flag.updated"]),
        ["hash"] = (Defined(definition => definition with { Hash = BucketingHash.Unleash }), ["flag.updated"]),
        ["draft"] = (Defined(definition => definition with { Status = FlagStatus.Draft }), ["flag.updated"]),
        ["archived"] = (Defined(definition => definition with { Status = FlagStatus.Archived }), ["flag.archived"]),
        ["deprecated"] = (Defined(definition => definition with { Status = FlagStatus.Deprecated }), ["flag.deprecated"]),
        ["variant value"] = (Variant(variant => variant with { Value = FlagValue.Of(false) }), ["flag.variant_updated"]),
        ["variant description"] = (Variant(variant => variant with { Description = "" }), ["flag.variant_updated"]),
        ["variant renamed"] = (Variant(variant => variant with { Key = "x" }), ["flag.variant_added", "flag.variant_removed"]),
        ["variants reordered"] = (
            Defined(definition => definition with { Variants = definition.Variants.Reverse().ToSequence() }),
            ["flag.variant_updated"]
        ),
        ["disabled"] = (In(settings => settings with { Enabled = false }), ["flag.disabled"]),
        ["off variant"] = (In(settings => settings with { OffVariant = "on" }), ["flag.off_variant_changed"]),
        ["fallback variant"] = (In(settings => settings with { FallbackVariant = null }), ["flag.updated"]),
        ["fallthrough to a variant"] = (
            In(settings => settings with { Fallthrough = Serve.One("on") }),
            ["flag.experiment_stopped", "flag.rollout_changed"]
        ),
        ["weight"] = (Fallthrough(split => split with { Weights = [new("on", 2), new("off", 3)] }), ["flag.rollout_changed"]),
        ["weights reordered"] = (
            Fallthrough(split => split with { Weights = [new("off", 3), new("on", 1)] }),
            ["flag.rollout_changed"]
        ),
        ["remainder"] = (Fallthrough(split => split with { Remainder = 1 }), ["flag.rollout_changed"]),
        ["bucket by"] = (Fallthrough(split => split with { BucketBy = "company" }), ["flag.rollout_changed"]),
        ["rollout salt"] = (Fallthrough(split => split with { Salt = "" }), ["flag.rollout_changed"]),
        ["gate"] = (Fallthrough(split => split with { Gate = new(1000) }), ["flag.rollout_changed"]),
        ["experiment traffic"] = (Fallthrough(split => split with { Experiment = new("x", "off", 1) }), ["flag.rollout_changed"]),
        ["experiment control"] = (
            Fallthrough(split => split with { Experiment = new("x", "on", 50_000) }),
            ["flag.rollout_changed"]
        ),
        ["experiment replaced"] = (
            Fallthrough(split => split with { Experiment = new("y", "off", 50_000) }),
            ["flag.experiment_started", "flag.experiment_stopped", "flag.rollout_changed"]
        ),
        ["rule name"] = (Rule(rule => rule with { Name = "x" }), ["flag.rule_updated"]),
        ["rule disabled"] = (Rule(rule => rule with { Enabled = false }), ["flag.rule_updated"]),
        ["rule serves"] = (Rule(rule => rule with { Serve = Serve.One("off") }), ["flag.rule_updated"]),
        ["rule replaced"] = (Rule(rule => rule with { Id = "x" }), ["flag.rule_added", "flag.rule_removed"]),
        ["condition attribute"] = (Condition(condition => condition with { Attribute = "x" }), ["flag.targeting_changed"]),
        ["condition operator"] = (
            Condition(condition => condition with { Operator = ConditionOperator.EndsWith }),
            ["flag.targeting_changed"]
        ),
        ["condition values"] = (
            Condition(condition => condition with { Values = [FlagValue.Of("free")] }),
            ["flag.targeting_changed"]
        ),
        ["condition negated"] = (Condition(condition => condition with { Negate = true }), ["flag.targeting_changed"]),
        ["condition when missing"] = (
            Condition(condition => condition with { WhenMissing = WhenMissing.Match }),
            ["flag.targeting_changed"]
        ),
        ["condition removed"] = (Rule(rule => rule with { Conditions = [] }), ["flag.targeting_changed"]),
        ["rules reordered"] = (
            In(settings => settings with { Rules = settings.Rules.Reverse().ToSequence() }),
            ["flag.rules_reordered"]
        ),
        ["override target"] = (Pin(pin => pin with { Value = FlagValue.Of("u2") }), ["flag.override_added"]),
        ["override variant"] = (Pin(pin => pin with { Variant = "off" }), ["flag.override_added"]),
        ["override expiry"] = (Pin(pin => pin with { ExpiresAt = DateTimeOffset.UnixEpoch }), ["flag.override_added"]),
        ["override attribute"] = (Pin(pin => pin with { Attribute = "plan" }), ["flag.override_added"]),
        ["override emergency"] = (Pin(pin => pin with { Emergency = true }), ["flag.emergency_override"]),
        ["override removed"] = (In(settings => settings with { Overrides = [settings.Overrides[0]] }), ["flag.override_removed"]),
        ["overrides reordered"] = (
            In(settings => settings with { Overrides = settings.Overrides.Reverse().ToSequence() }),
            ["flag.override_added"]
        ),
        ["prerequisite variants"] = (
            In(settings => settings with { Prerequisites = [new("g", ["on", "off"])] }),
            ["flag.prerequisite_changed"]
        ),
        ["prerequisite removed"] = (In(settings => settings with { Prerequisites = [] }), ["flag.prerequisite_changed"]),
    };

    public static TheoryData<string> Names => [.. Mutations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Compare_OneMemberChanged_NamesExactlyThatBothWays(string name)
    {
        var (mutate, actions) = Mutations[name];
        var after = mutate(Base);

        Differ.Compare(Base, after).Select(change => change.Action).ShouldBe(actions, ignoreOrder: true);
        Differ.Compare(after, Base).ShouldNotBeEmpty();
        Differ.Compare(after, mutate(Base)).ShouldBeEmpty();
    }

    [Fact]
    public void Compare_SeveralMembersChanged_SaysAllOfItInWords()
    {
        var after = In(settings =>
            settings with
            {
                Enabled = false,
                Fallthrough = Serve.Split(new Rollout([new("on", 25), new("off", 75)])),
                Rules = [.. settings.Rules, new TargetingRule("r3", "enterprise", false, [], Serve.One("on"))],
            }
        )(Base with { Title = "new" });

        Differ
            .Compare(Base, after)
            .Select(change => change.Words)
            .ShouldBe([
                "name 'title' → 'new'",
                "disabled in 'dev'",
                "experiment 'x' stopped in fallthrough in 'dev'",
                "fallthrough 25 % 'on', 75 % 'off' as experiment 'x' with 50 % of the traffic, control 'off' → 25 % 'on', 75 % 'off' in 'dev'",
                "rule 'enterprise' added: everyone, serves 'on', disabled in 'dev'",
            ]);
    }

    [Theory]
    [InlineData(' ')]
    [InlineData('~')]
    [InlineData('é')]
    public void Quote_OfOneHundredAndTwentyCharacters_IsWhole_AndOfMoreIsCut(char letter)
    {
        ChangeList.Quote(new string(letter, 120)).ShouldBe($"'{new string(letter, 120)}'");
        ChangeList.Quote(new string(letter, 121)).ShouldBe($"'{new string(letter, 120)}…'");
    }

    [Fact]
    public void Compare_AnotherHashAndAGate_SaysWhomTheyMove()
    {
        var gated = new Rollout([new("on", 1)], Gate: new Gate(55_000, "group", "sessionId"));
        var after = In(settings => settings with { Fallthrough = Serve.Split(gated) })(
            Defined(definition => definition with { Hash = BucketingHash.Unleash })(Base)
        );

        var words = Differ.Compare(Base, after).Select(change => change.Words).ToList();
        words[0].ShouldBe("hash 'flagd' → 'unleash': rollouts place users anew");
        words[^1].ShouldEndWith("→ 100 % 'on' for the 55 % that a gate lets in by 'sessionId' with salt 'group' in 'dev'");
        Differ.Compare(null, after)[0].Words.ShouldBe("boolean flag 'f' created with hash 'unleash'");
    }

    [Fact]
    public void Compare_NameThatImitatesASentence_StaysInsideItsQuotes()
    {
        var after = Base with { Title = "x'\n2026-01-01 flag 'other' deleted" };

        Differ.Compare(Base, after)[0].Words.ShouldBe("name 'title' → 'x’<U+000A>2026-01-01 flag ’other’ deleted'");
    }

    [Theory]
    [InlineData(false, "job.started")]
    [InlineData(true, "job.finished")]
    public void Compare_Import_NamesWhatItBecame(bool finished, string action)
    {
        var before = finished ? new HistoryImport("i", "web", "key", 3, false) : null;

        Differ.Compare(before, new HistoryImport("i", "web", "key", 3, finished)).ShouldHaveSingleItem().Action.ShouldBe(action);
    }

    [Fact]
    public void Compare_EqualResourcesOfEveryKind_NamesNothing()
    {
        Resource[] resources =
        [
            new Tenant("t", "acme", "Acme"),
            new Project("p", "web", "Web", ""),
            new ProjectEnvironment("e", "web", "dev", "", EnvironmentType.Staging, 1, true),
            Base,
            new Segment("s", "web", new SegmentDefinition("s", ["u"], [], []), "", ""),
            new HistoryImport("i", "web", "key", 3, true),
        ];
        foreach (var resource in resources)
            Differ.Compare(resource, resource with { }).ShouldBeEmpty(resource.Name.ToString());
    }

    private static Func<Flag, Flag> Defined(Func<FlagDefinition, FlagDefinition> edit) =>
        flag => flag with { Definition = edit(flag.Definition) };

    private static Func<Flag, Flag> Variant(Func<Variant, Variant> edit) =>
        Defined(definition => definition with { Variants = [edit(definition.Variants[0]), definition.Variants[1]] });

    private static Func<Flag, Flag> In(Func<FlagEnvironment, FlagEnvironment> edit) =>
        flag =>
            flag with
            {
                Environments = flag.Environments.SetItem(
                    "dev",
                    flag.Environments["dev"] with
                    {
                        Settings = edit(flag.Environments["dev"].Settings),
                    }
                ),
            };

    private static Func<Flag, Flag> Fallthrough(Func<Rollout, Rollout> edit) =>
        In(settings => settings with { Fallthrough = Serve.Split(edit(settings.Fallthrough.Rollout!)) });

    private static Func<Flag, Flag> Rule(Func<TargetingRule, TargetingRule> edit) =>
        In(settings => settings with { Rules = [edit(settings.Rules[0]), settings.Rules[1]] });

    private static Func<Flag, Flag> Condition(Func<Condition, Condition> edit) =>
        Rule(rule => rule with { Conditions = [edit(rule.Conditions[0])] });

    private static Func<Flag, Flag> Pin(Func<Override, Override> edit) =>
        In(settings => settings with { Overrides = [edit(settings.Overrides[0]), settings.Overrides[1]] });
}
