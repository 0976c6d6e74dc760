using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Comparing;

public sealed class ComparisonTests
{
    private const string Half = """{"rollout":{"weights":[{"variant":"on","weight":50},{"variant":"off","weight":50}]}}""";
    private const string Tenth = """{"rollout":{"weights":[{"variant":"on","weight":10},{"variant":"off","weight":90}]}}""";
    private const string On = """{"variant":"on"}""";
    private const string Off = """{"variant":"off"}""";
    private const string Pro = """{"attribute":"plan","operator":"equals","values":["pro"]}""";

    [Theory]
    [InlineData(Half, Tenth, true, 0.4)]
    [InlineData(Tenth, Half, false, 0.4)]
    [InlineData(On, Half, true, 0.5)]
    [InlineData(Half, On, false, 0.5)]
    [InlineData(Half, Off, true, 0.5)]
    [InlineData(Off, Tenth, false, 0.1)]
    [InlineData(On, Off, true, 1.0)]
    public void Fallthrough_SaferOnlyTowardsOff(string before, string after, bool isSafer, double share)
    {
        var flag = Compare($$"""{"fallthrough":{{before}} }""", $$"""{"fallthrough":{{after}} }""").ShouldHaveSingleItem();

        flag.IsSafer.ShouldBe(isSafer);
        flag.Blast.Population(Nobody).ShouldBe(share);
    }

    [Fact]
    public void SwitchingOff_IsSafer_AndSwitchingOnIsNot()
    {
        const string on = """{"fallthrough":{"variant":"on"}}""";
        const string off = """{"enabled":false,"fallthrough":{"variant":"on"}}""";

        Compare(on, off).ShouldHaveSingleItem().IsSafer.ShouldBeTrue();
        Compare(off, on).ShouldHaveSingleItem().IsSafer.ShouldBeFalse();
    }

    [Fact]
    public void EqualDefinitions_HaveNoComparison() => Compare("{}", "{}").ShouldBeEmpty();

    [Fact]
    public void SplitWrittenInAnotherWay_IsANoOpAndSafer()
    {
        const string fifths = """{"rollout":{"weights":[{"variant":"on","weight":5},{"variant":"off","weight":5}]}}""";

        var flag = Compare($$"""{"fallthrough":{{Half}} }""", $$"""{"fallthrough":{{fifths}} }""").ShouldHaveSingleItem();

        flag.IsSafer.ShouldBeTrue();
        flag.Blast.IsNoOp.ShouldBeTrue();
    }

    [Fact]
    public void AnotherSalt_IsNotSafer_AndReachesWhomChancePlacesElsewhere()
    {
        const string salted =
            """{"rollout":{"salt":"other","weights":[{"variant":"on","weight":50},{"variant":"off","weight":50}]}}""";

        var flag = Compare($$"""{"fallthrough":{{Half}} }""", $$"""{"fallthrough":{{salted}} }""").ShouldHaveSingleItem();

        flag.IsSafer.ShouldBeFalse();
        flag.Blast.Population(Nobody).ShouldBe(0.5);
    }

    [Fact]
    public void RemovedOverride_IsSaferWhereEverybodyElseGetsOff()
    {
        const string pin = """ "overrides":[{"id":"o","targetingKey":"ann","variant":"on"}] """;

        Compare($$"""{ {{pin}} }""", "{}").ShouldHaveSingleItem().IsSafer.ShouldBeTrue();
        Compare($$"""{ {{pin}},"offVariant":"off","fallthrough":{"variant":"on"} }""", """{"fallthrough":{"variant":"on"}}""")
            .ShouldHaveSingleItem()
            .IsSafer.ShouldBeTrue();
        Compare(
                """{"overrides":[{"id":"o","targetingKey":"ann","variant":"off"}],"fallthrough":{"variant":"on"}}""",
                """{"fallthrough":{"variant":"on"}}"""
            )
            .ShouldHaveSingleItem()
            .IsSafer.ShouldBeFalse();
    }

    [Fact]
    public void ChangedRule_ReachesItsOwnRegionAlone_OfUnknownSize()
    {
        static string With(string serve) =>
            $$"""{"rules":[{"id":"r","conditions":[{{Pro}}],"serve":{{serve}} }],"fallthrough":{"variant":"on"} }""";

        var blast = Compare(With(Tenth), With(Half)).ShouldHaveSingleItem().Blast;

        var region = blast.Regions.Single(region => region.Before == "rule 'r'" && region.Without.Count == 0);
        region.Share.ShouldBe(0.4);
        region.IsExact.ShouldBeTrue();
        blast.Regions.Single(region => region.Before == "everyone else").Share.ShouldBe(0);
        blast.Population(Nobody).ShouldBeNull();
        blast.AtMost.ShouldBe(0.4);
    }

    [Fact]
    public void PopulationFromCounts_WeighsEachVariantByWhoWasServedIt()
    {
        static string With(string serve) =>
            $$"""{"rules":[{"id":"r","conditions":[{{Pro}}],"serve":{{serve}} }],"fallthrough":{"variant":"off"} }""";

        var blast = Compare(With(On), With(Off)).ShouldHaveSingleItem().Blast;

        blast.Population(new Dictionary<string, long> { ["on"] = 20, ["off"] = 980 }).ShouldBe(0.02);
    }

