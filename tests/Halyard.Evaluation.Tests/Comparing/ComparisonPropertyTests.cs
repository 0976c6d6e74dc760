using Halyard.Evaluation.Definitions;
using Halyard.Evaluation.Tests.Agreement;

namespace Halyard.Evaluation.Tests.Comparing;

/// <summary>What a comparison says of all contexts is true of every one that is tried.</summary>
public sealed class ComparisonPropertyTests(ITestOutputHelper output)
{
    [Fact]
    public void FlagCalledSafer_NeverGivesAnythingButWhatItGaveOrTheOffVariant()
    {
        var (safer, riskier, asked, harmless) = (0, 0, 0, 0);
        for (var seed = 1UL; seed <= 4_000; seed++)
        {
            var (before, after, contexts) = Case(seed);
            var compared = EnvironmentComparison.Of(before, after, Given.Now).ToDictionary(flag => flag.Key);
            var (was, becomes) = (Compile(before), Compile(after));
            foreach (var source in before.Flags)
            {
                var key = source.Flag.Key;
                var isSafer = !compared.TryGetValue(key, out var flag) || flag.IsSafer;
                var isNoOp = flag is null || flag.Blast.IsNoOp;
                var wouldBeSafer = true;
                foreach (var (context, now) in contexts)
                {
                    var (old, answer) = (Value(was, key, context, now), Value(becomes, key, context, now));
                    var isOff = answer == Off(source);
                    wouldBeSafer &= answer == old || isOff;
                    asked++;
                    if (isSafer)
                        (answer == old || isOff).ShouldBeTrue($"seed {seed}, {key}: {old} became {answer}");
                    if (isNoOp)
                        answer.ShouldBe(old, $"seed {seed}, {key}");
                }
                safer += flag is { IsSafer: true } ? 1 : 0;
                riskier += isSafer ? 0 : 1;
                harmless += wouldBeSafer && !isSafer ? 1 : 0;
            }
        }
        output.WriteLine(
            $"{asked} answers; {safer} flags safer, {riskier} not proved, {harmless} of these without a counterexample"
        );
        safer.ShouldBeGreaterThan(1_500);
        riskier.ShouldBeGreaterThan(600);
    }

    [Fact]
    public void Share_OfBucketSpace_IsWhatEveryBucketCountedSingly_Gives()
    {
        for (var seed = 1UL; seed <= 500; seed++)
        {
            var dice = new Dice(seed);
            var total = 1 + dice.Below(40);
            var (before, after) = (Buckets(dice, total), Buckets(dice, total));
            var changed = before.Zip(after).Count(bucket => bucket.First != bucket.Second) / (double)total;

            var blast = Compare(Flag(Weights(before)), Flag(Weights(after)))?.Blast;

            (blast?.Regions.Single(region => region.Without.Count == 0).Share ?? 0).ShouldBe(changed, 1e-12, $"seed {seed}");
            (blast?.Population(new Dictionary<string, long>()) ?? 0).ShouldBe(changed, 1e-12);
            (blast?.IsNoOp ?? true).ShouldBe(changed == 0);
        }
    }

    [Fact]
    public void Population_OfAFlagWithoutConditions_IsWhatManyUsersShow_OrMore()
    {
        const int n = 4_000;
        var (exact, known) = (0, 0);
        for (var seed = 1UL; seed <= 300; seed++)
        {
            var environment = WithoutConditions(new RandomEnvironment(new Dice(seed)).Next());
            var edited = WithoutConditions(new RandomEdit(new Dice(seed + 1_000_000)).Apply(environment));
            var (was, becomes) = (Compile(environment), Compile(edited));
            foreach (var flag in EnvironmentComparison.Of(environment, edited, Given.Now))
            {
                var users = Enumerable.Range(0, n).Select(i => EvaluationContext.For($"{seed}-{i}")).ToList();
                var answers = users.ConvertAll(user => (Value(was, flag.Key, user), Value(becomes, flag.Key, user)));
                var seen = answers.Count(pair => pair.Item1 != pair.Item2) / (double)n;
                (flag.Blast.AtMost + 0.05).ShouldBeGreaterThan(seen, $"seed {seed}, {flag.Key}");
                var counts = answers
                    .GroupBy(pair => Evaluated(was, flag.Key, pair.Item1))
                    .ToDictionary(same => same.Key, same => (long)same.Count());
                if (flag.Blast.Population(counts) is not { } population)
                    continue;
                known++;
                (population + 0.05).ShouldBeGreaterThan(seen, $"seed {seed}, {flag.Key}");
                if (
                    flag.Blast.Regions.Count(region => !region.IsWithoutKey) != 1
                    || !flag.Blast.Regions.All(region => region.IsExact)
                )
                    continue;
                exact++;
                population.ShouldBe(seen, 0.05, $"seed {seed}, {flag.Key}");
            }
        }
        output.WriteLine($"{known} known, {exact} of them exact");
        exact.ShouldBeGreaterThan(40);
        known.ShouldBeGreaterThan(exact);
    }

