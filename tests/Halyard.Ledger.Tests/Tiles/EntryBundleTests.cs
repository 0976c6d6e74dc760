namespace Halyard.Ledger.Tests.Tiles;

public sealed class EntryBundleTests
{
    private static readonly ReadOnlyMemory<byte>[] Three = [new byte[] { 1, 2, 3 }, Array.Empty<byte>(), new byte[] { 4 }];
    private static readonly byte[] Written = [0, 3, 1, 2, 3, 0, 0, 0, 1, 4];

    [Fact]
    public void Write_Entries_PutsEachBehindItsLength() => EntryBundle.Write(Three).ShouldBe(Written);

    [Fact]
    public void Read_Bundle_GivesTheEntries()
    {
        EntryBundle.TryRead(Written, 3, out var entries, out _).ShouldBeTrue();
        entries.Select(entry => entry.ToArray()).ShouldBe(Three.Select(entry => entry.ToArray()));
    }

    [Fact]
    public void Read_LongestEntries_AreReadAndLongerOnesNotWritten()
    {
        ReadOnlyMemory<byte>[] longest = [.. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[EntryBundle.MaxEntryLength], 256)];
        var bundle = EntryBundle.Write(longest);
        bundle.Length.ShouldBe(EntryBundle.MaxLength);
        EntryBundle.TryRead(bundle, 256, out _, out _).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => EntryBundle.Write([new byte[EntryBundle.MaxEntryLength + 1]]));
        Should.Throw<ArgumentException>(() => EntryBundle.Write([]));
        Should.Throw<ArgumentException>(() => EntryBundle.Write([.. longest, default]));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    public void Read_AnotherNumberOfEntries_IsRefused(int width, int entry)
    {
        EntryBundle.TryRead(Written, width, out _, out var problem).ShouldBeFalse();
        problem.Entry.ShouldBe(entry);
    }

    [Fact]
    public void Read_BundleCutOrWithAFalseLength_NamesTheEntry()
    {
        for (var length = 0; length < Written.Length; length++)
        {
            EntryBundle.TryRead(Written.AsMemory(0, length), 3, out _, out var problem).ShouldBeFalse($"{length} bytes");
            problem.Entry.ShouldBe(
                length switch
                {
                    < 5 => 0,
                    < 7 => 1,
                    _ => 2,
                }
            );
        }
        byte[] overflow = [.. Written[..5], 0xff, 0xff, .. Written[7..]];
        EntryBundle.TryRead(overflow, 3, out _, out var overflown).ShouldBeFalse();
        overflown.Entry.ShouldBe(1);
    }

    [Fact]
    public void Read_AnyBytes_NeverThrows() => Fuzz.Around(Written, bytes => EntryBundle.TryRead(bytes, 3, out _, out _));
}
