using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Theory]
    [InlineData("checkout", "0 1")]
    [InlineData("CHECKOUT", "0 1")]
    [InlineData("check", "0 1")]
    [InlineData("check payments", "")]
    [InlineData("chec* payments", "0")]
    [InlineData("\"check\"", "")]
    [InlineData("\"check\"*", "0 1")]
    [InlineData("\"was switched on\"", "0")]
    [InlineData("\"switched was\"", "")]
    [InlineData("was-switched-on", "0")]
    [InlineData("\"on for\"", "")]
    [InlineData("\"in production with\"", "")]
    [InlineData("production wallets", "0")]
    [InlineData("SHOP-4711", "0")]
    [InlineData("SHOP-47", "0 1")]
    [InlineData("\"SHOP-47\"", "1")]
    [InlineData("incident:7", "")]
    [InlineData("INC-7", "1")]
    [InlineData("new_pricing", "2")]
    [InlineData("pricing", "2")]
    [InlineData("prefere", "2")]
    [InlineData("PRÉFÉRÉ", "2")]
    [InlineData("préféré", "2")]
    [InlineData("strasse", "")]
    [InlineData("STRAßE", "2")]
    [InlineData("ОГОНЬ", "2")]
    [InlineData("機能", "2")]
    [InlineData("能機", "")]
    [InlineData("\"ab\"", "")]
    public async Task Text_FindsWordsPhrasesAndPrefixes_InWhatHappenedKeysReferencesAndReason(string text, string found)
    {
        await CommittedAsync(
            Commit()
                .Put(Names.Flag("checkout-redesign"), "f_1", 0, "1")
                .With(index => index with { Ticket = "SHOP-4711" })
                .Saying("flag 'checkout-redesign' was switched on in 'production'", "for the payments team, with wallets")
        );
        await CommittedAsync(
            Commit()
                .Put(Names.Flag("checkout-v2"), "f_2", 0, "1")
                .With(index => index with { Ticket = "SHOP-47", Incident = "INC-7" })
                .Saying("flag 'checkout-v2' was switched off", "it broke")
        );
        await CommittedAsync(
            Commit().Put(Names.Flag("new_pricing"), "f_3", 0, "1").Saying("a b", "Préféré in der Straße, Огонь, 新機能\0")
        );
        await ShouldFindAsync(text, [.. found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\"")]
    [InlineData("\"\"")]
    [InlineData("*")]
    [InlineData("-")]
    [InlineData("' OR 1=1 --")]
    [InlineData("NEAR(checkout, 5)")]
    [InlineData("NOT missing")]
    [InlineData("content:checkout")]
    [InlineData("{content reason} : checkout")]
    [InlineData("checkout)")]
    [InlineData("^checkout + \"")]
    [InlineData("checkout\0")]
    [InlineData("\0")]
    [InlineData("\ud800")]
    [InlineData("check\ud800out")]
    [InlineData("\U0010FFFF")]
    [InlineData("%")]
    [InlineData("c_eckout")]
    public async Task Text_OfWhateverForm_IsWordsAndNothingElse(string text)
    {
        await CommittedAsync(Commit().Saying("checkout", "for the team"));
        var expected = InMemory.TextOracle.Matches(EntryText.Of(["checkout"], [], [], "for the team"), text);
        await ShouldFindAsync(text, expected ? [0] : []);
    }

    [Fact]
    public async Task Text_LongerThanItsBound_IsRefused()
    {
        await CommittedAsync(Commit().Saying("checkout"));
        await ShouldFindAsync(new string('x', TextQuery.MaxLength), []);
        var query = new AuditQuery { Text = new string('x', TextQuery.MaxLength + 1) };
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.QueryAsync(Tenant, query, Cancellation));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.CountAsync(Tenant, query, Cancellation));
    }

    [Fact]
    public async Task VeryLongWord_IsFoundByItselfAndByItsBeginning()
    {
        var word = new string('a', 200);
        await CommittedAsync(Commit().Saying(word, new string('b', 100_000)));
        await ShouldFindAsync(word, [0]);
        await ShouldFindAsync(word[..10], [0]);
        await ShouldFindAsync($"\"{word[..10]}\"", []);
        await ShouldFindAsync(new string('b', 100), [0]);
    }

    [Fact]
    public async Task Text_OfOneTenant_IsNotFoundInAnother()
    {
        await CommittedAsync(Commit().Saying("checkout"));
        await CommittedAsync(new CommitBuilder("other").Saying("pricing"));
        (await Store.CountAsync("other", new AuditQuery { Text = "checkout" }, Cancellation)).ShouldBe(0);
        (await Store.CountAsync("other", new AuditQuery { Text = "pricing" }, Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task Text_InReasonsThatAreNotSearched_IsNotFound_RecentAndInAWholeBlock()
    {
        const int WholeBlock = 2_100;
        for (var i = 0; i < 2; i++)
        {
            await CommittedAsync(Commit().Saying("checkout", "for Ann Probe"));
            var all = new AuditQuery { Text = "\"ann probe\"" };
            foreach (var text in new[] { "ann", "an*", "\"ann probe\"", "checkout ann" })
            {
                var query = new AuditQuery { Text = text, SearchesReasons = false };
                (await Store.CountAsync(Tenant, query, Cancellation)).ShouldBe(0, text);
                (await Store.QueryAsync(Tenant, query, Cancellation)).ShouldBeEmpty(text);
            }
            (await Store.CountAsync(Tenant, all, Cancellation)).ShouldBe(i + 1);
            (await Store.CountAsync(Tenant, all with { Text = "checkout", SearchesReasons = false }, Cancellation)).ShouldBe(
                i + 1
            );
            for (var j = 0; i == 0 && j < WholeBlock; j++)
                await CommittedAsync(Commit().Saying("filler"));
        }
    }

    private async Task ShouldFindAsync(string text, long[] indexes)
    {
        var query = new AuditQuery { Text = text };
        var page = await Store.QueryAsync(Tenant, query, Cancellation);
        page.Select(entry => entry.Index).ShouldBe(indexes.OrderDescending(), text);
        (await Store.CountAsync(Tenant, query, Cancellation)).ShouldBe(indexes.Length, text);
    }
}
