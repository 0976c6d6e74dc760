using Halyard.Core.Storage;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Mark_ThatWasNeverSet_IsNothing()
    {
        (await Store.MarkAsync(Tenant, "sink/a", Cancellation)).ShouldBeNull();
        (await Store.MarksAsync(Tenant, "", Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Mark_SetTwice_HasTheSecondValueAndVersion()
    {
        (await Store.SetMarkAsync(Tenant, "sink/a", 0, "1"u8.ToArray(), Cancellation)).ShouldBeTrue();
        (await Store.SetMarkAsync(Tenant, "sink/a", 1, Array.Empty<byte>(), Cancellation)).ShouldBeTrue();

        var mark = (await Store.MarkAsync(Tenant, "sink/a", Cancellation)).ShouldNotBeNull();
        mark.Version.ShouldBe(2);
        mark.Value.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-1)]
    public async Task Mark_SetFromAnotherVersion_StaysAsItIs(long expected)
    {
        await Store.SetMarkAsync(Tenant, "sink/a", 0, "1"u8.ToArray(), Cancellation);

        (await Store.SetMarkAsync(Tenant, "sink/a", expected, "2"u8.ToArray(), Cancellation)).ShouldBeFalse();

        (await Store.MarkAsync(Tenant, "sink/a", Cancellation))!.Value.ShouldBe("1"u8.ToArray());
    }

    [Fact]
    public async Task Mark_Removed_WasNeverSet_AndIsRemovedFromItsVersionAlone()
    {
        await Store.SetMarkAsync(Tenant, "sink/a", 0, "1"u8.ToArray(), Cancellation);
        await Store.SetMarkAsync(Tenant, "sink/a", 1, "2"u8.ToArray(), Cancellation);
        await Store.SetMarkAsync("other", "sink/a", 0, "1"u8.ToArray(), Cancellation);

        (await Store.RemoveMarkAsync(Tenant, "sink/a", 1, Cancellation)).ShouldBeFalse();
        (await Store.RemoveMarkAsync(Tenant, "sink/b", 0, Cancellation)).ShouldBeFalse();
        (await Store.RemoveMarkAsync("nobody", "sink/a", 2, Cancellation)).ShouldBeFalse();
        (await Store.RemoveMarkAsync(Tenant, "sink/a", 2, Cancellation)).ShouldBeTrue();

        (await Store.MarkAsync(Tenant, "sink/a", Cancellation)).ShouldBeNull();
        (await Store.MarksAsync("other", "", Cancellation)).ShouldHaveSingleItem();
        (await Store.SetMarkAsync(Tenant, "sink/a", 0, "3"u8.ToArray(), Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task Mark_SetByManyAtOnce_HasOneWinnerEachTime()
    {
        for (var version = 0; version < 5; version++)
        {
            var expected = version;
            var wins = await Task.WhenAll(
                Enumerable
                    .Range(0, 16)
                    .Select(async i => await Store.SetMarkAsync(Tenant, "lease", expected, new[] { (byte)i }, Cancellation))
            );
            wins.Count(won => won).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Marks_AreFoundByPrefixInOrdinalOrder_AndByTheirTenantAlone()
    {
        foreach (var name in new[] { "sink/b", "sink/a", "sink/ä", "sinks", "job/1", "sink" })
            await Store.SetMarkAsync(Tenant, name, 0, "1"u8.ToArray(), Cancellation);
        await Store.SetMarkAsync("other", "sink/c", 0, "1"u8.ToArray(), Cancellation);

        (await Store.MarksAsync(Tenant, "sink/", Cancellation))
            .Select(mark => mark.Name)
            .ShouldBe(["sink/a", "sink/b", "sink/ä"]);
        (await Store.MarksAsync("other", "", Cancellation)).Select(mark => mark.Name).ShouldBe(["sink/c"]);
    }

    [Fact]
    public async Task Mark_ThatIsTooLong_IsRefused()
    {
        await Should.ThrowAsync<ArgumentException>(async () =>
            await Store.SetMarkAsync(Tenant, new string('a', IMarks.MaxName + 1), 0, default, Cancellation)
        );
        await Should.ThrowAsync<ArgumentException>(async () =>
            await Store.SetMarkAsync(Tenant, "a", 0, new byte[IMarks.MaxBytes + 1], Cancellation)
        );
    }
}
