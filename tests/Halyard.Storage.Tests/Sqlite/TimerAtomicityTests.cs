using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Sqlite;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Tests.Sqlite;

/// <summary>Timers and what they belong to are one transaction: whichever statement breaks, neither is there without the other.</summary>
public sealed class TimerAtomicityTests
{
    private static readonly ResourceName Flag = Names.Flag("a");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("timer", "INSERT")]
    [InlineData("timer", "DELETE")]
    [InlineData("audit_entry", "INSERT")]
    [InlineData("audit_head", "UPDATE")]
    [InlineData("resource", "UPDATE")]
    [InlineData("resource_version", "INSERT")]
    public async Task StatementThatBreaks_LeavesTimersAndStateAsTheyWere(string table, string statement)
    {
        using var opened = new TemporaryStore();
        var store = opened.Store;
        await store.CommitAsync(Commit(0, Set("old")), Cancellation);

        var change = Commit(1, new TimerWrite.Clear("old"), Set("new"));
        Execute(opened.Path, $"CREATE TRIGGER broken BEFORE {statement} ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END");
        var failure = await Should.ThrowAsync<Exception>(async () => await store.CommitAsync(change, Cancellation));
        failure.ToString().ShouldContain("full");
        Execute(opened.Path, "DROP TRIGGER broken");

        (await RevisionAsync(store)).ShouldBe(1);
        (await store.TakeDueAsync(CommitBuilder.Noon, 9, TimeSpan.FromMicroseconds(1), Cancellation))
            .ShouldHaveSingleItem()
            .Timer.Id.ShouldBe("old");
        (await store.CommitAsync(change, Cancellation)).ShouldBeOfType<CommitResult.Committed>();
        (await store.TakeDueAsync(CommitBuilder.Noon, 9, TimeSpan.FromMicroseconds(1), Cancellation))
            .ShouldHaveSingleItem()
            .Timer.Id.ShouldBe("new");
    }

    [Fact]
    public async Task TakingThatBreaks_TakesNothing()
    {
        using var opened = new TemporaryStore();
        await opened.Store.CommitAsync(Commit(0, Set("a"), Set("b")), Cancellation);
        Execute(
            opened.Path,
            "CREATE TRIGGER broken BEFORE UPDATE ON timer WHEN old.id = 'b' BEGIN SELECT RAISE(ABORT, 'full'); END"
        );
        await Should.ThrowAsync<Exception>(async () => await TakeAsync(opened.Store));
        Execute(opened.Path, "DROP TRIGGER broken");

        (await TakeAsync(opened.Store)).Select(taken => taken.Timer.Id).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task TimersAndLeases_SurviveARestart()
    {
        using var opened = new TemporaryStore();
        await opened.Store.CommitAsync(Commit(0, Set("a"), Set("b")), Cancellation);
        var first = (await opened.Store.TakeDueAsync(CommitBuilder.Noon, 1, TimeSpan.FromHours(1), Cancellation))[0];

        var store = opened.Reopen();

        var second = (await TakeAsync(store)).ShouldHaveSingleItem();
        (first.Timer.Id, second.Timer.Id).ShouldBe(("a", "b"));
        second.Fence.ShouldBeGreaterThan(first.Fence);
        (await store.FinishTimerAsync(first, Cancellation)).ShouldBeTrue();
    }

    private static Commit Commit(long revision, params TimerWrite[] timers) =>
        new CommitBuilder().Put(Flag, "f_a", revision, $"{revision}").Timing(timers).Build();

    private static TimerWrite.Set Set(string id) => new(new DurableTimer(id, CommitBuilder.Noon, "a.due", Flag, 1));

    private static async Task<IReadOnlyList<TakenTimer>> TakeAsync(SqliteStore store) =>
        await store.TakeDueAsync(CommitBuilder.Noon, 9, TimeSpan.FromMinutes(1), Cancellation);

    private static async Task<long> RevisionAsync(SqliteStore store) =>
        (await store.LoadAsync(CommitBuilder.DefaultTenant, [Flag], [], Cancellation)).Resources[Flag].Revision;

    private static void Execute(string path, string script)
    {
        using var database = Database.Open(path);
        database.Execute(script);
    }
}
