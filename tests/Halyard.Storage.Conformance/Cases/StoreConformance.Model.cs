using Halyard.Storage.Conformance.Model;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    /// <summary>Few enough for every run; <c>HALYARD_SOAK=1</c> does ten times as many. A store in another process takes fewer.</summary>
    protected virtual int FastSequences => 300;

    private const int StepsPerSequence = 60;

    [Fact]
    public async Task RandomOperations_OnAStoreAndOnTheModel_GiveTheSameAnswersAndTheSameEnd()
    {
        var soak = Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1";
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 1; seed <= (soak ? FastSequences * 10 : FastSequences); seed++)
        {
            var store = await OpenAsync();
            var run = new ModelRun(seed);
            for (var step = 0; step < StepsPerSequence; step++)
                await run.StepAsync(store);
            await run.CompareAllAsync(store);
            await CloseAsync(store);
            foreach (var (outcome, count) in run.Outcomes)
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + count;
            outcomes["finished"] = outcomes.GetValueOrDefault("finished") + run.Finished;
        }
        foreach (var outcome in new[] { "committed", "conflict", "duplicate", "failed", "finished" })
            outcomes.GetValueOrDefault(outcome).ShouldBeGreaterThan(FastSequences / 10, outcome);
    }
}
