using System.Collections.Frozen;
using System.Text;
using Halyard.Evaluation;

namespace Halyard.Benchmarks.Evaluating;

/// <summary>
/// The floor: what somebody writes by hand who needs only a value, without variant, reason, rule or revision. Attributes are in
/// slots found beforehand.
/// </summary>
internal abstract class FloorFlag
{
    public abstract int Serve(FloorContext context);
}

/// <summary>A user with attributes in slots.</summary>
internal sealed record FloorContext(string Key, string Plan, string Country, string Version, string Email, string Team);

internal sealed class ConstantFloor(int value) : FloorFlag
{
    public override int Serve(FloorContext context) => value;
}

internal sealed class EqualsFloor(string plan) : FloorFlag
{
    public override int Serve(FloorContext context) => context.Plan == plan ? 1 : 0;
}

/// <summary>Rules of three conditions; the last one matches.</summary>
internal sealed class RulesFloor(FloorContext[] rules) : FloorFlag
{
    public override int Serve(FloorContext context)
    {
        foreach (var rule in rules)
        {
            if (context.Country == rule.Country && context.Plan == rule.Plan && context.Team == rule.Team)
                return 1;
        }
        return 0;
    }
}

/// <summary>Equal parts by key: murmur3 over the UTF-8 of salt and key, on the stack.</summary>
internal sealed class SplitFloor(string salt, int[] values) : FloorFlag
{
    private readonly byte[] _salt = Encoding.UTF8.GetBytes(salt);

    public override int Serve(FloorContext context)
    {
        Span<byte> bytes = stackalloc byte[128];
        _salt.CopyTo(bytes);
        var length = _salt.Length + Encoding.UTF8.GetBytes(context.Key, bytes[_salt.Length..]);
        return values[(int)(((ulong)Murmur3.Hash32(bytes[..length]) * (uint)values.Length) >> 32)];
    }
}

/// <summary>Equal parts by key, each a JSON document of which the caller takes the bytes.</summary>
internal sealed class JsonFloor(string salt, byte[][] documents) : FloorFlag
{
    private readonly byte[] _salt = Encoding.UTF8.GetBytes(salt);

    public override int Serve(FloorContext context) => Json(context).Length;

    private ReadOnlyMemory<byte> Json(FloorContext context)
    {
        Span<byte> bytes = stackalloc byte[128];
        _salt.CopyTo(bytes);
        var length = _salt.Length + Encoding.UTF8.GetBytes(context.Key, bytes[_salt.Length..]);
        return documents[(int)(((ulong)Murmur3.Hash32(bytes[..length]) * (uint)documents.Length) >> 32)];
    }
}

internal sealed class MemberFloor(IEnumerable<string> members) : FloorFlag
{
    private readonly FrozenSet<string> _members = members.ToFrozenSet(StringComparer.Ordinal);

    public override int Serve(FloorContext context) => _members.Contains(context.Team) ? 1 : 0;
}
