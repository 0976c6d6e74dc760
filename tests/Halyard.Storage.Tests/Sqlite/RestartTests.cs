using Halyard.Storage.Conformance.Model;

namespace Halyard.Storage.Tests.Sqlite;

public sealed class RestartTests
{
    [Fact]
    public async Task StoreReopenedBetweenRandomOperations_GoesOnAsIfItHadNotBeenClosed()
    {
        for (var seed = 1_000; seed < 1_020; seed++)
        {
            using var opened = new TemporaryStore();
            var run = new ModelRun(seed);
            for (var step = 0; step < 60; step++)
            {
                if (step % 10 == 9)
                    opened.Reopen();
                await run.StepAsync(opened.Store);
            }
            await run.CompareAllAsync(opened.Reopen());
        }
    }
}
