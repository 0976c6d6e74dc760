using System.Globalization;

namespace Halyard.Evaluation;

/// <summary>A CIDR block (RFC 4632, RFC 4291 section 2.3). Bits beyond the prefix are ignored; an address alone is a block of one.</summary>
internal readonly record struct NetworkBlock(NetworkAddress Network, int Prefix)
{
    public static bool TryParse(ReadOnlySpan<char> text, out NetworkBlock block)
    {
        block = default;
        var slash = text.IndexOf('/');
        if (!NetworkAddress.TryParse(slash < 0 ? text : text[..slash], out var network))
            return false;
        var prefix = network.Width;
        if (slash >= 0)
        {
            var digits = text[(slash + 1)..];
            if (digits.Length is < 1 or > 3 || (digits.Length > 1 && digits[0] == '0'))
                return false;
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out prefix))
                return false;
            // A mapped block is written with IPv6's prefix and becomes an IPv4 block.
            if (!network.IsV6 && text[..slash].Contains(':'))
                prefix -= NetworkAddress.MappedPrefix;
            if (prefix < 0 || prefix > network.Width)
                return false;
        }
        block = new NetworkBlock(network, prefix);
        return true;
    }

    public bool Contains(NetworkAddress address) =>
        address.IsV6 == Network.IsV6
        && (Prefix == 0 || (address.Bits ^ Network.Bits) >> (Network.Width - Prefix) == UInt128.Zero);
}

/// <summary>An address inside one of the blocks.</summary>
internal readonly struct CidrMatcher(NetworkBlock[] blocks) : IMatcher
{
    public Verdict Match(in AttributeValue value)
    {
        if (value.Kind != AttributeKind.String || !NetworkAddress.TryParse(value.Text, out var address))
            return Verdict.WrongType;
        foreach (ref readonly var block in blocks.AsSpan())
        {
            if (block.Contains(address))
                return Verdict.Yes;
        }
        return Verdict.No;
    }
}
