namespace Halyard.Evaluation.Tests.Conditions;

public sealed class OperatorTests
{
    [Theory]
    [InlineData("equals", """["pro","free"]""", "\"free\"", true)]
    [InlineData("in", """["pro","free"]""", "\"free\"", true)]
    [InlineData("equals", """["pro"]""", "\"Pro\"", false)]
    [InlineData("equals", """["pro"]""", "\"\"", false)]
    [InlineData("equals", """[""]""", "\"\"", true)]
    [InlineData("equals", """["5"]""", "5", false)]
    [InlineData("equals", """[5]""", "\"5\"", false)]
    [InlineData("equals", """[5]""", "5.0", true)]
    [InlineData("equals", """[0]""", "-0", true)]
    [InlineData("equals", """[1]""", "true", false)]
    [InlineData("equals", """[true]""", "true", true)]
    [InlineData("equals", """[true]""", "false", false)]
    [InlineData("equals", """[true,false]""", "false", true)]
    [InlineData("equals", """["a",5,true]""", "5", true)]
    [InlineData("equals", """[1,2,3,4,5,6,7,8,9,10]""", "10", true)]
    [InlineData("equals", """[1,2,3,4,5,6,7,8,9,10]""", "11", false)]
    [InlineData("equals", """["a","b","c","d","e","f"]""", "\"f\"", true)]
    [InlineData("equals", """["a","b","c","d","e","f"]""", "\"F\"", false)]
    [InlineData("equals", """["😀"]""", "\"\\ud83d\\ude00\"", true)]
    [InlineData("equals", """["é"]""", "\"e\\u0301\"", false)]
    [InlineData("equalsIgnoreCase", """["Pro"]""", "\"pRO\"", true)]
    [InlineData("equalsIgnoreCase", """["a","b","c","d","E"]""", "\"e\"", true)]
    [InlineData("equalsIgnoreCase", """["straße"]""", "\"STRASSE\"", false)]
    [InlineData("equalsIgnoreCase", """["𐐀"]""", "\"𐐨\"", true)]
    [InlineData("equalsIgnoreCase", """["aaaaaaaaaaaaaaaaaaaaaaaa!","é","𐐀","É","ab"]""", "\"𐐨\"", true)]
    [InlineData("equalsIgnoreCase", """["𐐀a","𐐀b","𐐀c","𐐀d","𐐀e"]""", "\"𐐨C\"", true)]
    [InlineData("contains", """["ell"]""", "\"hello\"", true)]
    [InlineData("contains", """["ELL"]""", "\"hello\"", false)]
    [InlineData("contains", """["x","ell"]""", "\"hello\"", true)]
    [InlineData("contains", """["x"]""", "\"\"", false)]
    [InlineData("contains", """["1"]""", "123", false)]
    [InlineData("containsIgnoreCase", """["ELL"]""", "\"hello\"", true)]
    [InlineData("startsWith", """["he"]""", "\"hello\"", true)]
    [InlineData("startsWith", """["He"]""", "\"hello\"", false)]
    [InlineData("startsWithIgnoreCase", """["He"]""", "\"hello\"", true)]
    [InlineData("endsWith", """["@acme.com"]""", "\"jane@acme.com\"", true)]
    [InlineData("endsWith", """["@acme.com"]""", "\"jane@ACME.com\"", false)]
    [InlineData("endsWithIgnoreCase", """["@acme.com"]""", "\"jane@ACME.com\"", true)]
    [InlineData("matches", """["^a+$"]""", "\"aaa\"", true)]
    [InlineData("matches", """["^a+$"]""", "\"aab\"", false)]
    [InlineData("matches", """["b"]""", "\"abc\"", true)]
    [InlineData("matches", """["(?i)^ABC$"]""", "\"abc\"", true)]
    [InlineData("matches", """["^\\d{1,3}(\\.\\d{1,3}){3}$"]""", "\"192.168.0.1\"", true)]
    [InlineData("greaterThan", "[5]", "5", false)]
    [InlineData("greaterThan", "[5]", "5.0000001", true)]
    [InlineData("greaterThanOrEqual", "[5]", "5", true)]
    [InlineData("lessThan", "[5]", "5", false)]
    [InlineData("lessThan", "[5]", "-1e308", true)]
    [InlineData("lessThanOrEqual", "[5]", "5", true)]
    [InlineData("greaterThan", "[5]", "\"6\"", false)]
    [InlineData("greaterThan", "[5]", "1e400", false)]
    [InlineData("between", "[1,5]", "1", true)]
    [InlineData("between", "[1,5]", "5", true)]
    [InlineData("between", "[1,5]", "5.5", false)]
    [InlineData("between", "[3,3]", "3", true)]
    [InlineData("exists", "[]", "\"\"", true)]
    [InlineData("exists", "[]", "false", true)]
    [InlineData("exists", "[]", "[]", true)]
    [InlineData("exists", "[]", "{}", true)]
    [InlineData("exists", "[]", "null", false)]
    public void Condition_OnAValue_Holds(string comparison, string values, string value, bool holds) =>
        Holds(comparison, values, value).ShouldBe(holds);

