using Halyard.Core.Audit;
using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Privacy;

public sealed class PersonalVaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_WhereAKeyWasLostAndMadeAnew_ShowsEverythingElse_AndTheComparisonTells()
    {
        var before = await Pipeline.StartAsync(new InMemoryStore(), Ops.CreateFlag("f"));
        // The same people under a file of keys that knows none of them.
        var after = new Pipeline(before.Store);
        var applied = await after.AppliedAsync(Ops.Enable("f"));

        var entries = await new EntryReader(after.Store, after.Vault).QueryAsync(
            Pipeline.Tenant,
            new AuditQuery(),
            Disclosure.Everything,
            Cancellation
        );

        entries[0].Entry.Index.ShouldBe(applied.Receipt.Index);
        entries[0].Reason.ShouldBe("because");
        entries.Skip(1).ShouldAllBe(entry => entry.Values.Count == 0 && entry.Reason == null);
        var compared = await new StoreDiff(after.Store, after.Vault).RunAsync(Pipeline.Tenant, null, Cancellation);
        compared.Differences.ShouldHaveSingleItem().Message.ShouldContain("another value than was committed to");
    }
}
