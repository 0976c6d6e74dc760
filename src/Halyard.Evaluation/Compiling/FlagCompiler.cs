using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Compiles one flag in one environment, all but its prerequisites, which need the other flags.</summary>
internal sealed class FlagCompiler
{
    private readonly FlagDefinition _definition;
    private readonly FlagEnvironment _environment;
    private readonly ISegmentSource _segments;
    private readonly List<CompiledVariant> _variants;
    private readonly RolloutCompiler _rollouts;

    private FlagCompiler(FlagDefinition definition, FlagEnvironment environment, ISegmentSource segments, Report report)
    {
        (_definition, _environment, _segments) = (definition, environment, segments);
        _variants = CheckFlag(definition, report);
        _rollouts = new RolloutCompiler(definition, Find);
    }

    /// <summary>Checks the flag itself; returns the variants that could be read.</summary>
    public static List<CompiledVariant> CheckFlag(FlagDefinition flag, Report report)
    {
        if (!JsonCursor.IsKey(flag.Key))
            report.At("key").Problem("must be letters, digits, '.', '_' or '-', beginning with a letter or digit");
        if (!Enum.IsDefined(flag.Status))
            report.At("status").Problem($"'{flag.Status}' is not a status");
        report.At("salt").CheckSalt(flag.Salt);
        if (!Enum.IsDefined(flag.Hash))
            report.At("hash").Problem($"'{flag.Hash}' is not a hash");
        if (Enum.IsDefined(flag.Type))
            return VariantCompiler.Compile(flag.Type, flag.Variants, report.At("variants"));
        report.At("type").Problem($"'{flag.Type}' is not a type");
        return [];
    }

    /// <summary>Checks one environment's configuration alone; what is wrong with the flag itself is not reported.</summary>
    public static void CheckEnvironment(
        FlagDefinition definition,
        FlagEnvironment environment,
        ISegmentSource segments,
        Report report
    )
    {
        var compiler = new FlagCompiler(definition, environment, segments, new Report([], ""));
        compiler.Fill(new CompiledFlag(definition.Key, definition.Type, 0) { Variants = compiler._variants }, report);
    }

    /// <summary>Compiles the flag; whether it is usable depends on the problems reported.</summary>
    public static CompiledFlag Compile(
        FlagDefinition definition,
        FlagEnvironment environment,
        long revision,
        ISegmentSource segments,
        Report report
    )
    {
        var compiler = new FlagCompiler(definition, environment, segments, report);
        var flag = new CompiledFlag(definition.Key, definition.Type, revision) { Variants = compiler._variants };
        foreach (var variant in flag.Variants)
            variant.Prepare(flag);
        compiler.Fill(flag, report);
        return flag;
    }

    private void Fill(CompiledFlag flag, Report report)
    {
        flag.Off = Find(_environment.OffVariant, report.At("offVariant"));
        if (_environment.FallbackVariant is { } fallback)
            Find(fallback, report.At("fallbackVariant"));
        CheckPrerequisites(report.At("prerequisites"));

        var overrides = Overrides(report.At("overrides"));
        flag.Overrides = overrides.Count == 0 ? null : new CompiledOverrides(overrides);
        flag.WrittenRules = Rules(report.At("rules"));
        flag.Rules = [.. flag.WrittenRules.Where(rule => rule.Enabled)];
        flag.Fallthrough = Serve(_environment.Fallthrough, report.At("fallthrough"));
    }

    private void CheckPrerequisites(Report report)
    {
        if (_environment.Prerequisites.Count == 0)
            return;
        report.CheckCount(_environment.Prerequisites.Count, Limits.Prerequisites);
        var used = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < _environment.Prerequisites.Count; i++)
        {
            var (place, prerequisite) = (report.At(i), _environment.Prerequisites[i]);
            place.At("flag").CheckIdentifier(prerequisite.Flag, used);
            if (prerequisite.Flag == _definition.Key)
                place.At("flag").Problem("a flag cannot be its own prerequisite");
            if (prerequisite.Variants.Count == 0)
                place.At("variants").Problem("must have at least one variant");
            place.At("variants").CheckCount(prerequisite.Variants.Count, Limits.Variants);
        }
    }

    private List<CompiledOverride> Overrides(Report report)
    {
        if (_environment.Overrides.Count == 0)
            return [];
        report.CheckCount(_environment.Overrides.Count, Limits.Overrides);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var compiled = new List<CompiledOverride>();
        for (var i = 0; i < _environment.Overrides.Count; i++)
        {
            var (place, pin) = (report.At(i), _environment.Overrides[i]);
            place.At("id").CheckIdentifier(pin.Id, used);
            if (pin.Attribute is not null)
                place.At("attribute").CheckText(pin.Attribute, Limits.Text);

            var isScalar = ScalarReader.TryRead(pin.Value, out var value);
            if (pin.Attribute is null && (!isScalar || value.Kind != AttributeKind.String))
                place.At("targetingKey").Problem("must be a string");
            else if (!isScalar)
                place.At("value").Problem("must be a string, a finite number, true or false");
            else if (Find(pin.Variant, place.At("variant")) is { } variant)
                compiled.Add(Override(pin, value, variant));
        }
        return compiled;
    }

    private static CompiledOverride Override(Override pin, AttributeValue value, CompiledVariant variant) =>
        new(
            pin.Id,
            pin.Attribute is null ? null : new AttributePath(pin.Attribute),
            value,
            variant,
            pin.ExpiresAt?.UtcTicks ?? long.MaxValue,
            pin.Emergency
        );

    private List<CompiledRule> Rules(Report report)
    {
        if (_environment.Rules.Count == 0)
            return [];
        report.CheckCount(_environment.Rules.Count, Limits.Rules);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var compiled = new List<CompiledRule>(_environment.Rules.Count);
        for (var i = 0; i < _environment.Rules.Count; i++)
        {
            var (place, rule) = (report.At(i), _environment.Rules[i]);
            place.At("id").CheckIdentifier(rule.Id, used);
            var conditions = ConditionCompiler.Compile(rule.Conditions, _segments, place.At("conditions"));
            var serve = Serve(rule.Serve, place.At("serve"));
            compiled.Add(new CompiledRule(rule.Id, rule.Name, rule.Enabled, conditions, serve));
        }
        return compiled;
    }

    private CompiledServe Serve(Serve serve, Report report)
    {
        if (serve.Variant is null == serve.Rollout is null)
            report.Problem("must have either 'variant' or 'rollout'");
        if (serve.Rollout is { } rollout)
            return new CompiledServe(null, _rollouts.Compile(rollout, report.At("rollout")));
        return new CompiledServe(serve.Variant is null ? null : Find(serve.Variant, report.At("variant")), null);
    }

    // A variant that exists but could not be read was reported where it is defined.
    private CompiledVariant? Find(string? key, Report report)
    {
        var found = _variants.Find(variant => variant.Key == key);
        if (found is null && !_definition.Variants.Any(variant => variant.Key == key))
            report.Problem($"there is no variant '{key}'");
        return found;
    }
}
