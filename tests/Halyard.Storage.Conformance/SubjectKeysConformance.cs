using Halyard.Core.Storage.Privacy;

namespace Halyard.Storage.Conformance;

/// <summary>What every store of subjects' keys promises. A test class for an adapter derives from this and opens one.</summary>
public abstract class SubjectKeysConformance
{
    private const string Tenant = "default";

    /// <summary>The keys under test; empty when a test begins.</summary>
    protected abstract ISubjectKeys Keys { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DirectoryKey_IsTheSameEachTime()
    {
        var key = await Keys.DirectoryKeyAsync(Cancellation);
        key.Length.ShouldBe(32);
        (await Keys.DirectoryKeyAsync(Cancellation)).ShouldBe(key);
    }

    [Fact]
    public async Task Key_OfASubject_IsMadeOnceAndFound()
    {
        var made = await EnsureAsync(new("s_1", null), new("s_2", null), new("s_1", null));
        made.Select(key => key.Subject).ShouldBe(["s_1", "s_2", "s_1"]);
        made[0].Key!.Length.ShouldBe(32);
        made[0].Key.ShouldBe(made[2].Key);
        made[0].Key.ShouldNotBe(made[1].Key);
        (await EnsureAsync(new SubjectRequest("s_1", null)))[0].Key.ShouldBe(made[0].Key);

        var found = await Keys.FindAsync(Tenant, ["s_2", "s_9", "s_1"], Cancellation);
        found.Keys.ShouldBe(["s_1", "s_2"], ignoreOrder: true);
        found["s_1"].ShouldBe(made[0].Key);
        (await Keys.FindAsync("other", ["s_1"], Cancellation)).ShouldBeEmpty();
        (await Keys.EnsureAsync("other", [new("s_1", null)], Cancellation))[0].Key.ShouldNotBe(made[0].Key);
    }

    [Fact]
    public async Task Pseudonym_WithoutSubject_GetsASubjectOfItsOwn()
    {
        var made = await EnsureAsync(new(null, "n_1"), new(null, "n_2"), new(null, "n_1"));
        made[0].Subject.ShouldBe(made[2].Subject);
        made[0].Subject.ShouldNotBe(made[1].Subject);
        made[0].Subject.ShouldNotContain("n_1");
        (await Keys.NamedAsync(Tenant, ["n_1"], Cancellation)).ShouldBe([made[0].Subject]);
        (await Keys.NamedAsync("other", ["n_1"], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pseudonym_OfSeveralSubjects_NamesAllOfThem()
    {
        var own = (await EnsureAsync(new SubjectRequest(null, "n_1")))[0].Subject;
        await EnsureAsync(new("s_2", "n_1"), new("s_1", "n_1"), new("s_1", "n_2"), new("s_1", "n_1"));

        (await Keys.NamedAsync(Tenant, ["n_1"], Cancellation)).ShouldBe(
            new[] { own, "s_1", "s_2" }.Order(StringComparer.Ordinal)
        );
        (await Keys.NamedAsync(Tenant, ["n_2", "n_3"], Cancellation)).ShouldBe(["s_1"]);
        (await EnsureAsync(new SubjectRequest(null, "n_1")))[0].Subject.ShouldBe(own);
        (await EnsureAsync(new SubjectRequest(null, "n_2")))[0].Subject.ShouldNotBe("s_1", "who only bears the name is another");
    }

    [Fact]
    public async Task Erased_HasNoKeyNoNameAndNeverAKeyAgain()
    {
        var own = (await EnsureAsync(new SubjectRequest(null, "n_1")))[0].Subject;
        await EnsureAsync(new("s_1", "n_1"), new("s_2", "n_1"));

        await Keys.EraseAsync(Tenant, [own, "s_1"], 7, Cancellation);

        (await Keys.FindAsync(Tenant, [own, "s_1", "s_2"], Cancellation)).Keys.ShouldBe(["s_2"]);
        (await Keys.NamedAsync(Tenant, ["n_1"], Cancellation)).ShouldBe(["s_2"]);
        (await EnsureAsync(new SubjectRequest("s_1", "n_1")))[0].ShouldBe(new SubjectKey("s_1", null));
        (await Keys.FindAsync(Tenant, ["s_1"], Cancellation)).ShouldBeEmpty();
        var next = (await EnsureAsync(new SubjectRequest(null, "n_1")))[0];
        next.Subject.ShouldNotBe(own);
        next.Key.ShouldNotBeNull();
    }

    [Fact]
    public async Task Erased_AreListedInTheOrderOfTheirEntries_EachOnce()
    {
        await Keys.EraseAsync(Tenant, ["s_2", "s_1"], 9, Cancellation);
        await Keys.EraseAsync(Tenant, ["s_3"], 4, Cancellation);
        await Keys.EraseAsync(Tenant, ["s_2"], 12, Cancellation);
        await Keys.EraseAsync("other", ["s_9"], 1, Cancellation);

        (await Keys.ErasedAsync(Tenant, Cancellation)).ShouldBe([new("s_3", 4), new("s_1", 9), new("s_2", 12)]);
    }

    [Fact]
    public async Task Keys_AskedForAtOnce_AreOneEach()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(async () => await EnsureAsync(new("s_1", null), new(null, "n_1"))))
        );
        answers.Select(answer => Convert.ToHexString(answer[0].Key!)).Distinct().ShouldHaveSingleItem();
        answers.Select(answer => answer[1].Subject).Distinct().ShouldHaveSingleItem();
    }

    private async Task<IReadOnlyList<SubjectKey>> EnsureAsync(params SubjectRequest[] requests) =>
        await Keys.EnsureAsync(Tenant, requests, Cancellation);
}
