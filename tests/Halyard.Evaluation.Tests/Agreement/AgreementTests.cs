using System.Globalization;
using Halyard.Evaluation.Definitions;
using Halyard.Evaluation.Tests.Naive;

namespace Halyard.Evaluation.Tests.Agreement;

public sealed class AgreementTests(ITestOutputHelper output)
{
    private const int ContextsPerEnvironment = 80;

    /// <summary>Cases of a run; <c>HALYARD_SOAK=1</c> does 5,000,000.</summary>
    private const int FastCases = 200_000;

    private static bool IsSoak => System.Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1";

    [Fact]
    public void Engine_OnRandomCases_AnswersAndExplainsAsTheSpecificationRead()
    {
        var (cases, environments) = (0L, 0L);
        var least = IsSoak ? 5_000_000 : FastCases;
        for (var seed = 1UL; cases < least; seed++, environments++)
        {
            foreach (var (asked, problem, _) in Run(seed))
            {
                cases++;
                if (problem is not null)
                    Assert.Fail($"seed {seed}: {problem}\n{Shrinker.Shrink(asked)}\n{Shrinker.Shrink(asked).Disagreement()}");
            }
        }
        output.WriteLine($"{cases} cases in {environments} environments");
    }

    [Fact]
    public void Generator_Reaches_EveryOutcomeAndEveryVerdictOfEveryOperatorOften()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var total = 0;
        for (var seed = 1UL; total < 40_000; seed++)
        {
            foreach (var (asked, _, answer) in Run(seed))
            {
                total++;
                foreach (var outcome in Outcomes(asked, answer).Distinct(StringComparer.Ordinal))
                    seen[outcome] = seen.GetValueOrDefault(outcome) + 1;
            }
        }
        var shares = seen.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {100.0 * pair.Value / total:0.00} %"));
        output.WriteLine(string.Join(", ", shares));
        foreach (var outcome in Expected)
            seen.GetValueOrDefault(outcome).ShouldBeGreaterThan(total / 2_000, outcome);
    }

    private static IEnumerable<string> Expected =>
        [
            .. Enum.GetValues<EvaluationReason>().Select(reason => reason.WireName()),
            "FLAG_NOT_FOUND",
            "PARSE_ERROR",
            "override of the key",
            "override of an attribute",
            "emergency",
            "rule",
            "rule's split",
            "experiment",
            "remainder",
            "noBucketValue",
            .. Enum.GetValues<ConditionOperator>().SelectMany(each => new[] { $"{each} yes", $"{each} no" }),
            .. Enum.GetValues<ConditionOperator>()
                .Where(each => each is not (ConditionOperator.Exists or ConditionOperator.Segment))
                .Select(each => $"{each} missing"),
        ];

    private static IEnumerable<string> Outcomes(Case asked, NaiveAnswer answer)
    {
        yield return answer.Reason.WireName();
        if (answer.Error is { } error)
            yield return error.WireName();
        if (answer.Rule is not null)
            yield return answer.Reason == EvaluationReason.Split ? "rule's split" : "rule";
        if (answer.Experiment is not null)
            yield return "experiment";
        if (answer.Detail.WireName() is { } detail)
            yield return detail;
        if (answer.Error is not null)
            yield break;

        var configuration = asked.Environment.Flags.First(entry => entry.Flag.Key == asked.Flag).Configuration;
        if (configuration.Overrides.FirstOrDefault(pin => pin.Id == answer.Override) is { } chosen)
        {
            yield return chosen.Attribute is null ? "override of the key" : "override of an attribute";
            if (chosen.Emergency)
                yield return "emergency";
        }
        var conditions = new NaiveConditions(asked.Context, asked.Environment.Segments);
        foreach (var condition in configuration.Rules.SelectMany(rule => rule.Conditions))
        {
            var verdict = conditions.Matches(condition) switch
            {
                true => "yes",
                false => "no",
                null => "missing",
            };
            yield return $"{condition.Operator} {verdict}";
        }
    }

    private static IEnumerable<(Case Asked, string? Problem, NaiveAnswer Answer)> Run(ulong seed)
    {
        var dice = new Dice(seed);
        var environment = new RandomEnvironment(dice).Next();
        var contexts = new RandomContext(dice);
        var snapshot = SnapshotCompiler.Compile(environment).Snapshot;
        var check = new NaiveCheck(environment);
        for (var i = 0; i < ContextsPerEnvironment; i++)
        {
            var context = contexts.Next();
            // Every other context goes the way of a request: written as JSON and read again.
            var read = i % 2 == 0 && context.ToJson() is { } json ? Parse(json) : context.ToEngine();
            var now = Given.Now.AddTicks(dice.Below(3) - 1);
            var keys = environment.Flags.Select(entry => entry.Flag.Key);
            foreach (var key in i % 20 == 0 ? keys.Append("nowhere") : keys)
            {
                var asked = new Case(environment, context, now, key);
                var problem = asked.Disagreement(snapshot, check, read, out var answer);
                yield return (asked, problem, answer);
            }
        }
    }

    private static EvaluationContext Parse(byte[] json)
    {
        EvaluationContext.TryParse(json, out var context, out var problem).ShouldBeTrue(problem);
        return context!;
    }
}
