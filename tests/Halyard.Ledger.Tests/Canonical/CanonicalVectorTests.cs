using System.Globalization;
using System.Text;
using Halyard.Testing;

namespace Halyard.Ledger.Tests.Canonical;

public sealed class CanonicalVectorTests
{
    [Theory]
    [InlineData("arrays")]
    [InlineData("french")]
    [InlineData("structures")]
    [InlineData("unicode")]
    [InlineData("values")]
    [InlineData("weird")]
    public void Canonicalize_PublishedInput_GivesPublishedBytes(string name)
    {
        var input = File.ReadAllBytes(Suites.Require($"jcs/testdata/input/{name}.json"));
        var output = File.ReadAllBytes(Suites.Require($"jcs/testdata/output/{name}.json"));
        var hex = File.ReadAllText(Suites.Require($"jcs/testdata/outhex/{name}.txt"));

        var canonical = CanonicalJson.Canonicalize(input);

        Encoding.UTF8.GetString(canonical).ShouldBe(Encoding.UTF8.GetString(output));
        canonical.ShouldBe(Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit))));
        CanonicalJson.Canonicalize(canonical).ShouldBe(canonical);
    }

    [Fact]
    public void FormatNumber_PublishedDoubles_GiveEcmaScriptText()
    {
        var lines = File.ReadAllLines(Suites.Require("jcs/es6-numbers-first-1000.txt"));
        lines.Length.ShouldBe(1000);
        foreach (var parts in lines.Select(line => line.Split(',')))
        {
            var bits = ulong.Parse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            CanonicalJson.FormatNumber(BitConverter.UInt64BitsToDouble(bits)).ShouldBe(parts[1], parts[0]);
            Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(parts[1]))).ShouldBe(parts[1]);
        }
    }
}
