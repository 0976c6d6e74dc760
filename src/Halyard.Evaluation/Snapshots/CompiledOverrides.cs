using System.Collections.Frozen;

namespace Halyard.Evaluation;

/// <summary>One pin to a variant.</summary>
internal sealed class CompiledOverride(
    string id,
    AttributePath? path,
    AttributeValue value,
    CompiledVariant variant,
    long expiresAtTicks,
    bool emergency
)
{
    private readonly EqualsMatcher _equals = new([value], ignoreCase: false);

    public string Id { get; } = id;
    public AttributePath? Path { get; } = path;
    public AttributeValue Value { get; } = value;
    public CompiledVariant Variant { get; } = variant;
    public bool Emergency { get; } = emergency;

    public bool IsActive(long nowTicks) => nowTicks < expiresAtTicks;

    /// <summary>The attribute that it looks at.</summary>
    public string Subject => Path?.Name ?? AttributePath.TargetingKey;

    /// <summary>Whether it matches everybody of whom these facts are known, nobody, or some perhaps (<see langword="null"/>).</summary>
    public bool? Judge(EvaluationContext facts)
    {
        var known = Path is null ? facts.TargetingKey is not null : Path.Resolve(facts).Kind != AttributeKind.Missing;
        return known ? Matches(facts) : null;
    }

    public bool Matches(EvaluationContext context)
    {
        if (Path is null)
            return context.TargetingKey is { } key && key == Value.Text;
        ref readonly var attribute = ref Path.Resolve(context);
        if (attribute.Kind != AttributeKind.List)
            return _equals.Match(attribute) == Verdict.Yes;
        foreach (ref readonly var element in attribute.Elements)
        {
            if (_equals.Match(element) == Verdict.Yes)
                return true;
        }
        return false;
    }
}

/// <summary>A flag's overrides in the order they are asked: emergencies, then targeting keys, then attributes.</summary>
internal sealed class CompiledOverrides
{
    private readonly CompiledOverride[] _emergencies;
    private readonly FrozenDictionary<string, CompiledOverride[]> _byTargetingKey;
    private readonly CompiledOverride[] _byAttribute;

    public CompiledOverrides(IReadOnlyList<CompiledOverride> all)
    {
        _emergencies = [.. all.Where(pin => pin.Emergency)];
        _byAttribute = [.. all.Where(pin => !pin.Emergency && pin.Path is not null)];
        var byKey = all.Where(pin => !pin.Emergency && pin.Path is null).ToArray();
        _byTargetingKey = byKey
            .GroupBy(pin => pin.Value.Text, StringComparer.Ordinal)
            .ToFrozenDictionary(pins => pins.Key, pins => pins.ToArray(), StringComparer.Ordinal);
        InOrder = [.. _emergencies, .. byKey, .. _byAttribute];
    }

    /// <summary>All, in the order they are asked.</summary>
    public IReadOnlyList<CompiledOverride> InOrder { get; }

    /// <summary>The first active override that matches.</summary>
    public CompiledOverride? Find(EvaluationContext context, long nowTicks)
    {
        if (First(_emergencies, context, nowTicks) is { } emergency)
            return emergency;
        if (context.TargetingKey is { } key && _byTargetingKey.TryGetValue(key, out var pins))
        {
            foreach (var pin in pins)
            {
                if (pin.IsActive(nowTicks))
                    return pin;
            }
        }
        return First(_byAttribute, context, nowTicks);
    }

    private static CompiledOverride? First(CompiledOverride[] pins, EvaluationContext context, long nowTicks)
    {
        foreach (var pin in pins)
        {
            if (pin.IsActive(nowTicks) && pin.Matches(context))
                return pin;
        }
        return null;
    }
}
