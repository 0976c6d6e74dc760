using System.Net;
using System.Numerics;

namespace Halyard.Rego;

/// <summary>Networks in CIDR notation, of IPv4 and IPv6.</summary>
internal static class Networks
{
    /// <summary>How many addresses of a network are listed at most.</summary>
    private const int MaximumExpanded = 1 << 16;

    private static readonly RegoType[] Two = [RegoType.String, RegoType.String];
    private static readonly RegoType Cidrs = RegoType.AnyOf(RegoType.String, RegoType.Array, RegoType.Set, RegoType.Object);

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("net.cidr_contains", Two, RegoType.Boolean, (context, x) => Contains(context, x[0], x[1])),
        new("net.cidr_contains_matches", [Cidrs, Cidrs], RegoType.Set, ContainsMatches),
        new("net.cidr_intersects", Two, RegoType.Boolean, Intersects),
        new("net.cidr_expand", [RegoType.String], RegoType.SetOfType(RegoType.String), Expand),
        new(
            "net.cidr_is_valid",
            [RegoType.Any],
            RegoType.Boolean,
            (_, x) => RegoValue.Of(x[0] is RegoString text && Block.Read(text.Value) is not null)
        ),
        new(
            "net.cidr_merge",
            [RegoType.AnyOf(RegoType.ArrayOfType(RegoType.String), RegoType.SetOfType(RegoType.String))],
            RegoType.SetOfType(RegoType.String),
            Merge
        ),
    ];

    private static RegoValue? Contains(BuiltinContext context, RegoValue network, RegoValue part)
    {
        context.Spend(4);
        if (network is not RegoString outer || part is not RegoString inner)
            return context.FailType("operand 1 must be string but got " + (network is RegoString ? part : network).KindName);
        if (Block.Read(outer.Value) is not { } block)
            return context.Fail($"invalid CIDR address: {outer.Value}");
        if ((Block.ReadAddress(inner.Value) ?? Block.Read(inner.Value)) is not { } contained)
            return context.Fail($"not a valid textual representation of an IP address or CIDR: {inner.Value}");
        return RegoValue.Of(block.Bits == contained.Bits && block.First <= contained.First && contained.Last <= block.Last);
    }

    private static RegoSet? ContainsMatches(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (Listed(context, arguments[0], 1) is not { } networks || Listed(context, arguments[1], 2) is not { } parts)
            return null;
        var found = new List<RegoValue>();
        foreach (var (network, networkName) in networks)
        {
            foreach (var (part, partName) in parts)
            {
                if (Contains(context, network, part) is not { } contains)
                    return null;
                if (ReferenceEquals(contains, RegoBoolean.True))
                    found.Add(context.Give([networkName, partName]));
            }
        }
        return context.GiveSet([.. found]);
    }

    // Each network of an operand with what names it in the result: itself, its place, its tuple or its key.
    private static List<(RegoValue Network, RegoValue Name)>? Listed(BuiltinContext context, RegoValue operand, int number)
    {
        var named = operand switch
        {
            RegoString text => [(text, text)],
            RegoArray array => array.Select((item, i) => (item, (RegoValue)RegoNumber.Of(i))),
            RegoSet set => set.Select(item => (item, item)),
            RegoObject members => members.Select(member => (member.Value, member.Key)),
            _ => Enumerable.Empty<(RegoValue, RegoValue)>(),
        };
        var listed = new List<(RegoValue, RegoValue)>();
        foreach (var (item, name) in named)
        {
            context.Spend(1);
            context.Reserve(16);
            switch (item)
            {
                case RegoString:
                    listed.Add((item, name));
                    break;
                case RegoArray { Count: > 0 } tuple:
                    listed.Add((tuple[0], name));
                    break;
                default:
                    context.Fail($"operand {number}: element must be string or non-empty array");
                    return null;
            }
        }
        return listed;
    }

    private static RegoValue? Intersects(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (Block.Read(arguments.Text(0)) is not { } left)
            return context.Fail($"invalid CIDR address: {arguments.Text(0)}");
        if (Block.Read(arguments.Text(1)) is not { } right)
            return context.Fail($"invalid CIDR address: {arguments.Text(1)}");
        return RegoValue.Of(left.Bits == right.Bits && left.First <= right.Last && right.First <= left.Last);
    }

    private static RegoValue? Expand(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (Block.Read(arguments.Text(0)) is not { } block)
            return context.Fail($"invalid CIDR address: {arguments.Text(0)}");
        var count = block.Last - block.First + 1;
        if (count > MaximumExpanded)
            return context.Fail($"more than {MaximumExpanded} addresses");
        var addresses = new RegoValue[(int)count];
        for (var i = 0; i < addresses.Length; i++)
            addresses[i] = context.Give(Block.Address(block.First + i, block.Bits));
        return context.GiveSet(addresses);
    }

    private static RegoValue? Merge(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var blocks = new List<Block>();
        foreach (var item in Collections.Items(arguments[0]))
        {
            context.Spend(8);
            context.Reserve(128);
            if (item is not RegoString text)
                return context.Fail("element must be string");
            var address = Block.ReadAddress(text.Value);
            if (address is { Bits: 128 })
                return context.Fail("IPv6 invalid: needs prefix length");
            if ((address?.Classful() ?? Block.Read(text.Value)) is not { } block)
                return context.Fail($"invalid CIDR address: {text.Value}");
            blocks.Add(block);
        }
        var merged = new List<RegoValue>();
        foreach (var family in blocks.GroupBy(block => block.Bits))
        {
            foreach (var block in Joined(family.OrderBy(block => block.First).ThenBy(block => block.Last)).SelectMany(Split))
                merged.Add(context.Give(block));
        }
        return context.GiveSet([.. merged]);
    }

    // Sorted blocks with those put together that overlap or follow each other.
    private static IEnumerable<Block> Joined(IEnumerable<Block> blocks)
    {
        Block? open = null;
        foreach (var block in blocks)
        {
            if (open is { } before && block.First <= before.Last + 1)
            {
                open = before with { Last = BigInteger.Max(before.Last, block.Last) };
                continue;
            }
            if (open is { } done)
                yield return done;
            open = block;
        }
        if (open is { } last)
            yield return last;
    }

    // The fewest networks that make up a range: each time the largest that begins where the range does and fits.
    private static IEnumerable<string> Split(Block range)
    {
        for (var first = range.First; first <= range.Last; )
        {
            var free = 0;
            while (free < range.Bits && ((first >> free) & 1) == 0 && first + (BigInteger.One << (free + 1)) - 1 <= range.Last)
                free++;
            yield return $"{Block.Address(first, range.Bits)}/{range.Bits - free}";
            first += BigInteger.One << free;
        }
    }

    /// <summary>The addresses from one to another of the family with so many bits.</summary>
    private readonly record struct Block(BigInteger First, BigInteger Last, int Bits)
    {
        public static Block? Read(string cidr)
        {
            var slash = cidr.IndexOf('/', StringComparison.Ordinal);
            if (
                slash < 0
                || ReadAddress(cidr[..slash]) is not { } address
                || cidr.Length - slash - 1 is 0 or > 3
                || !int.TryParse(cidr.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out var prefix)
                || prefix > address.Bits
            )
                return null;
            return address.Within(prefix);
        }

        /// <summary>One address; of IPv4 four plain decimal numbers, of IPv6 no zone.</summary>
        public static Block? ReadAddress(string text)
        {
            // The framework also reads "10.1" and "0x0a000001".
            var isVersion4 = !text.Contains(':', StringComparison.Ordinal);
            if (
                text.Length is 0 or > 45
                || text.AsSpan().ContainsAny("%[]/")
                || isVersion4 && !IsDotted(text)
                || !IPAddress.TryParse(text, out var address)
            )
                return null;
            if (address.IsIPv4MappedToIPv6)
                address = address.MapToIPv4();
            var bytes = address.GetAddressBytes();
            var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
            return new Block(value, value, 8 * bytes.Length);
        }

        public static string Address(BigInteger value, int bits)
        {
            Span<byte> bytes = stackalloc byte[16];
            var size = bits / 8;
            bytes.Clear();
            var written = value.ToByteArray(isUnsigned: true, isBigEndian: true);
            written.CopyTo(bytes[(size - written.Length)..]);
            return new IPAddress(bytes[..size]).ToString();
        }

        /// <summary>The network of an IPv4 address by the classes of old, as Go has it for an address without a prefix.</summary>
        public Block Classful() =>
            (int)(First >> 24) switch
            {
                < 128 => Within(8),
                < 192 => Within(16),
                _ => Within(24),
            };

        private Block Within(int prefix)
        {
            var hosts = (BigInteger.One << (Bits - prefix)) - 1;
            var first = First - (First & hosts);
            return new Block(first, first + hosts, Bits);
        }

        private static bool IsDotted(string text) =>
            text.Split('.') is { Length: 4 } parts
            && parts.All(part => part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit) && (part is "0" || part[0] != '0'));
    }
}
