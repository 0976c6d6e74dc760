using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Halyard.Evaluation.Tests.Naive;

/// <summary>Versions, times and addresses, read with what the platform and a pattern give.</summary>
internal static partial class NaiveTexts
{
    private static readonly BigInteger UnixEpochTicks = DateTime.UnixEpoch.Ticks;

    public sealed record Version(BigInteger[] Core, string[] Pre);

    /// <summary>Semantic Versioning 2.0.0; a leading v and missing parts are forgiven, build metadata says nothing.</summary>
    public static Version? ReadVersion(string text)
    {
        var match = VersionPattern().Match(text);
        if (!match.Success)
            return null;
        BigInteger Part(string name) =>
            match.Groups[name].Success ? BigInteger.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        return new(
            [Part("major"), Part("minor"), Part("patch")],
            match.Groups["pre"].Success ? match.Groups["pre"].Value.Split('.') : []
        );
    }

    public static int Compare(Version left, Version right)
    {
        for (var i = 0; i < 3; i++)
        {
            if (left.Core[i] != right.Core[i])
                return left.Core[i].CompareTo(right.Core[i]);
        }
        if (left.Pre.Length == 0 || right.Pre.Length == 0)
            return right.Pre.Length.CompareTo(left.Pre.Length);
        foreach (var (one, two) in left.Pre.Zip(right.Pre))
        {
            var (isOne, isTwo) = (one.All(char.IsAsciiDigit), two.All(char.IsAsciiDigit));
            var order =
                isOne && isTwo
                    ? BigInteger
                        .Parse(one, CultureInfo.InvariantCulture)
                        .CompareTo(BigInteger.Parse(two, CultureInfo.InvariantCulture))
                : isOne != isTwo ? isTwo.CompareTo(isOne)
                : string.CompareOrdinal(one, two);
            if (order != 0)
                return order;
        }
        return left.Pre.Length.CompareTo(right.Pre.Length);
    }

    /// <summary>Ticks since the year 1 of an RFC 3339 text, or of milliseconds within 8.64e15 of 1970; null for anything else.</summary>
    public static BigInteger? ReadTime(object? value) =>
        value switch
        {
            double number when Math.Abs(number) <= 8.64e15 => UnixEpochTicks + Milliseconds(number),
            string text => ReadRfc3339(text) is { } ticks && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? ticks : null,
            _ => null,
        };

    /// <summary>An address as 128 bits, IPv4 in the mapped block <c>::ffff:0:0/96</c>; null where it is none.</summary>
    public static BigInteger? ReadAddress(string text)
    {
        if (!Ipv4Pattern().IsMatch(text) && !Ipv6Pattern().IsMatch(text))
            return null;
        if (text.Contains('.', StringComparison.Ordinal) && !Ipv4Pattern().IsMatch(text[(text.LastIndexOf(':') + 1)..]))
            return null;
        return IPAddress.TryParse(text, out var address)
            ? new BigInteger(address.MapToIPv6().GetAddressBytes(), isUnsigned: true, isBigEndian: true)
            : null;
    }

    /// <summary>Whether the address lies in the block of its own family, an address alone being a block of one.</summary>
    public static bool IsInside(string block, BigInteger address)
    {
        var parts = block.Split('/');
        var network = ReadAddress(parts[0])!.Value;
        var width = parts[0].Contains(':', StringComparison.Ordinal) ? 128 : 32;
        var prefix = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : width;
        var free = width - prefix;
        return IsV4(network) == IsV4(address) && network >> free == address >> free;
    }

    private static bool IsV4(BigInteger address) => address >> 32 == 0xffff;

    // Whole milliseconds and what remains of them: a double times 10,000 would round.
    private static BigInteger Milliseconds(double number)
    {
        var whole = Math.Floor(number);
        return new BigInteger(whole) * 10_000 + new BigInteger((number - whole) * 10_000);
    }

    private static BigInteger? ReadRfc3339(string text)
    {
        var match = TimePattern().Match(text);
        if (!match.Success)
            return null;
        int Part(string name) =>
            match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var (hour, minute, second) = (Part("hour"), Part("minute"), Part("second"));
        if (hour > 23 || minute > 59 || second > 60 || Part("zoneHour") > 23 || Part("zoneMinute") > 59)
            return null;
        if (
            !DateTime.TryParseExact(
                match.Groups["date"].Value,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date
            )
        )
            return null;

        var zone = (Part("zoneHour") * 60 + Part("zoneMinute")) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        var seconds = new BigInteger(date.Ticks / TimeSpan.TicksPerSecond) + ((hour * 60) + minute - zone) * 60 + second;
        if (second == 60 && seconds % 86_400 != 0)
            return null;
        var fraction = (match.Groups["fraction"].Value + "0000000")[..7];
        return seconds * TimeSpan.TicksPerSecond + int.Parse(fraction, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"^[vV]?(?<major>0|[1-9][0-9]*)(\.(?<minor>0|[1-9][0-9]*)(\.(?<patch>0|[1-9][0-9]*)(-(?<pre>(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?)?)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex VersionPattern();

    [GeneratedRegex(
        @"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(\.(?<fraction>[0-9]+))?([Zz]|(?<sign>[+-])(?<zoneHour>[0-9]{2}):(?<zoneMinute>[0-9]{2}))\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.|\z)){4}\z(?<!\.)", RegexOptions.ExplicitCapture)]
    private static partial Regex Ipv4Pattern();

    [GeneratedRegex(@"^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Ipv6Pattern();
}
