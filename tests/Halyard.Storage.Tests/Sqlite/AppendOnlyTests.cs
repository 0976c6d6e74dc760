using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Tests.Sqlite;

public sealed class AppendOnlyTests
{
    [Theory]
    [InlineData("UPDATE audit_entry SET leaf = x'00'")]
    [InlineData("UPDATE audit_entry SET at = at + 1")]
    [InlineData("DELETE FROM audit_entry")]
    [InlineData("DELETE FROM audit_entry WHERE position = (SELECT max(position) FROM audit_entry)")]
    [InlineData("INSERT OR REPLACE INTO audit_entry SELECT position, tenant, id, at, effective_at, x'00' FROM audit_entry")]
    [InlineData("REPLACE INTO audit_entry SELECT position, tenant, id, 0, 0, leaf FROM audit_entry")]
    [InlineData("UPDATE audit_head SET minimum = 256")]
    [InlineData("UPDATE audit_head SET minimum = 1")]
    [InlineData("UPDATE audit_head SET minimum = -256")]
    [InlineData("UPDATE audit_leaf_hash SET hash = zeroblob(32)")]
    [InlineData("DELETE FROM audit_leaf_hash")]
    [InlineData("UPDATE resource_version SET digest = NULL")]
    [InlineData("DELETE FROM resource_version")]
    [InlineData("UPDATE versioned_resource SET key = 'another'")]
    [InlineData("DELETE FROM versioned_resource")]
    public async Task Defect143_ChangingOrDeletingWhatIsLogged_IsRefusedByTheDatabaseItself(string statement)
    {
        using var opened = new TemporaryStore();
        await opened.Store.CommitAsync(
            new CommitBuilder().Put(Names.Flag("a"), "f_a", 0, "1").Build(),
            TestContext.Current.CancellationToken
        );
        opened.Close();
        using var database = Database.Open(opened.Path);
        Should.Throw<IOException>(() => database.Execute(statement)).Message.ShouldContain("append-only");
    }

    [Theory]
    [InlineData("DELETE FROM audit_entry WHERE position & 68719476735 = 256")]
    [InlineData("UPDATE audit_head SET minimum = 0")]
    [InlineData("DELETE FROM audit_leaf_hash WHERE position & 68719476735 = 0")]
    [InlineData(
        "INSERT INTO audit_entry SELECT position - 1, tenant, 'x', at, effective_at, leaf FROM audit_entry WHERE position & 68719476735 = 256"
    )]
    public async Task PurgedLog_IsAppendOnlyAllTheSame(string statement)
    {
        using var opened = new TemporaryStore();
        for (var i = 0; i < 300; i++)
            await opened.Store.CommitAsync(new CommitBuilder().Build(), TestContext.Current.CancellationToken);
        await opened.Store.CommitAsync(new CommitBuilder().Purging(0, 256).Build(), TestContext.Current.CancellationToken);
        opened.Close();
        using var database = Database.Open(opened.Path);
        Should.Throw<IOException>(() => database.Execute(statement)).Message.ShouldContain("append-only");
    }

    [Fact]
    public async Task FailedTransaction_TellsItsCallersAndTheStoreGoesOn()
    {
        using var opened = new TemporaryStore();
        var cancellation = TestContext.Current.CancellationToken;
        await opened.Store.CommitAsync(new CommitBuilder().Build(), cancellation);
        using (var other = Database.Open(opened.Path))
        {
            // Someone's tool holds the write lock for longer than the writer's patience.
            other.Execute("BEGIN IMMEDIATE");
            var refused = opened.Store.CommitAsync(new CommitBuilder().Put(Names.Flag("a"), "f_a", 0, "1").Build(), cancellation);
            (await Should.ThrowAsync<IOException>(async () => await refused)).Message.ShouldContain("nothing of it is stored");
            other.Execute("ROLLBACK");
        }
        var result = await opened.Store.CommitAsync(
            new CommitBuilder().Put(Names.Flag("a"), "f_a", 0, "1").Build(),
            cancellation
        );
        result.ShouldBeOfType<Halyard.Core.Storage.CommitResult.Committed>().Receipts[0].Index.ShouldBe(1);
    }
}