    [Fact]
    public void PrerequisiteThatNowServesWhatIsNeeded_MakesItsDependentRiskier()
    {
        // Needs the other flag's off variant: switching the other to off lets users in.
        var needed = Flag("needed", """{"fallthrough":{"variant":"on"}}""");
        var turned = Flag("needed", """{"fallthrough":{"variant":"off"}}""");
        var disabled = Flag("needed", """{"enabled":false,"fallthrough":{"variant":"on"}}""");
        var dependent = Flag(
            "dependent",
            """{"prerequisites":[{"flag":"needed","variants":["off"]}],"fallthrough":{"variant":"on"}}"""
        );

        Compare([needed, dependent], [turned, dependent]).Single(flag => flag.Key == "dependent").IsSafer.ShouldBeFalse();
        Compare([needed, dependent], [disabled, dependent]).ShouldAllBe(flag => flag.IsSafer);
    }

    [Fact]
    public void EditedSegment_ConcernsTheFlagsThatUseIt()
    {
        var flag = Flag(
            "f",
            """{"rules":[{"id":"r","conditions":[{"operator":"segment","values":["s"]}],"serve":{"variant":"on"}}]}"""
        );
        var compared = EnvironmentComparison
            .Of(
                new("p", "e", 1, [flag], [new SegmentDefinition("s", ["ann"], [], [])]),
                new("p", "e", 1, [flag], [new SegmentDefinition("s", [], [], [])]),
                Given.Now
            )
            .ShouldHaveSingleItem();

        compared.IsSafer.ShouldBeFalse();
        compared.Blast.IsNoOp.ShouldBeFalse();
    }

    [Fact]
    public void FlagThatDoesNotCompile_IsNoReasonToDoubtAnother()
    {
        var broken = Flag("broken", """{"prerequisites":[{"flag":"nowhere","variants":["on"]}]}""");

        Compare([broken, Flag("f", "{}")], [broken, Flag("f", """{"enabled":false}""")]).ShouldHaveSingleItem().Key.ShouldBe("f");
    }

    [Fact]
    public void CreatedAndDeletedFlags_AreNeverSafer()
    {
        var flag = Flag("f", """{"enabled":false}""");

        Compare([], [flag]).ShouldHaveSingleItem().IsSafer.ShouldBeFalse();
        Compare([flag], []).ShouldHaveSingleItem().Blast.ShouldBe(BlastRadius.Unknown);
    }

    [Fact]
    public void RuleBehindOneThatServesAllItMatches_IsUnreachable()
    {
        var environment = new EnvironmentDefinition(
            "p",
            "e",
            1,
            [
                Flag(
                    "f",
                    $$"""
                    {"rules":[
                      {"id":"wide","conditions":[{{Pro}}],"serve":{"variant":"on"} },
                      {"id":"narrow","conditions":[{{Pro}},{"attribute":"age","operator":"greaterThan","values":[3]}],"serve":{"variant":"off"} },
                      {"id":"other","conditions":[{"attribute":"age","operator":"greaterThan","values":[3]}],"serve":{"variant":"off"} }
                    ]}
                    """
                ),
            ],
            []
        );

        EnvironmentComparison.UnreachableRules(environment, "f", Given.Now).ShouldBe(["narrow"]);
    }

    public static TheoryData<BucketingHash> Hashes => [.. Enum.GetValues<BucketingHash>()];

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Share_UnderEveryHash_IsWhatManyUsersShow_AndTowardsOffIsSafer(BucketingHash hash)
    {
        const int n = 4_000;
        var total = hash == BucketingHash.ConfigCat ? 100 : 1_000;
        var (more, less) = (Split(total * 6 / 10), Split(total * 3 / 10));
        var (wide, narrow) = (Given.Snapshot(more), Given.Snapshot(less));

        Compare([less], [more]).ShouldHaveSingleItem().IsSafer.ShouldBeFalse();
        var compared = Compare([more], [less]).ShouldHaveSingleItem();

        compared.IsSafer.ShouldBeTrue();
        compared.Blast.Population(Nobody)!.Value.ShouldBe(0.3, 1e-6);
        var changed = 0;
        for (var i = 0; i < n; i++)
        {
            var user = EvaluationContext.For($"user-{i}");
            var (was, becomes) = (Variant(wide, user), Variant(narrow, user));
            (becomes == was || becomes == "off").ShouldBeTrue();
            changed += becomes == was ? 0 : 1;
        }
        (changed / (double)n).ShouldBe(0.3, 0.03);

        FlagInEnvironment Split(int on) =>
            new(
                Given.Boolean("f") with
                {
                    Hash = hash,
                },
                new FlagEnvironment(
                    true,
                    "off",
                    [],
                    [],
                    [],
                    Serve.Split(new Rollout([new WeightedVariant("on", on), new WeightedVariant("off", total - on)]))
                ),
                1
            );
    }

    private static string? Variant(CompiledSnapshot snapshot, EvaluationContext user) =>
        Evaluator.Evaluate(snapshot, "f", user, Given.Now).Variant?.Key;

    private static Dictionary<string, long> Nobody => [];

    private static FlagInEnvironment Flag(string key, string json) => new(Given.Boolean(key), Given.Environment(json), 1);

    private static IReadOnlyList<FlagComparison> Compare(string before, string after) =>
        Compare([Flag("f", before)], [Flag("f", after)]);

    private static IReadOnlyList<FlagComparison> Compare(FlagInEnvironment[] before, FlagInEnvironment[] after) =>
        EnvironmentComparison.Of(new("p", "e", 1, before, []), new("p", "e", 1, after, []), Given.Now);
}
