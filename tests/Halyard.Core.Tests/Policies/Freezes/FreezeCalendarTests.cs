using System.Globalization;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Policies.Freezes;

/// <summary>When a freeze freezes, where clocks are changed too.</summary>
public sealed class FreezeCalendarTests
{
    private static readonly SystemTimeZones Zones = new();

    public static TheoryData<string> Places =>
        [
            "Europe/Berlin",
            "America/New_York",
            "America/St_Johns",
            // Half an hour of summer time, and the southern summer.
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "Africa/Casablanca",
        ];

    [Theory]
    [MemberData(nameof(Places))]
    public void Membership_OverTwoYears_IsThatOfAScanOfTheWallClockMinuteByMinute(string place)
    {
        Recurrence[] recurring =
        [
            Weekly("friday", "17:00", 3_780),
            // Within the hour that is skipped or shown twice, in most of these places.
            Weekly("sunday", "02:30", 45),
            Weekly("sunday", "01:15", 60),
            new(Frequency.Monthly, [], null, -1, null, Time("22:00"), 240, null, null),
            new(Frequency.Monthly, [DayOfWeek.Tuesday], null, null, 2, Time("00:00"), 1_440, null, null),
            new(Frequency.Yearly, [], 2, 29, null, Time("00:00"), 60, null, null),
            new(Frequency.Yearly, [DayOfWeek.Sunday], 3, null, -1, Time("02:00"), 90, null, new DateOnly(2027, 6, 1)),
        ];
        var scan = new WallClockScan(place);
        foreach (var recurrence in recurring)
        {
            var freeze = Freeze(place, recurrence);
            var expected = scan.Members(recurrence);
            foreach (var minute in Looked(expected))
            {
                var at = scan.At(minute);
                if (freeze.WindowAt(Zones, at) is not null != expected[minute])
                    Assert.Fail($"{place} {recurrence}: {at:O} should be {(expected[minute] ? "frozen" : "free")}");
            }
            expected.Any(member => member).ShouldBe(recurrence.Day != 29, "2026 and 2027 have no 29 February");
        }
    }

    [Theory]
    // Berlin skips 02:00 to 03:00 on 29 March 2026 (01:00Z), and shows it twice on 25 October (00:00Z and 01:00Z).
    [InlineData("2026-03-29", "02:30", 60, "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z")]
    [InlineData("2026-03-29", "01:30", 60, "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("2026-03-29", "02:10", 20, "", "")]
    [InlineData("2026-10-25", "02:30", 15, "2026-10-25T00:30:00Z", "2026-10-25T01:45:00Z")]
    [InlineData("2026-10-25", "01:00", 60, "2026-10-24T23:00:00Z", "2026-10-25T01:00:00Z")]
    [InlineData("2026-10-25", "03:00", 60, "2026-10-25T02:00:00Z", "2026-10-25T03:00:00Z")]
    public void Window_WhereClocksAreChanged_ErrsOnTheLongSide(string day, string at, int minutes, string start, string end)
    {
        var date = DateOnly.Parse(day, CultureInfo.InvariantCulture);
        var recurrence = new Recurrence(Frequency.Monthly, [], null, date.Day, null, Time(at), minutes, date, date);

        var next = Freeze("Europe/Berlin", recurrence).NextAfter(Zones, Instant("2026-01-01T00:00:00Z"));

        if (start.Length == 0)
            next.ShouldBeNull("the clocks skip all of it");
        else
            next.ShouldBe(new FreezeWindow(Instant(start), Instant(end)));
    }

    [Fact]
    public void Next_OfWhatComesAgain_IsTheFirstWindowThatMembershipSees()
    {
        for (var i = 0; i < 300; i++)
        {
            var recurrence = new Recurrence(
                Frequency.Weekly,
                [(DayOfWeek)(i % 7)],
                null,
                null,
                null,
                new TimeOnly(i % 24, i * 7 % 60),
                1 + (i * 7_919 % 5_000),
                null,
                null
            );
            var freeze = Freeze("Europe/Berlin", recurrence);
            var from = Instant("2026-01-01T00:00:00Z").AddMinutes(i * 104_729 % 500_000);

            var next = freeze.NextAfter(Zones, from).ShouldNotBeNull();

            next.Start.ShouldBeGreaterThan(from);
            (next.Start - from).ShouldBeLessThanOrEqualTo(TimeSpan.FromDays(8));
            freeze.WindowAt(Zones, next.Start).ShouldBe(next);
            freeze.WindowAt(Zones, next.End.AddTicks(-1)).ShouldBe(next);
            freeze.WindowAt(Zones, next.End).ShouldBeNull();
        }
    }

    [Fact]
    public void Next_OfALeapDay_IsFoundAcrossACenturyThatHasNone()
    {
        var leap = new Recurrence(Frequency.Yearly, [], 2, 29, null, default, 60, null, null);

        var next = Freeze("UTC", leap).NextAfter(Zones, Instant("2096-03-01T00:00:00Z"));

        next!.Value.Start.ShouldBe(Instant("2104-02-29T00:00:00Z"));
    }

    [Fact]
    public void Freeze_InAZoneThatNobodyKnows_HoldsAlways()
    {
        var freeze = Freeze("Mars/Olympus", Weekly("friday", "17:00", 60));

        freeze.WindowAt(Zones, Instant("2026-01-01T00:00:00Z")).ShouldNotBeNull();
        freeze.NextAfter(Zones, Instant("2026-01-01T00:00:00Z")).ShouldBeNull();
        var off = freeze with { Settings = freeze.Settings with { Enabled = false } };
        off.WindowAt(Zones, Instant("2026-01-01T00:00:00Z")).ShouldBeNull();
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("Europe//Berlin")]
    [InlineData("Europe/")]
    [InlineData("Europe")]
    [InlineData("")]
    [InlineData("europe/berlin\0")]
    [InlineData("localtime")]
    public void ZoneName_ThatIsNone_IsNotLookedUp(string name) => Zones.Find(name).ShouldBeNull();

    /// <summary>Each minute near where membership changes; elsewhere so many that no window, all of 45 minutes or more, lies between.</summary>
    private static IEnumerable<int> Looked(bool[] expected)
    {
        var last = -1_000;
        for (var minute = 1; minute < expected.Length; minute++)
        {
            if (expected[minute] != expected[minute - 1])
            {
                for (var earlier = Math.Max(minute - 180, last + 1); earlier < minute; earlier++)
                    yield return Math.Max(earlier, 0);
                last = minute + 180;
            }
            if (minute <= last || minute % 17 == 0)
                yield return minute;
        }
    }

    private static Freeze Freeze(string zone, params Recurrence[] recurring) =>
        new("r_1", "f", new FreezeSettings("", true, new FreezeScope([], [], [], []), 2, zone, [], recurring.ToSequence()));

    private static Recurrence Weekly(string day, string at, int minutes) =>
        new(Frequency.Weekly, [Enum.Parse<DayOfWeek>(day, ignoreCase: true)], null, null, null, Time(at), minutes, null, null);

    private static TimeOnly Time(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
