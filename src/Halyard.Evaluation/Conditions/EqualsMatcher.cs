using System.Collections.Frozen;

namespace Halyard.Evaluation;

/// <summary>Equality with one of some strings: a few are compared in a row, many are looked up.</summary>
internal sealed class StringChoice
{
    private const int Few = 4;

    private readonly string[] _compared;
    private readonly FrozenSet<string>? _lookedUp;
    private readonly StringComparison _comparison;

    public StringChoice(string[] values, bool ignoreCase)
    {
        _compared = values;
        _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (values.Length <= Few)
            return;
        // A frozen set may hash half a surrogate pair, which has no case, and then misses the other case of the whole.
        _compared = ignoreCase ? [.. values.Where(value => value.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))] : [];
        _lookedUp = values
            .Except(_compared, StringComparer.Ordinal)
            .ToFrozenSet(ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    }

    public bool Contains(string text)
    {
        if (_lookedUp?.Contains(text) == true)
            return true;
        if (_comparison == StringComparison.Ordinal)
            return ContainsOrdinal(text);
        foreach (var value in _compared)
        {
            if (string.Equals(value, text, _comparison))
                return true;
        }
        return false;
    }

    // By itself, as nearly every condition is one: a comparison by kind costs more than comparing.
    private bool ContainsOrdinal(string text)
    {
        foreach (var value in _compared)
        {
            if (value == text)
                return true;
        }
        return false;
    }
}

/// <summary>Equals the one string that it knows.</summary>
internal readonly struct TextEqualsMatcher(string text) : IMatcher
{
    public Verdict Match(in AttributeValue value)
    {
        if (value.Kind != AttributeKind.String)
            return Verdict.WrongType;
        return value.Text == text ? Verdict.Yes : Verdict.No;
    }
}

/// <summary>Equals one of several strings, numbers or booleans. Only types among the values are known: <c>"5"</c> is not <c>5</c>.</summary>
internal readonly struct EqualsMatcher : IMatcher
{
    private const int Few = 8;

    private readonly StringChoice? _strings;
    private readonly double[] _numbers;
    private readonly FrozenSet<double>? _numberSet;
    private readonly bool _true;
    private readonly bool _false;

    public EqualsMatcher(ReadOnlySpan<AttributeValue> values, bool ignoreCase)
    {
        var strings = new List<string>();
        var numbers = new List<double>();
        foreach (ref readonly var value in values)
        {
            switch (value.Kind)
            {
                case AttributeKind.String:
                    strings.Add(value.Text);
                    break;
                case AttributeKind.Number:
                    numbers.Add(value.Number);
                    break;
                case AttributeKind.Boolean:
                    _true |= value.Truth;
                    _false |= !value.Truth;
                    break;
            }
        }
        _strings = strings.Count == 0 ? null : new StringChoice([.. strings], ignoreCase);
        _numbers = [.. numbers];
        _numberSet = numbers.Count > Few ? numbers.ToFrozenSet() : null;
    }

    public Verdict Match(in AttributeValue value) =>
        value.Kind switch
        {
            AttributeKind.String when _strings is not null => Say(_strings.Contains(value.Text)),
            AttributeKind.Number when _numberSet is not null => Say(_numberSet.Contains(value.Number)),
            AttributeKind.Number when _numbers.Length > 0 => Say(_numbers.AsSpan().Contains(value.Number)),
            AttributeKind.Boolean when _true || _false => Say(value.Truth ? _true : _false),
            _ => Verdict.WrongType,
        };

    private static Verdict Say(bool matches) => matches ? Verdict.Yes : Verdict.No;
}
