using System.Text;

namespace Halyard.Ledger.Tests.Canonical;

public sealed class PlainCanonicalTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("999999999999999")]
    [InlineData("\"\"")]
    [InlineData("""{"":1,"a":[true,false,null,{}],"ab":{"b":"x y"},"b":-20}""")]
    public void IsSeenIn_PlainCanonicalText_IsTrue(string json) => Seen(json).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData(" {}")]
    [InlineData("{} ")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1 ,2]")]
    [InlineData("""{"b":1,"a":2}""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a"}""")]
    [InlineData("""{a:1}""")]
    [InlineData("-0")]
    [InlineData("-")]
    [InlineData("01")]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("1000000000000000")]
    [InlineData("truee")]
    [InlineData("nul")]
    [InlineData("\"a\\nb\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"é\"")]
    [InlineData("\"open")]
    public void IsSeenIn_AnythingElse_IsFalse(string json) => Seen(json).ShouldBeFalse();

    [Fact]
    public void IsSeenIn_AnyText_IsTrueOnlyWhereTheWholeReaderAgrees() =>
        RandomJson.Check(
            RandomJson.Documents,
            json =>
            {
                foreach (
                    var text in (byte[][])[Encoding.UTF8.GetBytes(json), CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json))]
                )
                {
                    if (PlainCanonical.IsSeenIn(text))
                        CanonicalJson.Canonicalize(text).ShouldBe(text);
                }
            }
        );

    [Fact]
    public void IsSeenIn_AlteredText_IsTrueOnlyWhereTheWholeReaderAgrees() =>
        Fuzz.Around(
            """{"a":[1,-2,{"b":"c"}],"d":true,"e":{"f":null,"g":"h"}}"""u8.ToArray(),
            text =>
            {
                var seen = PlainCanonical.IsSeenIn(text);
                if (seen)
                    CanonicalJson.Canonicalize(text).ShouldBe(text);
                return seen;
            }
        );

    [Fact]
    public void IsSeenIn_DeepNesting_EndsWhereTheWholeReaderEnds()
    {
        for (var depth = CanonicalJson.MaxDepth - 1; depth <= CanonicalJson.MaxDepth + 1; depth++)
        {
            var json = new string('[', depth) + new string(']', depth);
            Seen(json).ShouldBe(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json), out _, out _), $"{depth}");
        }
        Seen(new string('[', 1_000_000)).ShouldBeFalse();
    }

    private static bool Seen(string json) => PlainCanonical.IsSeenIn(Encoding.UTF8.GetBytes(json));
}
