using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>What decides whether a step of a flag is for a user. Equal guards hold for the same users, before and after.</summary>
/// <param name="Attribute">What an override looks at; <see langword="null"/> is the targeting key.</param>
/// <param name="Value">What it must equal.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="Conditions">A rule's conditions.</param>
/// <param name="Marker">Something no other guard has, where the guard's meaning may have changed: it uses an edited segment.</param>
internal sealed record StepGuard(
    string? Attribute,
    FlagValue Value,
    DateTimeOffset? ExpiresAt,
    Sequence<Condition> Conditions,
    object? Marker
);

/// <summary>One step of a flag: whom its guard admits, it serves, or lets go on.</summary>
/// <param name="Guard">Whom; <see langword="null"/> is everybody: the fallthrough.</param>
/// <param name="Serve">What.</param>
/// <param name="Name">Its name in words.</param>
/// <param name="Rule">The rule's id, or <see langword="null"/>.</param>
internal sealed record Step(StepGuard? Guard, CompiledServe Serve, string Name, string? Rule);

/// <summary>A flag of one side of a comparison, as the steps that it takes after its prerequisites.</summary>
internal sealed class ComparedFlag
{
    private const string Everyone = "everyone";

    private ComparedFlag(CompiledFlag flag, FlagInEnvironment source, Sequence<Prerequisite> prerequisites, List<Step> steps) =>
        (Flag, Source, Prerequisites, Steps) = (flag, source, prerequisites, steps);

    public CompiledFlag Flag { get; }

    public FlagInEnvironment Source { get; }

    public Sequence<Prerequisite> Prerequisites { get; }

    /// <summary>The steps in the order they are asked; the last is the fallthrough.</summary>
    public List<Step> Steps { get; }

    /// <summary>Whether no answer of it ever satisfies a prerequisite.</summary>
    public bool IsDisabled => Flag is { IsFixed: true, Fixed.Reason: EvaluationReason.Disabled };

    /// <summary>Prepares a flag; one that is off or fixed is but a fallthrough.</summary>
    /// <param name="flag">The flag.</param>
    /// <param name="source">What it was compiled from.</param>
    /// <param name="nowTicks">When: an override that has expired never comes back.</param>
    /// <param name="edited">The segments whose members may differ.</param>
    public static ComparedFlag Of(CompiledFlag flag, FlagInEnvironment source, long nowTicks, IReadOnlySet<string> edited)
    {
        var steps = new List<Step>();
        if (flag.IsFixed)
        {
            steps.Add(new Step(null, new CompiledServe(flag.Fixed.Variant, null), Everyone, null));
            return new ComparedFlag(flag, source, [], steps);
        }
        var overrides = source.Configuration.Overrides.ToDictionary(pin => pin.Id, StringComparer.Ordinal);
        foreach (var pin in (flag.Overrides?.InOrder ?? []).Where(pin => pin.IsActive(nowTicks)))
        {
            var written = overrides[pin.Id];
            var guard = new StepGuard(written.Attribute, written.Value, written.ExpiresAt, [], null);
            steps.Add(new Step(guard, new CompiledServe(pin.Variant, null), $"override '{pin.Id}'", null));
        }
        var rules = source.Configuration.Rules.ToDictionary(rule => rule.Id, StringComparer.Ordinal);
        foreach (var rule in flag.Rules)
        {
            var conditions = rules[rule.Id].Conditions;
            var marker = SegmentTable.References(conditions, "").Any(used => edited.Contains(used.Key)) ? new object() : null;
            steps.Add(new Step(new StepGuard(null, default, null, conditions, marker), rule.Serve, $"rule '{rule.Id}'", rule.Id));
        }
        var rest = steps.Count == 0 && source.Configuration.Prerequisites.Count == 0 ? Everyone : "everyone else";
        steps.Add(new Step(null, flag.Fallthrough, rest, null));
        return new ComparedFlag(flag, source, source.Configuration.Prerequisites, steps);
    }
}
