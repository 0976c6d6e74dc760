using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Halyard.Ledger.Tests.Canonical;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("0e99999999999999999999", "0")]
    [InlineData("-0E-5", "0")]
    [InlineData("1e23", "1e+23")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("1.50e1", "15")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("9007199254740992", "9007199254740992")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    [InlineData("1.00000000000000000000000000000000000000000000", "1")]
    [InlineData("1000000000000000000000000000000000000e-36", "1")]
    [InlineData("333333333.33333329", "333333333.3333333")]
    [InlineData("-123456.789", "-123456.789")]
    public void Number_ThatADoubleHolds_IsWrittenAsEcmaScriptDoes(string number, string canonical) =>
        Canonical(number).ShouldBe(canonical);

    [Theory]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740993.0")]
    [InlineData("-9007199254740993")]
    [InlineData("12345678901234567890")]
    [InlineData("9223372036854775807")]
    [InlineData("0.10000000000000000000000001")]
    [InlineData("1.000000000000000005")]
    [InlineData("1e309")]
    [InlineData("-1e309")]
    [InlineData("1e99999999999999999999")]
    [InlineData("1e-400")]
    [InlineData("1e-99999999999999999999")]
    [InlineData("1.23456789e-320")]
    [InlineData("1.2345678901234567e-320")]
    public void Number_ThatADoubleCannotHold_IsRefusedWithItsPlace(string number)
    {
        var problem = Problem($"{{\"a\":[true,{number}]}}");

        problem.Pointer.ShouldBe("/a/1");
        problem.Offset.ShouldBe(11);
        problem.Message.ShouldContain("double");
    }

    [Theory]
    [InlineData("\"\\ud834\\udd1e\"", "\"\U0001d11e\"")]
    [InlineData("\"\\u0008\\u0009\\u000A\\u000c\\u000d\\u001F\\u007f\"", "\"\\b\\t\\n\\f\\r\\u001f\u007f\"")]
    [InlineData("\"\\/\\\"\\\\\"", "\"/\\\"\\\\\"")]
    [InlineData("\"\\u0000\"", "\"\\u0000\"")]
    [InlineData("\"\u2028\uffff\"", "\"\u2028\uffff\"")]
    [InlineData(" [ ] ", "[]")]
    [InlineData("\t{\r\n}\n", "{}")]
    public void Text_IsWrittenInItsOneForm(string json, string canonical) => Canonical(json).ShouldBe(canonical);

    [Fact]
    public void Members_AreOrderedByUtf16CodeUnits()
    {
        // In UTF-8 U+1F600 sorts after U+FB33 and U+E000; its surrogates sort before them.
        Canonical("{\"\ufb33\":1,\"\U0001f600\":2,\"\ue000\":3,\"\u20ac\":4,\"\ud7ff\":5}")
            .ShouldBe("{\"\u20ac\":4,\"\ud7ff\":5,\"\U0001f600\":2,\"\ue000\":3,\"\ufb33\":1}");
    }

    [Fact]
    public void Members_WithEscapes_AreOrderedByWhatTheyMean()
    {
        // As written, '\\' (5C) would sort after 'A' (41); the name is a line feed (0A), which sorts first.
        Canonical("""{"A":1,"\n":2,"\"":3,"!":4,"\\":5,"]":6,"\u0001":7,"":8}""")
            .ShouldBe("""{"":8,"\u0001":7,"\n":2,"!":4,"\"":3,"A":1,"\\":5,"]":6}""");
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "/a", 7)]
    [InlineData("""{"a":1,"\u0061":2}""", "/a", 7)]
    [InlineData("""{"b":1,"a":2,"b":3}""", "/b", 13)]
    [InlineData("""[{"x":{"~/":1,"c":2,"~\/":3}}]""", "/0/x/~0~1", 20)]
    [InlineData("""{"\n":1,"\u000a":1}""", "/\n", 8)]
    public void DuplicateMember_IsRefusedWhereItIsRepeated(string json, string pointer, int offset)
    {
        var problem = Problem(json);

        problem.Pointer.ShouldBe(pointer);
        problem.Offset.ShouldBe(offset);
        problem.Message.ShouldContain("once");
    }

    [Theory]
    [InlineData("\"\\ud834\"")]
    [InlineData("\"\\udd1e\"")]
    [InlineData("\"\\ud834x\"")]
    [InlineData("\"\\ud834\\u0041\"")]
    [InlineData("\"\\udd1e\\ud834\"")]
    [InlineData("{\"\\ud834\":1}")]
    public void LoneSurrogate_IsRefused(string json) => Problem(json).Message.ShouldContain("surrogate");

    [Theory]
    [InlineData("22C328" + "22")]
    [InlineData("22EDA080" + "22")]
    [InlineData("22C080" + "22")]
    [InlineData("22F4908080" + "22")]
    [InlineData("22E282")]
    [InlineData("22FF" + "22")]
    public void InvalidUtf8_IsRefused(string hex)
    {
        CanonicalJson.TryCanonicalize(Convert.FromHexString(hex), out var canonical, out var problem).ShouldBeFalse();
        canonical.ShouldBeEmpty();
        problem.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("\uFEFF{}", "byte order mark")]
    [InlineData("{} x", "nothing may follow")]
    [InlineData("", "end of the text")]
    [InlineData("[1,]", "']'")]
    [InlineData("{\"a\":1,}", "member name")]
    [InlineData("{\"a\" 1}", "':'")]
    [InlineData("[1 2]", "','")]
    [InlineData("01", "start with 0")]
    [InlineData("-", "digit")]
    [InlineData("1.", "point")]
    [InlineData("1e+", "exponent")]
    [InlineData("\"\\x\"", "escape")]
    [InlineData("\"\\u12g4\"", "hexadecimal")]
    [InlineData("\"a", "not closed")]
    [InlineData("\"\\", "escape")]
    [InlineData("\"\u0001\"", "control character")]
    [InlineData("nul", "'n'")]
    [InlineData("/**/1", "'/'")]
    public void NotJson_IsRefusedInWords(string text, string words) => Problem(text).Message.ShouldContain(words);

    [Theory]
    [InlineData("""{"a":[[1,{}] 2]}""", "/a")]
    [InlineData("""{"a":{"b":{}} 2}""", "")]
    [InlineData("""{"a":{"b":[1],"c" 2}}""", "/a/c")]
    [InlineData("""[[],{"a":[]},x]""", "/2")]
    [InlineData("""{"":[{"~/":nil}]}""", "//0/~0~1")]
    public void Problem_PointsAtTheInnermostValueThatIsOpen(string json, string pointer) =>
        Problem(json).Pointer.ShouldBe(pointer);

    [Fact]
    public void Nesting_IsAcceptedUpToTheLimitAndNotBeyond()
    {
        var deepest = new string('[', CanonicalJson.MaxDepth) + new string(']', CanonicalJson.MaxDepth);

        Canonical(deepest).ShouldBe(deepest);
        Problem($"[{deepest}]").Message.ShouldContain("64");
        Problem(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))).Message.ShouldContain("64");
    }

    [Fact]
    public void Canonicalize_Refused_ThrowsWithWordsAndPlace() =>
        Should
            .Throw<FormatException>(() => CanonicalJson.Canonicalize("{\"a\":[1,x]}"u8))
            .Message.ShouldBe("a value is expected, found 'x' (at /a/1, byte 8)");

    [Fact]
    public void Canonicalize_Element_IsAsStrictAsText()
    {
        using var document = JsonDocument.Parse("""{"b":[1.0],"a":{"x":1,"x":2}}""");

        CanonicalJson.Canonicalize(document.RootElement.GetProperty("b")).ShouldBe("[1]"u8.ToArray());
        Should.Throw<FormatException>(() => CanonicalJson.Canonicalize(document.RootElement));
        Should.Throw<InvalidOperationException>(() => CanonicalJson.Canonicalize(default(JsonElement)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void FormatNumber_NotFinite_Throws(double value) =>
        Should.Throw<ArgumentOutOfRangeException>(() => CanonicalJson.FormatNumber(value));

    [Fact]
    public void FormatNumber_RandomBits_ReadBackAsTheSameDoubleAndText()
    {
        // Every exponent, with digests of a counter as the other bits: the same numbers on each run.
        Span<byte> counter = stackalloc byte[4];
        for (var i = 0; i < 20_000; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(counter, i);
            var value = BitConverter.ToDouble(Digest.Of(counter).ToArray());
            if (!double.IsFinite(value))
                continue;
            var text = CanonicalJson.FormatNumber(value);
            double.Parse(text, CultureInfo.InvariantCulture).ShouldBe(value);
            Canonical(text).ShouldBe(text);
        }
    }

    [Fact]
    public void Canonicalize_RandomDocument_IsAFixedPointWithTheSameMeaning() =>
        RandomJson.Check(
            RandomJson.Documents,
            json =>
            {
                var canonical = CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json));
                CanonicalJson.Canonicalize(canonical).ShouldBe(canonical);
                JsonElement.DeepEquals(JsonElement.Parse(Rounded(json)), JsonElement.Parse(canonical)).ShouldBeTrue(json);
            }
        );

    [Fact]
    public void Canonicalize_ManyMembersInReverse_AreSorted()
    {
        var names = Enumerable.Range(0, 5000).Select(i => i.ToString("D5", CultureInfo.InvariantCulture)).ToArray();
        var members = names.Select(n => $"\"{n}\":{{\"z\":0,\"{n}\":1}}").ToArray();
        var sorted = names.Select(n => $"\"{n}\":{{\"{n}\":1,\"z\":0}}");

        Canonical($"{{{string.Join(',', members.Reverse())}}}").ShouldBe($"{{{string.Join(',', sorted)}}}");
    }

    // DeepEquals compares decimal values; these are the texts that canonical form rounds or drops the sign of.
    private static string Rounded(string json) =>
        json.Replace("333333333.33333329", "333333333.3333333", StringComparison.Ordinal);

    private static string Canonical(string json) =>
        Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));

    private static JsonProblem Problem(string json)
    {
        CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json), out var canonical, out var problem).ShouldBeFalse(json);
        canonical.ShouldBeEmpty();
        return problem.ShouldNotBeNull();
    }
}
