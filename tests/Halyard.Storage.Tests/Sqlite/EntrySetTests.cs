using Halyard.Core.Audit.Searching;
using Halyard.Storage.Sqlite.Auditing;

namespace Halyard.Storage.Tests.Sqlite;

public sealed class EntrySetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(2_048)]
    public void Bytes_OfAnyNumberOfEntries_ReadBackTheSame(int count)
    {
        // 1,237 is odd, so its multiples visit every place once.
        var places = Enumerable.Range(0, count).Select(i => i * 1_237 % EntrySet.BlockSize).ToList();
        var bytes = Of(places).ToBytes();
        bytes.Length.ShouldBeLessThanOrEqualTo(256);
        var read = new EntrySet();
        read.Add(bytes);
        read.Descending().ShouldBe(places.OrderDescending());
        read.Count.ShouldBe(count);
        read.IsEmpty.ShouldBe(count == 0);
    }

    [Fact]
    public void Sets_IntersectAndSubtract()
    {
        var set = Of([0, 63, 64, 2_047]);
        set.IntersectWith(Of([63, 64, 2_047, 5]));
        set.Descending().ShouldBe([2_047, 64, 63]);
        set.ExceptWith(Of([64]));
        set.Descending().ShouldBe([2_047, 63]);
    }

    [Fact]
    public void Next_GoesThroughEveryPlace()
    {
        int[] places = [0, 1, 63, 64, 700, 2_047];
        var set = Of(places);
        var found = new List<int>();
        for (var place = set.Next(0); place >= 0; place = set.Next(place + 1))
        {
            set.Contains(place).ShouldBeTrue();
            found.Add(place);
        }
        found.ShouldBe(places);
        set.Contains(2).ShouldBeFalse();
        new EntrySet().Next(0).ShouldBe(-1);
    }

    [Fact]
    public void Next_InBoth_PassesOverWhatOnlyOneHas()
    {
        var set = Of([0, 5, 63, 64, 700, 2_047]);
        var other = Of([1, 5, 64, 699, 2_047]);
        set.Next(0, other).ShouldBe(5);
        set.Next(6, other).ShouldBe(64);
        set.Next(65, other).ShouldBe(2_047);
        set.Next(2_048, other).ShouldBe(-1);
    }

    [Fact]
    public void Range_IsHalfOpen() => EntrySet.Range(62, 66).Descending().ShouldBe([65, 64, 63, 62]);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 2_048)]
    [InlineData(64, 128)]
    [InlineData(63, 65)]
    [InlineData(2_047, 2_048)]
    [InlineData(100, 90)]
    public void Range_OfAnyEnds_HasWhatLiesBetween_AndIsCounted(int from, int to)
    {
        var count = Math.Max(to - from, 0);
        EntrySet.Range(from, to).Descending().ShouldBe(Enumerable.Range(from, count).Reverse());
        EntrySet.Range(0, 2_048).CountIn(from, to).ShouldBe(count);
        Of([0, 64, 2_047]).CountIn(from, to).ShouldBe(new[] { 0, 64, 2_047 }.Count(place => place >= from && place < to));
    }

    [Fact]
    public void Places_OfAnyNumber_AreAddedAsPlaces()
    {
        // As many as would be a map.
        var places = Enumerable.Range(0, 128).Select(i => i * 3).ToList();
        var set = Of([2_047]);
        set.AddPlaces([.. places.SelectMany(place => new[] { (byte)place, (byte)(place >> 8) })]);
        set.Descending().ShouldBe(places.Append(2_047).OrderDescending());
    }

    [Theory]
    [InlineData(",")]
    [InlineData("1,")]
    [InlineData("1;2")]
    [InlineData("x")]
    [InlineData("1 ,2")]
    public void Terms_ThatCannotBeRead_AreDamage(string text) =>
        Should.Throw<IOException>(() => TermList.Read(System.Text.Encoding.UTF8.GetBytes(text), []));

    [Fact]
    public void NoTerms_AreThoseOfAnEntryThatWasPurgedBeforeItsLogWasCopied()
    {
        List<long> terms = [7];
        TermList.Read([], terms);
        terms.ShouldBeEmpty();
    }

    private static EntrySet Of(IEnumerable<int> places)
    {
        var set = new EntrySet();
        foreach (var place in places)
            set.Add(place);
        return set;
    }
}
