using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Erasure_RemovesTheSubjectsValuesAndNames_AndNoOthers()
    {
        await Store.SubjectsAsync(Tenant, ["Ann"], () => "s_ann", Cancellation);
        await Store.SubjectsAsync(Tenant, ["Bob"], () => "s_bob", Cancellation);
        await CommittedAsync(Commit().Hiding(Private("c_1", "a", subject: "s_ann"), Private("c_2", "b", subject: "s_bob")));
        await CommittedAsync(
            Commit()
                .Hiding(
                    Private("c_3", "a", inDocument: true, subject: "s_ann"),
                    Private("c_4", "b", inDocument: true, subject: "s_bob")
                )
        );
        await CommitAsync(new CommitBuilder("other").Hiding(Private("c_1", "theirs", subject: "s_ann")));

        (await ExtentAsync("s_ann")).ShouldBe((2, "c_3", "Ann", 2));
        (await ExtentAsync("s_ann", "s_bob", "s_none")).ShouldBe((4, "c_3,c_4", "Ann,Bob", 2));
        (await CommittedAsync(Commit().Erasing(2, "s_ann")))[0].Index.ShouldBe(2);

        (await ExtentAsync("s_ann")).ShouldBe((0, "", "", 3));
        (await ExtentAsync("s_bob")).ShouldBe((2, "c_4", "Bob", 3));
        (await Store.EntryPrivatesAsync(Tenant, [0, 1, 2], Cancellation)).Select(value => value.Commitment).ShouldBe(["c_2"]);
        (await Store.DocumentPrivatesAsync(Tenant, ["c_3", "c_4"], Cancellation))
            .ShouldHaveSingleItem()
            .Commitment.ShouldBe("c_4");
        (await Store.KnownSubjectsAsync(Tenant, ["Ann", "Bob"], Cancellation)).Keys.ShouldBe(["Bob"]);
        (await Store.EntryPrivatesAsync("other", [0], Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Erasure_OfTwoAtOnce_RemovesBoth()
    {
        await CommittedAsync(Commit().Hiding(Private("c_1", "a", subject: "s_1"), Private("c_2", "b", subject: "s_2")));

        await CommittedAsync(Commit().Erasing(1, "s_1", "s_2"));

        (await Store.EntryPrivatesAsync(Tenant, [0], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Erasure_OfWhoseValueWasWrittenSince_IsAConflictAndErasesNothing()
    {
        await CommittedAsync(Commit().Hiding(Private("c_1", "a", subject: "s_1")));
        await CommittedAsync(Commit().Hiding(Private("c_2", "a", inDocument: true, subject: "s_1")));

        (await ConflictAsync(Commit().Erasing(1, "s_1"))).Actual.ShouldBeEmpty();

        (await Store.EntryPrivatesAsync(Tenant, [0], Cancellation)).ShouldHaveSingleItem();
        (await SizeAsync(Tenant)).ShouldBe(2);
        await CommittedAsync(Commit().Erasing(2, "s_1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Value_OfSomebodyErased_IsAConflict(bool inDocument)
    {
        await CommittedAsync(Commit().Hiding(Private("c_1", "a", subject: "s_1")));
        await CommittedAsync(Commit().Erasing(1, "s_1"));

        var late = Commit().Hiding(Private("c_2", "b", inDocument, "s_1"));
        (await ConflictAsync(late)).Actual.ShouldBeEmpty();

        (await SizeAsync(Tenant)).ShouldBe(2);
        await CommittedAsync(Commit().Hiding(Private("c_2", "b", inDocument, "s_2")));
        await CommitAsync(new CommitBuilder("other").Hiding(Private("c_2", "b", inDocument, "s_1")));
        (await SizeAsync("other")).ShouldBe(1);
    }

    [Fact]
    public async Task Erasure_Again_IsNoConflict()
    {
        await CommittedAsync(Commit().Erasing(0, "s_1"));
        await CommittedAsync(Commit().Erasing(1, "s_1"));
        (await SizeAsync(Tenant)).ShouldBe(2);
    }

    [Fact]
    public void Erasure_ThatNoEntryAccountsFor_CannotBeBuilt()
    {
        Should.Throw<ArgumentException>(() =>
            Commit().Erasing(0, "s_1").With(index => index with { Type = "flag.updated" }).Build()
        );
        Should.Throw<ArgumentException>(() => Commit().Erasing(0, "s_1").With(index => index with { Ticket = "s_2" }).Build());
        Should.Throw<ArgumentException>(() =>
            Commit().With(index => index with { Type = CommitEffect.EraseSubjects.Type }).Build()
        );
    }

    private async Task<(long Values, string Commitments, string Names, long Size)> ExtentAsync(params string[] subjects)
    {
        var extent = await Store.SubjectExtentAsync(Tenant, subjects, Cancellation);
        return (extent.Values, string.Join(',', extent.Commitments), string.Join(',', extent.Names), extent.Size);
    }
}
