using Halyard.Evaluation.Definitions;
using Halyard.Evaluation.Tests.Agreement;
using Halyard.Evaluation.Tests.Bucketing.Vendors;
using Halyard.Evaluation.Tests.Naive;

namespace Halyard.Evaluation.Tests.Surveying;

/// <summary>A survey holds whatever the evaluator answers to any user of whom the facts are true, and its shares are those counted.</summary>
public sealed class SurveyPropertyTests(ITestOutputHelper output)
{
    public static TheoryData<BucketingHash> Hashes => [.. Enum.GetValues<BucketingHash>()];

    [Fact]
    public void Answer_ToAnyUserWhoHasTheFacts_IsAmongThePossibilities()
    {
        var (asked, single) = (0, 0);
        for (var seed = 1UL; seed <= 500; seed++)
        {
            var dice = new Dice(seed);
            var environment = new RandomEnvironment(dice).Next();
            var contexts = new RandomContext(dice);
            var snapshot = SnapshotCompiler.Compile(environment).Snapshot;
            for (var i = 0; i < 12; i++)
            {
                var context = contexts.Next();
                // A user without a targeting key is outside of what a survey speaks of.
                if (context.TargetingKey is null)
                    continue;
                var facts = Facts(context, dice);
                var engine = context.ToEngine();
                foreach (var flag in environment.Flags.Select(entry => entry.Flag.Key))
                {
                    var survey = Survey.Of(snapshot, flag, facts, Given.Now);
                    var answer = Evaluator.Evaluate(snapshot, flag, engine, Given.Now);
                    asked++;
                    single += survey.Possibilities.Count == 1 ? 1 : 0;
                    survey.IsComplete.ShouldBeTrue();
                    survey
                        .Possibilities.Any(possible => IsSame(possible.Result, answer))
                        .ShouldBeTrue($"seed {seed}, flag {flag}, {context}: {answer.Variant?.Key} {answer.Reason}");
                }
            }
        }
        output.WriteLine($"{asked} answers, {single} of them the only possibility");
        single.ShouldBeInRange(asked / 10, asked * 9 / 10);
    }

    [Fact]
    public void Shares_WhereNothingIsUnknown_AreThoseOfManyUsers()
    {
        const int n = 4_000;
        var partly = 0;
        for (var seed = 1UL; seed <= 120; seed++)
        {
            var environment = WithoutConditions(new RandomEnvironment(new Dice(seed)).Next());
            var snapshot = SnapshotCompiler.Compile(environment).Snapshot;
            var users = Enumerable.Range(0, n).Select(i => EvaluationContext.For($"{seed}-{i}")).ToList();
            foreach (var flag in environment.Flags.Select(entry => entry.Flag.Key))
            {
                var survey = Survey.Of(snapshot, flag, EvaluationContext.Empty, Given.Now);
                survey.Possibilities.ShouldAllBe(possible => possible.Attributes.Count == 0);
                survey.Possibilities.Sum(possible => possible.Share).ShouldBe(1, 1e-9);
                partly += survey.Possibilities.Count > 1 ? 1 : 0;
                var answers = users.ConvertAll(user => Evaluator.Evaluate(snapshot, flag, user, Given.Now));
                foreach (var possible in survey.Possibilities)
                    ShouldCount(
                        answers.Count(answer => IsSame(possible.Result, answer)),
                        n,
                        possible.Share,
                        $"seed {seed}, {flag}"
                    );
            }
        }
        partly.ShouldBeGreaterThan(50);
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Shares_UnderEveryHash_AreThoseOfManyUsers(BucketingHash hash)
    {
        const int n = 40_000;
        var total = hash == BucketingHash.Flipt ? 1_000 : 100;
        var places = hash is not (BucketingHash.Unleash or BucketingHash.LaunchDarkly);
        var rest = places ? total / 10 : 0;
        Rollout rollout = new(
            [new("a", total / 2), new("b", total / 5), new("c", total - total / 2 - total / 5 - rest)],
            Remainder: rest,
            Gate: hash == BucketingHash.Unleash ? new Gate(60_000, "gate") : null
        );
        var configuration = Given.Environment("""{"offVariant":"c","fallthrough":{"variant":"c"} }""") with
        {
            Rules = [new TargetingRule("r", "", true, [], Serve.Split(rollout))],
        };
        var snapshot = Given.Snapshot(new FlagInEnvironment(Given.Letters() with { Hash = hash }, configuration, 1));
        var survey = Survey.Of(snapshot, "letters", EvaluationContext.Empty, Given.Now);
        var answers = Placing
            .Users(n)
            .Select(user => Evaluator.Evaluate(snapshot, "letters", EvaluationContext.For(user), Given.Now))
            .ToList();

        survey.Possibilities.Sum(possible => possible.Share).ShouldBe(1, 1e-6);
        foreach (var possible in survey.Possibilities)
            ShouldCount(answers.Count(answer => IsSame(possible.Result, answer)), n, possible.Share, $"{hash}");
        foreach (var user in Placing.Users(200))
        {
            var known = EvaluationContext.For(user);
            Survey
                .Of(snapshot, "letters", known, Given.Now)
                .Possibilities.ShouldHaveSingleItem()
                .Result.Variant.ShouldBe(Evaluator.Evaluate(snapshot, "letters", known, Given.Now).Variant);
        }
    }

    private static void ShouldCount(int count, int n, double share, string what) =>
        Math.Abs(count - n * share).ShouldBeLessThanOrEqualTo(5 * Math.Sqrt(n * share * (1 - share)) + 1e-6, what);

    private static bool IsSame(in EvaluationResult one, in EvaluationResult other) =>
        one.Variant == other.Variant
        && one.Reason == other.Reason
        && one.Detail == other.Detail
        && one.RuleId == other.RuleId
        && one.OverrideId == other.OverrideId
        && one.PrerequisiteKey == other.PrerequisiteKey;

    /// <summary>Some of what the context says: strings, numbers and booleans alone, as facts are.</summary>
    private static EvaluationContext Facts(NaiveContext context, Dice dice)
    {
        var builder = new EvaluationContextBuilder(dice.OneIn(2) ? context.TargetingKey : null);
        foreach (var (name, value) in context.Attributes.Where(_ => !dice.OneIn(3)))
        {
            _ = value switch
            {
                string text => builder.Set(name, text),
                double number => builder.Set(name, number),
                bool truth => builder.Set(name, truth),
                _ => builder,
            };
        }
        return builder.Build();
    }

    private static EnvironmentDefinition WithoutConditions(EnvironmentDefinition environment) =>
        environment with
        {
            Flags =
            [
                .. environment.Flags.Select(entry =>
                    entry with
                    {
                        Configuration = entry.Configuration with
                        {
                            Overrides = [],
                            Rules = entry
                                .Configuration.Rules.Select(rule =>
                                    rule with
                                    {
                                        Conditions = [],
                                        Serve = ByTheTargetingKey(rule.Serve),
                                    }
                                )
                                .ToSequence(),
                            Fallthrough = ByTheTargetingKey(entry.Configuration.Fallthrough),
                        },
                    }
                ),
            ],
        };

    private static Serve ByTheTargetingKey(Serve serve) =>
        serve.Rollout is null ? serve : Serve.Split(serve.Rollout with { BucketBy = null });
}
