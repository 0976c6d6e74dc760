using System.Buffers;
using System.Text;
using System.Text.Json;
using CsvHelper;
using FsCheck.Fluent;
using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Testing;

namespace Halyard.Core.Tests.Reading;

/// <summary>CSV is read by programs and opened by people: neither may get something else than what was said, or run it.</summary>
public sealed class CsvTests
{
    private const string Dangerous = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    public static TheoryData<string> Triggers => [.. Dangerous.Select(letter => letter.ToString())];

    [Theory]
    [MemberData(nameof(Triggers))]
    public void Field_ThatBeginsWithATrigger_IsGuarded(string trigger) => Csv.Safe(trigger + "1+1").ShouldBe($"'{trigger}1+1");

    [Theory]
    [InlineData("  =1+1")]
    [InlineData("\u00A0=1+1")]
    [InlineData("\u200B=1+1")]
    [InlineData("\uFEFF=1+1")]
    [InlineData("\"=1+1\"")]
    [InlineData("\u201C=1+1")]
    [InlineData("'=1+1")]
    [InlineData(" \"\t-1")]
    public void Field_WithATriggerBehindBlanksOrQuotes_IsGuarded(string field) => Csv.Safe(field).ShouldBe("'" + field);

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("1+1=2")]
    [InlineData("a=b")]
    [InlineData("“quoted”")]
    [InlineData("Zürich · 東京 · 🏳️‍🌈")]
    [InlineData("two\r\nlines\tand a tab")]
    public void Field_WithoutDanger_StaysAsItIs(string field) => Csv.Safe(field).ShouldBe(field);

    [Fact]
    public void Field_WithControlCharacters_ShowsThem() =>
        Csv.Safe("a\0b\u001bc\u007fd\u0085e\ud800f").ShouldBe("a␀b␛c␡d\uFFFDe\uFFFDf");

    [Fact]
    public void EveryPayloadOfTheSuite_BeginsWithNothingThatIsRun()
    {
        using var suite = JsonDocument.Parse(File.ReadAllBytes(Suites.Require("csv-injection/payloads.json")));
        var payloads = suite.RootElement.GetProperty("payloads").EnumerateArray().Select(item => item.GetString()!).ToList();
        payloads.Count.ShouldBeGreaterThan(20);

        var rows = Rfc4180.Read(Written(payloads.Select(payload => new[] { "before", payload, "after" })));

        rows.Count.ShouldBe(payloads.Count);
        foreach (var (row, payload) in rows.Zip(payloads))
        {
            row.Count.ShouldBe(3);
            row[1].TrimStart('\'').ShouldBe(payload.TrimStart('\''));
            Dangerous.ShouldNotContain(row[1][0], payload);
        }
    }

    [Fact]
    public void Rows_OfAnyText_ReadTheSameInTwoParsers()
    {
        // Letters that mean something to CSV, to a spreadsheet or to UTF-8, and a few that do not.
        var letter = Gen.Elements("\",;\r\n\t'=+-@ \0\u001b\uFF1D\u200Bab1€\ud83d\ude00\ud800".ToCharArray());
        var field = Gen.ArrayOf(letter).Select(letters => new string(letters));
        var rows = Gen.NonEmptyListOf(Gen.ArrayOf(field, 3)).Select(list => list.ToList());

        Property.Holds(
            rows,
            written =>
            {
                var text = Written(written);
                var read = Rfc4180.Read(text);
                var expected = written.Select(row => row.Select(Csv.Safe));
                read.ShouldBe(expected);
                ReadByCsvHelper(text).ShouldBe(expected);
                read.SelectMany(row => row).Where(cell => cell.Length > 0).ShouldAllBe(cell => !Dangerous.Contains(cell[0]));
            }
        );
    }

    [Fact]
    public void Field_OfAMegabyte_IsWhole()
    {
        var large = "\"" + new string('x', 1024 * 1024) + "\r\n=1";

        Rfc4180
            .Read(
                Written([
                    [large, "next"],
                ])
            )
            .ShouldHaveSingleItem()
            .ShouldBe([large, "next"]);
        ReadByCsvHelper(
                Written([
                    [large, "next"],
                ])
            )
            .ShouldHaveSingleItem()
            .ShouldBe([large, "next"]);
    }

    private static string Written(IEnumerable<string[]> rows)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var row in rows)
            Csv.WriteRow(output, row);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static List<string[]> ReadByCsvHelper(string text)
    {
        using var reader = CsvReader.FromText(text, new CsvReaderOptions { HasHeader = false, SkipEmptyLines = false });
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }
}
