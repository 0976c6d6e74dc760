using Halyard.Core.Audit;
using Halyard.Core.Reading;
using Halyard.Core.Storage.Privacy;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;
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

    [Fact]
    public async Task Subject_IsTheSameForOneIssuersName_AndAnotherForWhateverDiffers()
    {
        var keys = new InMemorySubjectKeys();
        ValueTask<string> Of(string tenant, string issuer, string name) =>
            new PersonalVault(keys, new SeededEntropy()).SubjectOfAsync(tenant, issuer, name, Cancellation);

        var one = await Of("t", "https://a", "42");

        (await Of("t", "https://a", "42")).ShouldBe(one);
        one.ShouldNotContain("42");
        (string, string, string)[] others =
        [
            ("t", "https://b", "42"),
            ("u", "https://a", "42"),
            ("t", "https://a", "43"),
            // What stands between the parts is not theirs to choose.
            ("t", "https://a\",\"42", ""),
            ("t", "", "https://a42"),
        ];
        foreach (var (tenant, issuer, name) in others)
            (await Of(tenant, issuer, name)).ShouldNotBe(one);
        (await new PersonalVault(keys, new SeededEntropy()).NamedAsync("t", "42", Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Subject_ThatWasErased_ComesBackAsAnother()
    {
        var vault = new PersonalVault(new InMemorySubjectKeys(), new SeededEntropy());
        var before = await vault.SubjectOfAsync("t", "https://a", "42", Cancellation);

        await vault.EraseAsync("t", [before], 1, Cancellation);

        var after = await vault.SubjectOfAsync("t", "https://a", "42", Cancellation);
        after.ShouldNotBe(before);
        (await vault.SubjectOfAsync("t", "https://a", "42", Cancellation)).ShouldBe(after);
    }

    [Fact]
    public async Task Secret_IsTheSameOnEveryServer_AndAnotherForEachPurpose()
    {
        var keys = new InMemorySubjectKeys();
        var one = await new PersonalVault(keys, new SeededEntropy()).SecretAsync("a", Cancellation);

        one.Length.ShouldBe(32);
        (await new PersonalVault(keys, new SeededEntropy()).SecretAsync("a", Cancellation)).ShouldBe(one);
        (await new PersonalVault(keys, new SeededEntropy()).SecretAsync("b", Cancellation)).ShouldNotBe(one);
    }

    [Fact]
    public async Task Erasure_BetweenAskingForAKeyAndKeepingIt_IsNotForgottenByTheCache()
    {
        var keys = new OvertakenKeys(new InMemorySubjectKeys());
        var vault = new PersonalVault(keys, new SeededEntropy());
        keys.Overtake = () => vault.EraseAsync(Pipeline.Tenant, ["s_ann"], 1, Cancellation);

        (await vault.SealAsync(Pipeline.Tenant, [Value("s_ann")], Cancellation)).ShouldNotBeNull("it was asked for before");

        (await vault.SealAsync(Pipeline.Tenant, [Value("s_ann")], Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Erasure_BetweenFindingAKeyAndKeepingIt_IsNotForgottenByTheCache()
    {
        var inner = new InMemorySubjectKeys();
        var values = await new PersonalVault(inner, new SeededEntropy()).SealAsync(
            Pipeline.Tenant,
            [Value("s_ann")],
            Cancellation
        );
        var keys = new OvertakenKeys(inner);
        var vault = new PersonalVault(keys, new SeededEntropy());
        keys.Overtake = () => vault.EraseAsync(Pipeline.Tenant, ["s_ann"], 1, Cancellation);

        (await vault.OpenAsync(Pipeline.Tenant, values!, Cancellation)).Count.ShouldBe(1, "it was asked for before");

        (await vault.OpenAsync(Pipeline.Tenant, values!, Cancellation)).ShouldBeEmpty();
    }

    private static PrivateValue Value(string subject)
    {
        var key = new SeededEntropy(3).Bytes(Commitment.KeyLength);
        var commitment = Commitment.Compute(key, "/why/reason", "\"x\""u8);
        return new PrivateValue("/why/reason", commitment, key, "\"x\"", subject, InDocument: false);
    }

    /// <summary>Keys that are overtaken once by something, after they were read and before they are handed over.</summary>
    private sealed class OvertakenKeys(ISubjectKeys inner) : ISubjectKeys
    {
        public Func<ValueTask>? Overtake { get; set; }

        public ValueTask<byte[]> DirectoryKeyAsync(CancellationToken cancellationToken) =>
            inner.DirectoryKeyAsync(cancellationToken);

        public async ValueTask<IReadOnlyList<SubjectKey>> EnsureAsync(
            string tenant,
            IReadOnlyList<SubjectRequest> requests,
            CancellationToken cancellationToken
        ) => await OvertakenAsync(await inner.EnsureAsync(tenant, requests, cancellationToken));

        public async ValueTask<IReadOnlyDictionary<string, byte[]>> FindAsync(
            string tenant,
            IReadOnlyCollection<string> subjects,
            CancellationToken cancellationToken
        ) => await OvertakenAsync(await inner.FindAsync(tenant, subjects, cancellationToken));

        public ValueTask<IReadOnlyList<string>> NamedAsync(
            string tenant,
            IReadOnlyCollection<string> pseudonyms,
            CancellationToken cancellationToken
        ) => inner.NamedAsync(tenant, pseudonyms, cancellationToken);

        public ValueTask EraseAsync(
            string tenant,
            IReadOnlyCollection<string> subjects,
            long index,
            CancellationToken cancellationToken
        ) => inner.EraseAsync(tenant, subjects, index, cancellationToken);

        public ValueTask<IReadOnlyList<ErasedSubject>> ErasedAsync(string tenant, CancellationToken cancellationToken) =>
            inner.ErasedAsync(tenant, cancellationToken);

        private async ValueTask<T> OvertakenAsync<T>(T read)
        {
            var overtake = Overtake;
            Overtake = null;
            if (overtake is not null)
                await overtake();
            return read;
        }
    }
}
