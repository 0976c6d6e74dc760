using FsCheck;
using FsCheck.Fluent;

namespace Halyard.Ledger.Tests;

/// <summary>Bytes from strangers: random ones, and good ones with a few bytes altered, cut, doubled or put in.</summary>
internal static class Fuzz
{
    /// <summary>Reads many such inputs; an exception fails the test.</summary>
    /// <param name="good">An input that is accepted, to start from.</param>
    /// <param name="read">The reader; true where it accepts.</param>
    /// <param name="count">How many inputs.</param>
    public static void Around(byte[] good, Func<byte[], bool> read, int count = 3_000)
    {
        read(good).ShouldBeTrue();
        var place = Gen.Choose(0, Math.Max(0, good.Length - 1));
        var alteration =
            from at in place
            from length in Gen.Choose(0, 8)
            from kind in Gen.Choose(0, 3)
            from value in Gen.Choose(0, 255)
            select (At: at, Length: length, Kind: kind, Value: (byte)value);
        var altered = alteration.ListOf().Select(all => all.Aggregate(good, Alter));
        var random = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        FsCheck.Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithReplay(20_260_302UL, 297UL).WithMaxTest(count).WithQuietOnSuccess(true),
            Prop.ForAll(
                Arb.From(Gen.Frequency((4, altered), (1, random))),
                bytes =>
                {
                    _ = read(bytes);
                    return true;
                }
            )
        );
    }

    private static byte[] Alter(byte[] bytes, (int At, int Length, int Kind, byte Value) how)
    {
        var at = Math.Min(how.At, bytes.Length);
        var end = Math.Min(at + how.Length, bytes.Length);
        return how.Kind switch
        {
            0 => [.. bytes[..at], .. Enumerable.Repeat(how.Value, end - at), .. bytes[end..]],
            1 => [.. bytes[..at], .. bytes[end..]],
            2 => [.. bytes[..end], .. bytes[at..]],
            _ => [.. bytes[..at], how.Value, .. bytes[at..]],
        };
    }
}
