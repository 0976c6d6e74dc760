namespace Halyard.Core.Tests;

public sealed class EntropyTests
{
    /// <summary>Draws are cut from a supply; no cut may overlap another, on whichever thread, or leave a byte as it was.</summary>
    [Fact]
    public void SystemDraws_AreNeverRepeated_OnAnyThread()
    {
        const int draws = 2_000;
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, byte>(StringComparer.Ordinal);

        Parallel.For(
            0,
            8,
            _ =>
            {
                for (var i = 0; i < draws; i++)
                    seen.TryAdd(Convert.ToHexString(Entropy.System.Bytes(12 + i % 24)), 0).ShouldBeTrue();
            }
        );

        seen.Count.ShouldBe(8 * draws);
        // Twelve bytes of one draw found in another would be a piece of the supply given twice.
        seen.Keys.Select(draw => draw[..24]).Distinct(StringComparer.Ordinal).Count().ShouldBe(8 * draws);
        seen.Keys.Select(draw => draw[^24..]).Distinct(StringComparer.Ordinal).Count().ShouldBe(8 * draws);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(5_000)]
    public void SystemDraw_OfAnyLength_FillsEveryByte(int length)
    {
        var filled = new byte[length];
        for (var draw = 0; draw < 32; draw++)
        {
            var bytes = Entropy.System.Bytes(length);
            for (var i = 0; i < length; i++)
                filled[i] |= bytes[i];
        }
        filled.ShouldAllBe(bits => bits != 0);
    }
}
