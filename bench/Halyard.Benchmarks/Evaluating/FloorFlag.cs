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
internal sealed record FloorContext(string Key, string[] Slots)
{
    public const int Plan = 0;
    public const int Country = 1;
    public const int Team = 4;
}

internal sealed class ConstantFloor(int value) : FloorFlag
{
    public override int Serve(FloorContext context) => value;
}

/// <summary>One of the kinds of condition that a flag may have.</summary>
internal abstract class FloorCondition
{
    public abstract bool Holds(FloorContext context);
}

internal sealed class EqualsFloor(int slot, string value) : FloorCondition
{
    public override bool Holds(FloorContext context) => context.Slots[slot] == value;
}

internal sealed class MemberFloor(int slot, IEnumerable<string> members) : FloorCondition
{
    private readonly FrozenSet<string> _members = members.ToFrozenSet(StringComparer.Ordinal);

    public override bool Holds(FloorContext context) => _members.Contains(context.Slots[slot]);
}

/// <summary>Rules of conditions; whoever meets all of one rule's is served.</summary>
internal sealed class RulesFloor(params FloorCondition[][] rules) : FloorFlag
{
    public override int Serve(FloorContext context)
    {
        foreach (var rule in rules)
        {
            if (AllHold(rule, context))
                return 1;
        }
        return 0;
    }

    private static bool AllHold(FloorCondition[] conditions, FloorContext context)
    {
        foreach (var condition in conditions)
        {
            if (!condition.Holds(context))
                return false;
        }
        return true;
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
