using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Halyard.Evaluation;

/// <summary>All flags of one environment, compiled. Immutable; it is replaced whole, and may be read from any thread.</summary>
public sealed class CompiledSnapshot
{
    private readonly FrozenDictionary<string, CompiledFlag> _flags;
    private readonly FrozenDictionary<string, CompiledFlag>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    internal CompiledSnapshot(string project, string environment, long ledgerIndex, IEnumerable<CompiledFlag> flags)
    {
        Project = project;
        Environment = environment;
        LedgerIndex = ledgerIndex;
        _flags = flags.ToFrozenDictionary(flag => flag.Key, StringComparer.Ordinal);
        _lookup = _flags.GetAlternateLookup<ReadOnlySpan<char>>();
        FlagKeys = [.. _flags.Keys.Order(StringComparer.Ordinal)];
        Flags = [.. FlagKeys.Select(key => _flags[key])];
        Slots = 1;
        foreach (var variant in Flags.SelectMany(flag => flag.Variants))
            variant.Slot = Slots++;
    }

    /// <summary>A snapshot without flags, of no project, before the first ledger entry.</summary>
    public static CompiledSnapshot Empty { get; } = new("", "", -1, []);

    /// <summary>The project's key.</summary>
    public string Project { get; }

    /// <summary>The environment's key.</summary>
    public string Environment { get; }

    /// <summary>The ledger entry that the snapshot includes up to; −1 before the first.</summary>
    public long LedgerIndex { get; }

    /// <summary>The flags' keys, in ordinal order.</summary>
    public IReadOnlyList<string> FlagKeys { get; }

    /// <summary>The flags, in ordinal order of their keys.</summary>
    public IReadOnlyList<CompiledFlag> Flags { get; }

    /// <summary>One more than the highest <see cref="CompiledVariant.Slot"/>.</summary>
    internal int Slots { get; }

    /// <summary>The flag with this key.</summary>
    public bool TryGetFlag(string key, [NotNullWhen(true)] out CompiledFlag? flag) => _flags.TryGetValue(key, out flag);

    /// <summary>The flag with this key.</summary>
    public bool TryGetFlag(ReadOnlySpan<char> key, [NotNullWhen(true)] out CompiledFlag? flag) =>
        _lookup.TryGetValue(key, out flag);

    /// <summary>The flag with this key in UTF-8.</summary>
    public bool TryGetFlag(ReadOnlySpan<byte> utf8Key, [NotNullWhen(true)] out CompiledFlag? flag)
    {
        Span<char> key = stackalloc char[Definitions.Limits.Identifier];
        flag = null;
        return Encoding.UTF8.TryGetChars(utf8Key, key, out var length) && _lookup.TryGetValue(key[..length], out flag);
    }
}
