using System.Text;
using System.Text.Json;
using Halyard.Core.Reading;
using Halyard.Testing;

namespace Halyard.Core.Tests.Reading;

public sealed class CsvTests
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData(null, "\"\"")]
    [InlineData("a \"b\"", "\"a \"\"b\"\"\"")]
    [InlineData("two\r\nlines, and a comma", "\"two\r\nlines, and a comma\"")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(1)", "\"'@SUM(1)\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("\uFF1D1", "\"'\uFF1D1\"")]
    [InlineData("a=1", "\"a=1\"")]
    [InlineData("a\0b", "\"a\uFFFDb\"")]
    public void Cell_IsQuotedAndNeverAFormula(string? cell, string expected) =>
        new StringBuilder().AppendRow(cell, "x").ToString().ShouldBe($"{expected},\"x\"\r\n");

    [Fact]
    public void Payloads_OfOthers_ReadBackAsTheyAreOrBehindAnApostrophe()
    {
        using var suite = JsonDocument.Parse(File.ReadAllBytes(Suites.Require("csv-injection/payloads.json")));
        var dangerous = suite.RootElement.GetProperty("dangerous_leading_characters").EnumerateArray();
        var first = dangerous.Select(item => item.GetString()![0]).ToHashSet();
        foreach (var payload in suite.RootElement.GetProperty("payloads").EnumerateArray().Select(item => item.GetString()!))
        {
            var row = new StringBuilder().AppendRow("before", payload, "after").ToString();
            var cells = Read(row);
            cells.Count.ShouldBe(3, payload);
            cells[1].ShouldBe(first.Contains(payload[0]) ? $"'{payload}" : payload);
            first.ShouldNotContain(cells[1][0]);
        }
    }

    /// <summary>RFC 4180, one row.</summary>
    private static List<string> Read(string row)
    {
        var cells = new List<string>();
        var at = 0;
        while (at < row.Length)
        {
            row[at].ShouldBe('"');
            var cell = new StringBuilder();
            for (at++; row[at] != '"' || row[at + 1] == '"'; at++)
            {
                at += row[at] == '"' ? 1 : 0;
                cell.Append(row[at]);
            }
            cells.Add(cell.ToString());
            at++;
            if (row[at..] == "\r\n")
                return cells;
            row[at++].ShouldBe(',');
        }
        throw new FormatException("The row does not end.");
    }
}
