using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Halyard.Rego;

/// <summary>
/// What looks like chance: drawn from the seed of the evaluation and the arguments, so that the same question gets the same answer
/// within one evaluation. Also what identifiers say.
/// </summary>
internal static class Chance
{
    // 100-nanosecond steps between 1582-10-15, where identifiers count from, and 1970-01-01.
    private const long StepsBefore1970 = 0x01B21DD213814000;

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("rand.intn", [RegoType.String, RegoType.Number], RegoType.Number, Below) { IsDeterministic = false },
        new("uuid.rfc4122", [RegoType.String], RegoType.String, NewIdentifier) { IsDeterministic = false },
        new("uuid.parse", [RegoType.Any], RegoType.Object, Parse),
    ];

    private static RegoNumber? Below(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (!context.TryInteger(arguments, 1, out var bound))
            return null;
        var drawn = new BigInteger(Draw(context, $"{arguments.Text(0)}-{bound}"), isUnsigned: true);
        // 256 bits are so many that what is left over favours no result by anything one could see.
        return bound == 0 ? RegoNumber.Of(0) : RegoNumber.Of(drawn % BigInteger.Abs(bound));
    }

    private static RegoString NewIdentifier(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var bytes = Draw(context, arguments.Text(0)).AsSpan(0, 16);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return context.Give(new Guid(bytes, bigEndian: true).ToString());
    }

    private static byte[] Draw(BuiltinContext context, string key)
    {
        var seed = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(seed, context.Seed);
        return HMACSHA256.HashData(seed, Encodings.Bytes(context, $"{context.Name}\n{key}"));
    }

    private static RegoObject? Parse(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        context.Spend(16);
        if (arguments[0] is not RegoString text || Read(text.Value) is not { } id)
            return null;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var version = bytes[6] >> 4;
        var members = new RegoObjectBuilder();
        members.Set(RegoValue.Of("version"), RegoValue.Of(version));
        members.Set(RegoValue.Of("variant"), RegoValue.Of(Variant(bytes[8])));
        if (version is 1 or 2)
        {
            var low = BinaryPrimitives.ReadUInt32BigEndian(bytes);
            var steps =
                low + ((long)(BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) | (bytes[6] & 0x0F) << 24 | bytes[7] << 16) << 32);
            members.Set(RegoValue.Of("time"), RegoNumber.Of(new BigInteger(steps - StepsBefore1970) * 100));
            members.Set(RegoValue.Of("nodeid"), RegoValue.Of(Node(bytes[10..])));
            members.Set(RegoValue.Of("macvariables"), RegoValue.Of(Address(bytes[10])));
            members.Set(RegoValue.Of("clocksequence"), RegoValue.Of((bytes[8] & 0x3F) << 8 | bytes[9]));
            if (version == 2)
            {
                members.Set(RegoValue.Of("id"), RegoValue.Of(low));
                members.Set(RegoValue.Of("domain"), RegoValue.Of(Domain(bytes[9])));
            }
        }
        return context.Give(members);
    }

    // With dashes, in braces, as a URN or as digits alone.
    private static Guid? Read(string text)
    {
        var plain = text.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase) ? text["urn:uuid:".Length..] : text;
        var form = plain.Length switch
        {
            36 => "D",
            38 when plain.Length == text.Length => "B",
            32 when plain.Length == text.Length => "N",
            _ => null,
        };
        return form is not null && Guid.TryParseExact(plain, form, out var id) ? id : null;
    }

    private static string Variant(byte bits) =>
        bits switch
        {
            < 0x80 => "Reserved",
            < 0xC0 => "RFC4122",
            < 0xE0 => "Microsoft",
            _ => "Future",
        };

    private static string Domain(byte code) =>
        code switch
        {
            0 => "Person",
            1 => "Group",
            2 => "Org",
            _ => $"Domain{code}",
        };

    private static string Address(byte first) =>
        ((first & 2) != 0 ? "local" : "global") + ((first & 1) != 0 ? ":multicast" : ":unicast");

    private static string Node(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var unit in bytes)
            text.Append(text.Length > 0 ? "-" : "").Append(unit.ToString("x2"));
        return text.ToString();
    }
}
