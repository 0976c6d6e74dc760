using System.Text;
using Halyard.Core.Storage;
using Halyard.Ledger;
using static Halyard.Storage.Conformance.Building.Names;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Answer_OfACommit_IsFoundWithTheReceiptOfItsFirstEntry()
    {
        await CommittedAsync(Commit());
        var receipts = await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Answer("key-1", "put a"));

        var found = (await FindAnswerAsync("key-1", Noon)).ShouldNotBeNull();
        found.Request.ShouldBe(Digest.Of("put a"u8));
        found.Outcome.ShouldBe("applied");
        Encoding.UTF8.GetString(found.Body).ShouldBe("answer to put a");
        found.Receipt.ShouldBe(receipts[0]);
    }

    [Fact]
    public async Task AnswerKey_UsedAgain_GivesTheOriginalAndWritesNothing()
    {
        var receipts = await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Answer("key-1", "first"));

        var duplicate = (
            await CommitAsync(Commit().Put(Flag("b"), "f_b", 0, "1").Answer("key-1", "second"))
        ).ShouldBeOfType<CommitResult.Duplicate>();
        duplicate.Original.Request.ShouldBe(Digest.Of("first"u8));
        duplicate.Original.Receipt.ShouldBe(receipts[0]);
        (await LoadAsync(Flag("b"))).ShouldBeNull();
        (await SizeAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task AnswerKey_UsedAgainByAStaleCommit_IsADuplicateAndNotAConflict()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Answer("key-1"));
        (await CommitAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Answer("key-1"))).ShouldBeOfType<CommitResult.Duplicate>();
    }

    [Fact]
    public async Task AnswerKey_OfACommitThatConflicted_IsStillFree()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1"));
        await ConflictAsync(Commit().Put(Flag("a"), "f_a", 9, "2").Answer("key-1"));
        (await FindAnswerAsync("key-1", Noon)).ShouldBeNull();
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 1, "2").Answer("key-1"));
    }

    [Fact]
    public async Task AnswerKey_OfAnotherCredential_IsAnotherKey()
    {
        await CommittedAsync(Commit().Answer("key-1", credential: "tok_1"));
        await CommittedAsync(Commit().Answer("key-1", credential: "tok_2"));
        (await SizeAsync()).ShouldBe(2);
        (await FindAnswerAsync("key-1", Noon, "tok_3")).ShouldBeNull();
    }

    [Fact]
    public async Task AnswerKey_FromItsExpiryOn_MayBeUsedAnew()
    {
        await CommittedAsync(Commit().Answer("key-1", "first", expires: Noon.AddHours(1)));
        (await FindAnswerAsync("key-1", Noon.AddHours(1).AddMicroseconds(-1))).ShouldNotBeNull();
        (await FindAnswerAsync("key-1", Noon.AddHours(1))).ShouldBeNull();

        (
            await CommitAsync(Commit().At(Noon.AddHours(1).AddMicroseconds(-1)).Answer("key-1"))
        ).ShouldBeOfType<CommitResult.Duplicate>();
        await CommittedAsync(Commit().At(Noon.AddHours(1)).Answer("key-1", "second"));
        (await FindAnswerAsync("key-1", Noon.AddHours(2))).ShouldNotBeNull().Request.ShouldBe(Digest.Of("second"u8));
    }

    [Fact]
    public async Task Answers_OfWhichManyExpire_StayFoundUntilTheyDo()
    {
        for (var i = 0; i < 300; i++)
            await CommittedAsync(Commit().At(Noon.AddMinutes(i)).Answer($"key-{i}", expires: Noon.AddMinutes(i + 100)));

        var now = Noon.AddMinutes(299);
        for (var i = 0; i < 300; i++)
            ((await FindAnswerAsync($"key-{i}", now)) is not null).ShouldBe(i + 100 > 299, $"key-{i}");
    }

    private async Task<StoredAnswer?> FindAnswerAsync(string key, DateTimeOffset now, string credential = "tok_1") =>
        await Store.FindAnswerAsync(Tenant, credential, key, now, Cancellation);
}