    [Fact]
    public void UnreachableRule_NeverServesAnybody()
    {
        var found = 0;
        for (var seed = 1UL; seed <= 2_000; seed++)
        {
            var dice = new Dice(seed);
            var environment = new RandomEnvironment(dice).Next();
            var contexts = new RandomContext(dice);
            var snapshot = Compile(environment);
            foreach (var key in environment.Flags.Select(flag => flag.Flag.Key))
            {
                var unreachable = EnvironmentComparison.UnreachableRules(environment, key, Given.Now);
                found += unreachable.Count;
                for (var i = 0; i < (unreachable.Count > 0 ? 30 : 0); i++)
                {
                    var rule = Evaluator.Evaluate(snapshot, key, contexts.Next().ToEngine(), Given.Now).RuleId;
                    unreachable.ShouldNotContain(rule ?? "", $"seed {seed}, {key}");
                }
            }
        }
        output.WriteLine($"{found} unreachable rules");
        found.ShouldBeGreaterThan(50);
    }

    private static (
        EnvironmentDefinition Before,
        EnvironmentDefinition After,
        List<(EvaluationContext, DateTimeOffset)> Contexts
    ) Case(ulong seed)
    {
        var dice = new Dice(seed);
        var before = new RandomEnvironment(dice).Next();
        var after = new RandomEdit(dice).Apply(before);
        var random = new RandomContext(dice);
        // An override may expire between the decision and the question.
        var contexts = Enumerable.Range(0, 25).Select(i => (random.Next().ToEngine(), Given.Now.AddDays(i % 3))).ToList();
        return (before, after, contexts);
    }

    private static CompiledSnapshot Compile(EnvironmentDefinition environment) => SnapshotCompiler.Compile(environment).Snapshot;

    private static string? Value(CompiledSnapshot snapshot, string key, EvaluationContext context) =>
        Value(snapshot, key, context, Given.Now);

    private static string? Value(CompiledSnapshot snapshot, string key, EvaluationContext context, DateTimeOffset now) =>
        Evaluator.Evaluate(snapshot, key, context, now).Variant is { } variant
            ? System.Text.Encoding.UTF8.GetString(variant.ValueUtf8.Span)
            : null;

    private static string? Off(FlagInEnvironment source) =>
        source.Flag.Variants.FirstOrDefault(variant => variant.Key == source.Configuration.OffVariant)?.Value.Json;

    private static string Evaluated(CompiledSnapshot snapshot, string key, string? value) =>
        snapshot.TryGetFlag(key, out var flag)
            ? flag.Variants.FirstOrDefault(variant => System.Text.Encoding.UTF8.GetString(variant.ValueUtf8.Span) == value)?.Key
                ?? ""
            : "";

    private static FlagComparison? Compare(FlagInEnvironment before, FlagInEnvironment after) =>
        EnvironmentComparison.Of(new("p", "e", 1, [before], []), new("p", "e", 1, [after], []), Given.Now).SingleOrDefault();

    private static FlagInEnvironment Flag(Rollout rollout) =>
        new(Given.Letters(), new FlagEnvironment(true, "c", [], [], [], Serve.Split(rollout)), 1);

    private static string[] Buckets(Dice dice, int total) => [.. Enumerable.Range(0, total).Select(_ => dice.One("a", "b", "c"))];

    // Runs of one variant are one weight, so that equal splits are written in different ways.
    private static Rollout Weights(string[] buckets)
    {
        var weights = new List<WeightedVariant>();
        foreach (var variant in buckets)
        {
            if (weights.Count > 0 && weights[^1].Variant == variant)
                weights[^1] = weights[^1] with { Weight = weights[^1].Weight + 1 };
            else
                weights.Add(new WeightedVariant(variant, 1));
        }
        return new Rollout(weights.ToSequence());
    }

    private static EnvironmentDefinition WithoutConditions(EnvironmentDefinition environment) =>
        environment with
        {
            Flags =
            [
                .. environment.Flags.Select(flag =>
                    flag with
                    {
                        Configuration = flag.Configuration with
                        {
                            Prerequisites = [],
                            Overrides = [],
                            Rules = flag
                                .Configuration.Rules.Take(1)
                                .Select(rule => rule with { Conditions = [], Serve = ByKey(rule.Serve) })
                                .ToSequence(),
                            Fallthrough = ByKey(flag.Configuration.Fallthrough),
                        },
                    }
                ),
            ],
        };

    private static Serve ByKey(Serve serve) =>
        serve.Rollout is null ? serve : Serve.Split(serve.Rollout with { BucketBy = null });
}
