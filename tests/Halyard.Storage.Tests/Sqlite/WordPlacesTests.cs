using Halyard.Core.Audit.Searching;

namespace Halyard.Storage.Tests.Sqlite;

public sealed class WordPlacesTests
{
    private static readonly int[][] Places =
    [
        [0],
        [1, 2, 127, 128, 129],
        [300, 70_000, 5_000_000],
        [127],
        [128],
    ];

    [Fact]
    public void Places_OfAnyDistance_ReadBackTheSame()
    {
        var found = Read(Write(Places), Entries(0, 1, 2, 3, 4), Entries(1, 2, 4));
        int[] wanted = [1, 2, 4];
        found.ShouldBe(
            wanted.SelectMany(entry => Places[entry].Select(place => WordPlaces.Key(WordSource.Reason, entry * 400, place)))
        );
        found.ShouldBeInOrder();
        WordPlaces.EntryOf(found[^1]).ShouldBe(1_600);
        WordPlaces.PlaceOf(found[^1]).ShouldBe(128);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Places_OfOneCandidate_AreFoundBehindAnyNumberOfOthers(int wanted) =>
        Read(Write(Places), Entries(0, 1, 2, 3, 4), Entries(wanted)).Select(WordPlaces.PlaceOf).ShouldBe(Places[wanted]);

    [Fact]
    public void Bytes_ThatLackAnEntryNobodyAsksFor_AreDamage() =>
        Should.Throw<InvalidDataException>(() => Read(Write([Places[0], Places[1]]), Entries(0, 1, 2), Entries(0)));

    [Fact]
    public void Without_LeavesTheOtherEntriesAsTheyWere()
    {
        var bytes = WordPlaces.Without(Write(Places), Entries(0, 1, 2, 3, 4), Entries(0, 2));
        bytes.ShouldBe(Write([Places[1], Places[3], Places[4]]));
    }

    [Theory]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x81 })]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0 })]
    public void Bytes_ThatAreNotPlaces_AreDamage(byte[] bytes) =>
        Should.Throw<InvalidDataException>(() => Read(bytes, Entries(0), Entries(0))).Message.ShouldContain("damaged");

    private static List<long> Read(byte[] bytes, EntrySet entries, EntrySet candidates)
    {
        var found = new List<long>();
        WordPlaces.Read(bytes, WordSource.Reason, entries, candidates, found);
        return found;
    }

    private static byte[] Write(int[][] places)
    {
        var bytes = new List<byte>();
        foreach (var entry in places)
        {
            var last = WordPlaces.None;
            foreach (var place in entry)
            {
                WordPlaces.Write(bytes, place - last);
                last = place;
            }
            WordPlaces.End(bytes);
        }
        return [.. bytes];
    }

    private static EntrySet Entries(params int[] numbers)
    {
        var set = new EntrySet();
        foreach (var number in numbers)
            set.Add(number * 400);
        return set;
    }
}
