using System.Text;
using System.Text.Json;

namespace Halyard.Ledger.Tests.Canonical;

public sealed class CanonicalWriterTests
{
    private const int Deepest = CanonicalJson.MaxDepth;

    [Fact]
    public void AnyDocument_WrittenInOrder_IsWhatTheTransformMakesOfIt() =>
        RandomJson.Check(
            RandomJson.Documents,
            text =>
            {
                var canonical = CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(text));
                using var document = JsonDocument.Parse(canonical);
                // A small buffer, so that it grows in every place.
                var writer = new CanonicalWriter(1);

                Write(writer, document.RootElement);

                writer.ToArray().ShouldBe(canonical);
            },
            runs: 5_000
        );

    [Fact]
    public void Digest_IsWrittenAsItsText_AndNoneAsNull()
    {
        var digest = Digest.Of("some"u8);
        // A small buffer, so that it grows in the middle.
        var written = new CanonicalWriter(1).StartArray().String(digest).String((Digest?)null).EndArray().ToArray();
        Encoding.UTF8.GetString(written).ShouldBe($"[\"{digest}\",null]");
    }

    [Fact]
    public void Members_InAnyOtherOrderThanTheCanonical_AreABug()
    {
        string[] ordered = ["", "\0", "\u001f", " ", "\"", "\\", "a", "a\u0001", "a\"", "ab", "é", "€", "😀", "\ue000", "\uffff"];
        for (var first = 0; first < ordered.Length; first++)
        {
            for (var second = 0; second < ordered.Length; second++)
            {
                var writer = new CanonicalWriter().StartObject().Name(ordered[first]).Null();
                if (first < second)
                    writer.Name(ordered[second]).Null().EndObject().ToArray().ShouldNotBeEmpty();
                else
                    Should
                        .Throw<InvalidOperationException>(() => writer.Name(ordered[second]))
                        .Message.ShouldContain("out of the canonical order");
            }
        }
    }

    [Fact]
    public void Writer_ClearedInTheMiddleOfAValue_WritesTheNextAsANewOneWould()
    {
        var writer = new CanonicalWriter().StartObject().Name("b").StartArray().Number(1);

        Encoding.UTF8.GetString(writer.Clear().StartObject().Name("a").Null().EndObject().ToArray()).ShouldBe("""{"a":null}""");
        Should.Throw<InvalidOperationException>(() => writer.Clear().ToArray());
    }

    [Fact]
    public void Order_IsCheckedInEachObjectForItself()
    {
        var writer = new CanonicalWriter().StartObject().Name("b").StartObject().Name("a").Null().EndObject();

        Should.Throw<InvalidOperationException>(() => writer.Name("a"));
        Text(w => w.StartArray().StartObject().Name("b").Null().EndObject().StartObject().Name("a").Null().EndObject().EndArray())
            .ShouldBe("""[{"b":null},{"a":null}]""");
    }

    [Fact]
    public void BrokenNesting_IsABug()
    {
        Action<CanonicalWriter>[] wrong =
        [
            writer => writer.ToArray(),
            writer => writer.StartArray().ToArray(),
            writer => writer.EndObject(),
            writer => writer.EndArray(),
            writer => writer.StartArray().EndObject(),
            writer => writer.StartObject().EndArray(),
            writer => writer.Name("a"),
            writer => writer.StartArray().Name("a"),
            writer => writer.StartObject().Null(),
            writer => writer.StartObject().StartObject(),
            writer => writer.StartObject().Name("a").Name("b"),
            writer => writer.StartObject().Name("a").EndObject(),
            writer => writer.StartObject().Name("a").Null().Null(),
            writer => writer.Null().Null(),
            writer => writer.StartArray().EndArray().StartArray(),
        ];
        foreach (var write in wrong)
            Should.Throw<InvalidOperationException>(() => write(new CanonicalWriter()));
    }

    [Fact]
    public void Nesting_IsAcceptedAsDeepAsTheReaderAcceptsIt()
    {
        var writer = new CanonicalWriter();
        for (var depth = 0; depth < Deepest; depth++)
            writer.StartArray();
        Should.Throw<InvalidOperationException>(() => writer.StartArray());
        for (var depth = 0; depth < Deepest; depth++)
            writer.EndArray();
        CanonicalJson.Canonicalize(writer.Written).ShouldBe(writer.ToArray());
    }

    [Theory]
    [InlineData("\ud83d\ude00", "\"\ud83d\ude00\"")]
    [InlineData("/<>&'+\u007f\u2028\ufeff", "\"/<>&'+\u007f\u2028\ufeff\"")]
    [InlineData("\b\t\n\f\r\"\\\0\u001f", """ "\b\t\n\f\r\"\\\u0000\u001f" """)]
    public void String_IsEscapedWhereItMustBeAndNowhereElse(string value, string expected)
    {
        Text(writer => writer.String(value)).ShouldBe(expected.Trim(' '));
        Encoding.UTF8.GetString(CanonicalJson.FormatString(value)).ShouldBe(expected.Trim(' '));
    }

    // Not as attributes, which hold their texts in UTF-8.
    [Fact]
    public void HalfASurrogatePair_BecomesTheReplacementCharacter()
    {
        Text(writer => writer.String("\ud800")).ShouldBe("\"\ufffd\"");
        Text(writer => writer.String("a\udfffb")).ShouldBe("\"a\ufffdb\"");
        Text(writer => writer.String("\ud800\n\udc00")).ShouldBe("\"\ufffd\\n\ufffd\"");
    }

    [Fact]
    public void Number_IsAnIntegerThatADoubleHolds_OrADouble()
    {
        Text(writer => writer.Number(9_007_199_254_740_991)).ShouldBe("9007199254740991");
        Text(writer => writer.Number(-9_007_199_254_740_991)).ShouldBe("-9007199254740991");
        Text(writer => writer.Number(-0.0)).ShouldBe("0");
        Text(writer => writer.Number(1e23)).ShouldBe("1e+23");
        Should.Throw<ArgumentOutOfRangeException>(() => new CanonicalWriter().Number(9_007_199_254_740_992));
        Should.Throw<ArgumentOutOfRangeException>(() => new CanonicalWriter().Number(long.MinValue));
        Should.Throw<ArgumentOutOfRangeException>(() => new CanonicalWriter().Number(double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => new CanonicalWriter().Number(double.PositiveInfinity));
    }

    [Fact]
    public void Value_TakenBack_LeavesItsPlaceToAnother()
    {
        var writer = new CanonicalWriter().StartObject().Name("a").Null().Name("b");
        var place = writer.Here();
        writer.StartArray().StartObject().Name("deep").String("x").EndObject().EndArray();
        Encoding.UTF8.GetString(writer.Since(place)).ShouldBe("""[{"deep":"x"}]""");

        writer.Rewind(place);

        writer.Number(1).Name("c").Boolean(true).EndObject();
        Encoding.UTF8.GetString(writer.ToArray()).ShouldBe("""{"a":null,"b":1,"c":true}""");
    }

    private static string Text(Func<CanonicalWriter, CanonicalWriter> write) =>
        Encoding.UTF8.GetString(write(new CanonicalWriter()).ToArray());

    private static void Write(CanonicalWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.StartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.Name(member.Name);
                    Write(writer, member.Value);
                }
                writer.EndObject();
                break;
            case JsonValueKind.Array:
                writer.StartArray();
                foreach (var item in element.EnumerateArray())
                    Write(writer, item);
                writer.EndArray();
                break;
            case JsonValueKind.String:
                writer.String(element.GetString());
                break;
            case JsonValueKind.Number when element.TryGetInt64(out var integer) && Math.Abs(integer) < 1L << 53:
                writer.Number(integer);
                break;
            case JsonValueKind.Number:
                writer.Number(element.GetDouble());
                break;
            case JsonValueKind.Null:
                writer.Null();
                break;
            default:
                writer.Boolean(element.GetBoolean());
                break;
        }
    }
}
