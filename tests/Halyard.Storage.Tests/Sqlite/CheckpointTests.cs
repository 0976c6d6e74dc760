using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Sqlite;

namespace Halyard.Storage.Tests.Sqlite;

/// <summary>The write-ahead log goes into the file while the writer goes on.</summary>
public sealed class CheckpointTests
{
    private const int Pages = 250;
    private const int Producers = 4;
    private const int Commits = 1_500;
    private const long PageSize = 4_096;

    [Fact]
    public async Task Log_WhileTheWriterNeverPauses_BeginsAnewAgainAndAgain_AndNothingIsLost()
    {
        using var opened = new TemporaryStore(Pages);

        await Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => WriteAsync(opened.Store, producer)));

        // Some ten thousand pages were written. A log that never begins anew holds them all.
        new FileInfo(opened.Path + "-wal").Length.ShouldBeLessThan(20 * Pages * PageSize);
        var head = (
            await opened.Reopen().HeadAsync(CommitBuilder.DefaultTenant, TestContext.Current.CancellationToken)
        ).ShouldNotBeNull();
        head.Range.Size.ShouldBe(Producers * Commits);
    }

    private static async Task WriteAsync(SqliteStore store, int producer)
    {
        for (var revision = 0; revision < Commits; revision++)
        {
            var commit = new CommitBuilder()
                .Put(Names.Flag($"flag-{producer}"), $"f_{producer}", revision, $"{revision}")
                .Build();
            (await store.CommitAsync(commit, TestContext.Current.CancellationToken)).ShouldBeOfType<CommitResult.Committed>();
        }
    }
}
