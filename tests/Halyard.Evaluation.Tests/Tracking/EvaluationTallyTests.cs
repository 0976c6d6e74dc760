using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Tracking;

public sealed class EvaluationTallyTests
{
    private static readonly EvaluationContext User = new EvaluationContextBuilder("user-1").Set("plan", "pro").Build();

    [Fact]
    public void Tally_DrainedTwice_GivesEachCountOnce()
    {
        var snapshot = Snapshot();
        var tally = new EvaluationTally(snapshot, 2);
        for (var i = 0; i < 3; i++)
            tally.Record(Evaluator.Evaluate(snapshot, "targeted", User, Given.Now), 0);
        tally.Record(Evaluator.Evaluate(snapshot, "targeted", EvaluationContext.Empty, Given.Now), 0);

        tally.Drain().ShouldBe([new("targeted", "on", 3), new("targeted", "off", 1)], ignoreOrder: true);
        tally.Drain().ShouldBeEmpty();
    }

    [Fact]
    public void BulkEvaluation_CountsFixedFlagsToo()
    {
        var snapshot = Snapshot();
        var tally = new EvaluationTally(snapshot, 1);
        tally.RecordFixed(0);
        tally.RecordFixed(0);
        tally.Record(Evaluator.Evaluate(snapshot, "always", User, Given.Now), 0);
        tally.Drain().ShouldBe([new("always", "on", 3), new("disabled", "off", 2)], ignoreOrder: true);
    }

    [Fact]
    public void Errors_ServeNothing_AndAreNotCounted()
    {
        var snapshot = Snapshot();
        var tally = new EvaluationTally(snapshot, 1);
        tally.Record(Evaluator.Evaluate(snapshot, "unknown", User, Given.Now), 0);
        tally.Record(Evaluator.Evaluate(snapshot, "broken", User, Given.Now), 0);
        tally.Record(Evaluator.Evaluate(snapshot, "targeted", User, Given.Now).As(FlagType.String), 0);
        tally.Record(default, 0);
        tally.Drain().ShouldBeEmpty();
    }

    [Fact]
    public void Tally_OfManyThreadsWithDrainsBetween_LosesNothing()
    {
        const int each = 200_000;
        var snapshot = Snapshot();
        var tally = new EvaluationTally(snapshot, 2);
        var total = 0L;
        var running = 4;
        Parallel.For(
            0,
            5,
            new ParallelOptions { MaxDegreeOfParallelism = 5 },
            worker =>
            {
                if (worker == 4)
                {
                    while (Volatile.Read(ref running) > 0)
                        total += tally.Drain().Sum(count => count.Count);
                    return;
                }
                for (var i = 0; i < each; i++)
                    tally.Record(Evaluator.Evaluate(snapshot, "targeted", User, Given.Now), worker + i);
                Interlocked.Decrement(ref running);
            }
        );
        total += tally.Drain().Sum(count => count.Count);
        total.ShouldBe(4 * each);
    }

    [Fact]
    public void Recording_AllocatesNothing()
    {
        var snapshot = Snapshot();
        var tally = new EvaluationTally(snapshot, 2);
        var result = Evaluator.Evaluate(snapshot, "targeted", User, Given.Now);
        tally.Record(result, 1);
        tally.RecordFixed(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            tally.Record(result, 1);
            tally.RecordFixed(0);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void ResultOfALargerSnapshot_DoesNoHarm()
    {
        var tally = new EvaluationTally(CompiledSnapshot.Empty, 1);
        tally.Record(Evaluator.Evaluate(Snapshot(), "targeted", User, Given.Now), 0);
        tally.Drain().ShouldBeEmpty();
    }

    /// <summary>One flag that asks for an attribute, one that is on for all, one that is off, and one that does not compile.</summary>
    private static CompiledSnapshot Snapshot() =>
        Given
            .Compile(
                Given.Flag(
                    """
                    {"rules":[{"id":"r","conditions":[{"attribute":"plan","operator":"equals","values":["pro"]}],
                     "serve":{"variant":"on"} }]}
                    """,
                    Given.Boolean("targeted")
                ),
                Given.Flag("""{"fallthrough":{"variant":"on"} }""", Given.Boolean("always")),
                Given.Flag("""{"enabled":false}""", Given.Boolean("disabled")),
                Given.Flag("""{"fallthrough":{"variant":"missing"} }""", Given.Boolean("broken"))
            )
            .Snapshot;
}
