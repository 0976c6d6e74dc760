namespace Halyard.Rego.Tests.Builtins;

public sealed class TimeTests
{
    [Theory]
    [InlineData(
        "time.format",
        "[[1517832000000000000, \"\", \"Mon Jan _2 15:04:05 MST 2006\"]]",
        "\"Mon Feb  5 12:00:00 UTC 2018\""
    )]
    [InlineData("time.format", "[1517832000123456000]", "\"2018-02-05T12:00:00.123456Z\"")]
    [InlineData("time.format", "[[1517832000000000000, \"Europe/Berlin\", \"RFC1123Z\"]]", "\"Mon, 05 Feb 2018 13:00:00 +0100\"")]
    [InlineData(
        "time.format",
        "[[1530446400000000000, \"America/New_York\", \"Monday, 2.1.06 3:04pm __2 .000\"]]",
        "\"Sunday, 1.7.18 8:00am 182 .000\""
    )]
    [InlineData("time.format", "[[-1, \"UTC\", \"RFC3339Nano\"]]", "\"1969-12-31T23:59:59.999999999Z\"")]
    [InlineData(
        "time.parse_ns",
        "[\"2006-01-02\", \"2020-02-30\"]",
        "time.parse_ns: parsing time \"2020-02-30\": day out of range"
    )]
    [InlineData(
        "time.parse_ns",
        "[\"15:04\", \"25:00\"]",
        "time.parse_ns: parsing time \"25:00\" as \"15:04\": cannot parse \":00\" as \"15\""
    )]
    [InlineData("time.parse_ns", "[\"January 2 2006 3PM\", \"july 4 1980 12AM\"]", "331516800000000000")]
    [InlineData("time.parse_rfc3339_ns", "[\"2020-01-01T00:00:00.5+01:30\"]", "1577831400500000000")]
    [InlineData("time.parse_duration_ns", "[\"-1h2m3.5s\"]", "-3723500000000")]
    [InlineData("time.parse_duration_ns", "[\"1.5d\"]", "time.parse_duration_ns: time: invalid duration \"1.5d\"")]
    [InlineData("time.parse_duration_ns", "[\"3000000h\"]", "time.parse_duration_ns: time: invalid duration \"3000000h\"")]
    [InlineData("time.add_date", "[1580428800000000000, 0, 1, 0]", "1583107200000000000")]
    [InlineData("time.add_date", "[[1585351800000000000, \"Europe/Berlin\"], 0, 0, 1]", "1585438200000000000")]
    [InlineData("time.date", "[[1517832000000000000, \"Pacific/Auckland\"]]", "[2018, 2, 6]")]
    [InlineData("time.weekday", "[[0, \"../../../etc/passwd\"]]", "time.weekday: unknown time zone ../../../etc/passwd")]
    [InlineData("time.weekday", "[[0, \"Local\"]]", "time.weekday: unknown time zone Local")]
    [InlineData("time.now_ns", "[]", "1777636800000000000")]
    public void Call_LayoutsZonesAndMistakes_AreThoseOfGo(string name, string arguments, string result) =>
        BuiltinCalls.CallJson(name, arguments).ShouldBe(result);
}
