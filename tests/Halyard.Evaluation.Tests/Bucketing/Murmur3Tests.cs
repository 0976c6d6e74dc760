using System.Globalization;
using System.Text;
using Halyard.Testing;

namespace Halyard.Evaluation.Tests.Bucketing;

public sealed class Murmur3Tests
{
    [Theory]
    [InlineData("murmur3/murmur3-first-1000.csv", 1000)]
    [InlineData("murmur3/murmur3-custom-uuids.csv", 100)]
    public void Hash_OfThePublishedVectors_IsTheirs(string suite, int atLeast)
    {
        var count = 0;
        foreach (var line in File.ReadLines(Suites.Require(suite)).Where(line => line.Length > 0))
        {
            var columns = line.Split(',');
            var seed = uint.Parse(columns[0], CultureInfo.InvariantCulture);
            var expected = uint.Parse(columns[2], CultureInfo.InvariantCulture);
            Murmur3.Hash32(columns[1].AsSpan(), seed).ShouldBe(expected, line);
            Murmur3.Hash32(Encoding.UTF8.GetBytes(columns[1]), seed).ShouldBe(expected, line);
            (expected % 100 + 1).ShouldBe(uint.Parse(columns[3], CultureInfo.InvariantCulture), line);
            count++;
        }
        count.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    [Theory]
    [InlineData("", 0u, 0u)]
    [InlineData("", 1u, 0x514E28B7u)]
    [InlineData("test", 0x9747b28cu, 0x704b81dcu)]
    [InlineData("Hello, world!", 0x9747b28cu, 0x24884CBAu)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x9747b28cu, 0x2FA826CDu)]
    public void Hash_OfKnownTexts_IsTheReferenceImplementations(string text, uint seed, uint expected) =>
        Murmur3.Hash32(text.AsSpan(), seed).ShouldBe(expected);

    [Fact]
    public void Hash_OfTextInAnyTwoParts_IsThatOfTheWhole()
    {
        var text = string.Concat(
            Enumerable
                .Range(0, 90)
                .Select(i =>
                    i % 7 == 0 ? "😀"
                    : i % 5 == 0 ? "é"
                    : "x" + i
                )
        );
        var whole = Murmur3.Hash32(Encoding.UTF8.GetBytes(text));
        for (var cut = 0; cut <= text.Length; cut++)
        {
            if (cut < text.Length && char.IsLowSurrogate(text[cut]))
                continue;
            var state = new Murmur3State(0);
            state.AppendText(text.AsSpan(0, cut));
            state.AppendText(text.AsSpan(cut));
            state.Finish().ShouldBe(whole, $"cut at {cut}");
        }
    }

    [Fact]
    public void Hash_OfHalfASurrogatePair_IsThatOfTheReplacementCharacter() =>
        Murmur3.Hash32("a\ud800b".AsSpan()).ShouldBe(Murmur3.Hash32("a\ufffdb".AsSpan()));
}
