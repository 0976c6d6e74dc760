using System.Text;
using System.Text.Json;
using Halyard.Evaluation.Definitions;
using Halyard.Evaluation.Tests.Agreement;

namespace Halyard.Evaluation.Tests.Fuzzing;

public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int MutationsPerEnvironment = 10;
    private const int ContextsPerEnvironment = 5;

    /// <summary>Documents of a run; <c>HALYARD_SOAK=1</c> does a hundred times as many.</summary>
    private const int FastDocuments = 5_000;

    private static readonly string[] Names = ["", "nowhere", "\ud800", new('f', 5_000)];

    private static int Documents =>
        System.Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1" ? FastDocuments * 100 : FastDocuments;

    [Fact]
    public void Definitions_DamagedAtRandom_AreReportedAndAnswerWithADeclaredVariantOrAnError()
    {
        var nasty = Nasty.Strings();
        var (notJson, refused, clean, cases) = (0, 0, 0, 0);
        for (var seed = 1UL; seed <= (ulong)(Documents / MutationsPerEnvironment); seed++)
        {
            var dice = new Dice(seed);
            var original = FuzzDocument.Write(new RandomEnvironment(dice).Next());
            var contexts = new RandomContext(dice);
            EvaluationContext[] asked = [.. Enumerable.Range(0, ContextsPerEnvironment).Select(_ => contexts.Next().ToEngine())];
            var mutator = new Mutator(dice, nasty);
            for (var i = 0; i < MutationsPerEnvironment; i++)
            {
                var document = mutator.Mutate(original);
                try
                {
                    if (Read(document) is not var (environment, problems))
                    {
                        notJson++;
                        continue;
                    }
                    Evaluate(environment, asked);
                    cases += environment.Flags.Count * asked.Length;
                    (refused, clean) = problems > 0 ? (refused + 1, clean) : (refused, clean + 1);
                    // What was read without a problem can be written, and reads the same.
                    if (problems == 0)
                        ReadAgain(environment).AsSpan().SequenceEqual(FuzzDocument.Write(environment)).ShouldBeTrue();
                }
                catch (Exception error)
                {
                    throw Found(seed, document, error);
                }
            }
        }
        output.WriteLine(
            $"{Documents} documents: {notJson} not JSON, {refused} with problems, {clean} without; {cases} evaluated"
        );
        refused.ShouldBeGreaterThan(Documents / 10);
        clean.ShouldBeGreaterThan(Documents / 40);
    }

    [Fact]
    public void Contexts_DamagedAtRandom_AreReadOrRefusedInWordsAndEvaluate()
    {
        var nasty = Nasty.Strings();
        var (read, refused) = (0, 0);
        for (var seed = 1UL; seed <= (ulong)Documents * 4; seed++)
        {
            var dice = new Dice(seed);
            var snapshot = Snapshots[dice.Below(Snapshots.Length)];
            if (new RandomContext(dice).Next().ToJson() is not { } document)
                continue;
            document = new Mutator(dice, nasty).Mutate(document);
            try
            {
                var isRead = EvaluationContext.TryParse(document, out var context, out var problem);
                (context is not null).ShouldBe(isRead);
                string.IsNullOrEmpty(problem).ShouldBe(isRead);
                (read, refused) = (read + (isRead ? 1 : 0), refused + (isRead ? 0 : 1));
                foreach (var key in snapshot.FlagKeys)
                    Answer(snapshot, key, context ?? EvaluationContext.Empty);
            }
            catch (Exception error)
            {
                throw Found(seed, document, error);
            }
        }
        output.WriteLine($"{read + refused} contexts: {refused} refused, {read} read");
        Math.Min(read, refused).ShouldBeGreaterThan(Documents / 2);
    }

    [Fact]
    public void NaughtyStrings_InEveryPlaceOfADefinitionAndAContext_AreReadOrReported()
    {
        var accepted = 0;
        foreach (var text in Nasty.Strings().Append(new string('x', 1 << 20)).Append(new string('é', 4_097)))
        {
            var conditions = Enum.GetValues<ConditionOperator>()
                .Select(comparison => new Condition(text, comparison, [FlagValue.Of(text)]))
                .ToList();
            var flags = conditions.Select((condition, i) => Everywhere($"flag-{i}", text, condition)).ToList();
            var segment = new SegmentDefinition(
                "seg",
                [text],
                [],
                [.. conditions.Select((condition, i) => new SegmentRule($"{i}", [condition]))]
            );
            var context = new EvaluationContextBuilder(text).Set(text, text).Build();
            var result = Evaluate(new("project", "production", 1, flags, [segment]), [context]);
            accepted +=
                flags.Count - result.Diagnostics.Where(problem => !problem.IsSegment).DistinctBy(problem => problem.Key).Count();
        }
        output.WriteLine($"{accepted} flags compiled");
        accepted.ShouldBeGreaterThan(1_000);
    }

    private static FlagInEnvironment Everywhere(string key, string text, Condition condition)
    {
        var value = FlagValue.Of(text);
        var environment = new FlagEnvironment(
            true,
            "a",
            [],
            [new(text, text, value, "a")],
            [new(text, text, true, [condition], Serve.Split(new Rollout([new("a", 1)], text, text)))],
            Serve.Split(new Rollout([new("b", 1)], text, null, 0, new Experiment(text, "a", 50_000)))
        );
        return new FlagInEnvironment(
            new FlagDefinition(key, FlagType.String, FlagStatus.Active, [new("a", value, text), new("b", value)], text),
            environment,
            1
        );
    }

    private static readonly CompiledSnapshot[] Snapshots =
    [
        .. Enumerable
            .Range(1, 100)
            .Select(seed => SnapshotCompiler.Compile(new RandomEnvironment(new Dice((ulong)seed)).Next()).Snapshot),
    ];

    private static InvalidOperationException Found(ulong seed, byte[] document, Exception error) =>
        new($"seed {seed}: {error.Message}\n{Encoding.UTF8.GetString(document[..Math.Min(document.Length, 5_000)])}", error);

    /// <summary>What is there, with the number of problems; null where the document is not JSON.</summary>
    private static (EnvironmentDefinition Environment, int Problems)? Read(byte[] document)
    {
        try
        {
            using var parsed = JsonDocument.Parse(document);
            var problems = new List<DefinitionProblem>();
            return (FuzzDocument.Read(parsed.RootElement, problems), problems.Count);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] ReadAgain(EnvironmentDefinition environment)
    {
        using var document = JsonDocument.Parse(FuzzDocument.Write(environment));
        return FuzzDocument.Write(FuzzDocument.Read(document.RootElement, []));
    }

    private static CompileResult Evaluate(EnvironmentDefinition environment, EvaluationContext[] contexts)
    {
        var result = SnapshotCompiler.Compile(environment);
        var broken = result
            .Diagnostics.Where(problem => !problem.IsSegment)
            .Select(problem => problem.Key)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var context in contexts)
        {
            foreach (var (flag, _, _) in environment.Flags)
            {
                var answer = Answer(result.Snapshot, flag.Key, context);
                (answer.ErrorCode == ErrorCode.ParseError).ShouldBe(broken.Contains(flag.Key));
                if (answer.ErrorCode is null)
                    flag.Variants.Any(variant => variant.Key == answer.Variant?.Key).ShouldBeTrue();
            }
            foreach (var name in Names)
                Answer(result.Snapshot, name, context);
        }
        return result;
    }

    private static EvaluationResult Answer(CompiledSnapshot snapshot, string key, EvaluationContext context)
    {
        var answer = Evaluator.Evaluate(snapshot, key, context, Given.Now);
        var explanation = Evaluator.Explain(snapshot, key, context, Given.Now);
        (explanation.Result.Variant, explanation.Result.Reason, explanation.Result.RuleId).ShouldBe(
            (answer.Variant, answer.Reason, answer.RuleId)
        );
        explanation.Steps.Count.ShouldBeInRange(1, 2 + Limits.Prerequisites + Limits.Overrides + Limits.Rules);
        explanation.Steps[^1].Decided.ShouldBeTrue();
        if (answer.ErrorCode is null)
            answer.Variant.ShouldNotBeNull();
        return answer;
    }
}