    [Theory]
    [InlineData("semverEquals", "1.2.3", "1.2.3", true)]
    [InlineData("semverEquals", "1.2.3", "1.2.3+build.7", true)]
    [InlineData("semverEquals", "1.2.3", "v1.2.3", true)]
    [InlineData("semverEquals", "1.2.0", "1.2", true)]
    [InlineData("semverEquals", "1.2.3", "1.2.3-rc.1", false)]
    [InlineData("semverEquals", "1.2.3", "01.2.3", false)]
    [InlineData("semverEquals", "1.2.3", "1.2.3.4", false)]
    [InlineData("semverEquals", "1.2.3", " 1.2.3", false)]
    [InlineData("semverEquals", "1.2.3", "", false)]
    [InlineData("semverLessThan", "1.0.0", "1.0.0-alpha", true)]
    [InlineData("semverLessThan", "1.0.0-alpha.1", "1.0.0-alpha", true)]
    [InlineData("semverLessThan", "1.0.0-alpha.beta", "1.0.0-alpha.1", true)]
    [InlineData("semverLessThan", "1.0.0-beta", "1.0.0-alpha.beta", true)]
    [InlineData("semverLessThan", "1.0.0-beta.11", "1.0.0-beta.2", true)]
    [InlineData("semverLessThan", "1.0.0-rc.1", "1.0.0-beta.11", true)]
    [InlineData("semverLessThan", "2.0.0", "10.0.0", false)]
    [InlineData("semverLessThanOrEqual", "1.0.0", "1.0.0", true)]
    [InlineData("semverGreaterThan", "1.9.9", "1.10.0", true)]
    [InlineData("semverGreaterThan", "99999999999999999999.0.0", "100000000000000000000.0.0", true)]
    [InlineData("semverGreaterThanOrEqual", "1.0.0", "1.0.0-1", false)]
    [InlineData("semverTilde", "1.2.3", "1.2.9", true)]
    [InlineData("semverTilde", "1.2.3", "1.2.2", false)]
    [InlineData("semverTilde", "1.2.3", "1.3.0", false)]
    [InlineData("semverCaret", "1.2.3", "1.9.0", true)]
    [InlineData("semverCaret", "1.2.3", "2.0.0-rc.1", false)]
    [InlineData("semverCaret", "1.2.3", "1.2.2", false)]
    [InlineData("semverCaret", "0.2.3", "0.2.9", true)]
    [InlineData("semverCaret", "0.2.3", "0.3.0", false)]
    [InlineData("semverCaret", "0.0.3", "0.0.3", true)]
    [InlineData("semverCaret", "0.0.3", "0.0.4", false)]
    [InlineData("before", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59.9999999Z", true)]
    [InlineData("before", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", false)]
    [InlineData("before", "2026-01-01T00:00:00Z", "2026-01-01T00:59:59+01:00", true)]
    [InlineData("before", "2017-01-01T00:00:00.5Z", "2016-12-31T23:59:60Z", true)]
    [InlineData("before", "2026-01-01T00:00:00Z", "2025-12-31 23:59:59Z", false)]
    [InlineData("before", "2026-01-01T00:00:00Z", "2025-12-31", false)]
    [InlineData("before", "2026-01-01T00:00:00Z", "2025-02-29T00:00:00Z", false)]
    [InlineData("before", "2026-01-01T00:00:00Z", "2025-01-01T12:00:60Z", false)]
    [InlineData("after", "2026-01-01T00:00:00Z", "2026-01-01t00:00:00.001z", true)]
    [InlineData("after", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", false)]
    [InlineData("cidr", "10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("cidr", "10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("cidr", "10.9.9.9/8", "10.0.0.1", true)]
    [InlineData("cidr", "10.0.0.1", "10.0.0.1", true)]
    [InlineData("cidr", "0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("cidr", "0.0.0.0/0", "::1", false)]
    [InlineData("cidr", "10.0.0.0/8", "010.0.0.1", false)]
    [InlineData("cidr", "10.0.0.0/8", "10.0.1", false)]
    [InlineData("cidr", "10.0.0.0/8", "10.0.0.256", false)]
    [InlineData("cidr", "10.0.0.0/8", "10.0.0.1.2", false)]
    [InlineData("cidr", "10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("cidr", "::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("cidr", "2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("cidr", "2001:db8::/32", "2001:DB8::", true)]
    [InlineData("cidr", "2001:db8::/32", "2001:db9::", false)]
    [InlineData("cidr", "::/0", "1:2:3:4:5:6:7:8", true)]
    [InlineData("cidr", "::1/128", "::1", true)]
    [InlineData("cidr", "::1/128", "0:0:0:0:0:0:0:1", true)]
    [InlineData("cidr", "::/0", "1:2:3:4:5:6:7:8:9", false)]
    [InlineData("cidr", "::/0", "1::2::3", false)]
    [InlineData("cidr", "::/0", "1:2:3:4:5:6:7::8", false)]
    [InlineData("cidr", "::/0", "fe80::1%eth0", false)]
    [InlineData("cidr", "::/0", "12345::", false)]
    [InlineData("cidr", "::/0", ":", false)]
    [InlineData("cidr", "::/0", "1:", false)]
    [InlineData("cidr", "64:ff9b::/96", "64:ff9b::192.0.2.33", true)]
    public void Condition_OnAText_Holds(string comparison, string bound, string value, bool holds) =>
        Holds(comparison, $"[\"{bound}\"]", $"\"{value}\"").ShouldBe(holds);

    [Theory]
    [InlineData("before", "1767225600001", "1767225600000", true)]
    [InlineData("before", "\"2026-01-01T00:00:00.001Z\"", "1767225600000", true)]
    [InlineData("after", "1767225600000", "\"2026-01-01T00:00:00.0000001Z\"", true)]
    [InlineData("after", "0", "-1", false)]
    [InlineData("after", "0", "1e300", false)]
    public void Times_InMillisecondsAndText_AreOneScale(string comparison, string bound, string value, bool holds) =>
        Holds(comparison, $"[{bound}]", value).ShouldBe(holds);

    [Theory]
    // value, plain, negated, whenMissing match, negated and whenMissing match
    [InlineData("\"pro\"", true, false, true, false)]
    [InlineData("\"free\"", false, true, false, true)]
    [InlineData("null", false, true, true, false)]
    [InlineData("5", false, true, true, false)]
    [InlineData("true", false, true, true, false)]
    [InlineData("{\"pro\":\"pro\"}", false, true, true, false)]
    [InlineData("1e999", false, true, true, false)]
    [InlineData("[\"x\",\"pro\"]", true, false, true, false)]
    [InlineData("[\"x\",\"y\"]", false, true, false, true)]
    [InlineData("[\"x\",5,null]", false, true, false, true)]
    [InlineData("[5,null,[\"pro\"]]", false, true, true, false)]
    [InlineData("[]", false, true, false, true)]
    public void Missing_BeforeNegation_DecidesAsWritten(string value, bool plain, bool negated, bool match, bool negatedMatch)
    {
        Holds("equals", "[\"pro\"]", value).ShouldBe(plain);
        Holds("equals", "[\"pro\"]", value, ",\"negate\":true").ShouldBe(negated);
        Holds("equals", "[\"pro\"]", value, ",\"whenMissing\":\"match\"").ShouldBe(match);
        Holds("equals", "[\"pro\"]", value, ",\"negate\":true,\"whenMissing\":\"match\"").ShouldBe(negatedMatch);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(",\"negate\":true", true)]
    [InlineData(",\"whenMissing\":\"match\"", false)]
    [InlineData(",\"negate\":true,\"whenMissing\":\"match\"", true)]
    public void Exists_OfAnAbsentAttribute_IsNeverMissing(string more, bool holds) =>
        Given.Holds($$"""{"attribute":"x","operator":"exists"{{more}}}""", "{}").ShouldBe(holds);

    [Theory]
    [InlineData("company.plan", """{"company":{"plan":"pro"}}""", true)]
    [InlineData("company.plan", """{"company.plan":"pro","company":{"plan":"free"}}""", true)]
    [InlineData("company.plan", """{"company.plan":"free","company":{"plan":"pro"}}""", false)]
    [InlineData("company.plan", """{"company.plan":null,"company":{"plan":"pro"}}""", true)]
    [InlineData("company.plan", """{"company":"pro"}""", false)]
    [InlineData("company.plan", """{"company":[{"plan":"pro"}]}""", false)]
    [InlineData("a.b.c", """{"a":{"b":{"c":"pro"}}}""", true)]
    [InlineData("a..c", """{"a..c":"pro"}""", true)]
    [InlineData("targetingKey", """{"targetingKey":"pro"}""", true)]
    [InlineData("plan", """{"plan":"free","plan":"pro"}""", true)]
    [InlineData("Plan", """{"plan":"pro"}""", false)]
    public void Attribute_WithDots_IsTheLiteralNameOrElseNested(string attribute, string context, bool holds) =>
        Given.Holds($$"""{"attribute":"{{attribute}}","operator":"equals","values":["pro"]}""", context).ShouldBe(holds);

    [Fact]
    public void Attribute_AmongMany_IsFound()
    {
        var context = $"{{{string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"a{i}\":{i}"))}}}";
        for (var i = 0; i < 100; i++)
            Given.Holds($$"""{"attribute":"a{{i}}","operator":"equals","values":[{{i}}]}""", context).ShouldBeTrue();
        Given.Holds("""{"attribute":"a100","operator":"exists"}""", context).ShouldBeFalse();
    }

    [Fact]
    public void Conditions_OfARule_AllHaveToHold()
    {
        var two = """{"attribute":"a","operator":"exists"},{"attribute":"b","operator":"exists"}""";
        Given.Holds(two, """{"a":1,"b":1}""").ShouldBeTrue();
        Given.Holds(two, """{"a":1}""").ShouldBeFalse();
    }

    private static bool Holds(string comparison, string values, string value, string more = "") =>
        Given.Holds($$"""{"attribute":"x","operator":"{{comparison}}","values":{{values}}{{more}}}""", $$"""{"x":{{value}}}""");
}
