namespace Halyard.Evaluation;

/// <summary>
/// Evaluates flags. Pure and without state: safe from any thread, allocates nothing, never throws. The order:
/// <list type="number">
/// <item>unknown flag, or one that did not compile: <c>ERROR</c></item>
/// <item>off, draft or archived: <c>DISABLED</c></item>
/// <item>a prerequisite that does not hold: <c>PREREQUISITE_FAILED</c></item>
/// <item>overrides: <c>TARGETING_MATCH</c></item>
/// <item>rules: <c>TARGETING_MATCH</c>, or <c>SPLIT</c></item>
/// <item>fallthrough: <c>DEFAULT</c>, <c>SPLIT</c>, or <c>STATIC</c> where nothing else could have decided</item>
/// </list>
/// </summary>
public static class Evaluator
{
    /// <summary>Evaluates the flag with this key.</summary>
    /// <param name="snapshot">The environment's flags.</param>
    /// <param name="key">The flag's key.</param>
    /// <param name="context">Whom to evaluate for.</param>
    /// <param name="now">When; decides which overrides have expired.</param>
    public static EvaluationResult Evaluate(
        CompiledSnapshot snapshot,
        string key,
        EvaluationContext context,
        DateTimeOffset now
    ) => snapshot.TryGetFlag(key, out var flag) ? Evaluate(flag, context, now) : NotFound;

    /// <summary>Evaluates the flag with this key in UTF-8.</summary>
    public static EvaluationResult Evaluate(
        CompiledSnapshot snapshot,
        ReadOnlySpan<byte> utf8Key,
        EvaluationContext context,
        DateTimeOffset now
    ) => snapshot.TryGetFlag(utf8Key, out var flag) ? Evaluate(flag, context, now) : NotFound;

    /// <summary>Evaluates a flag found before.</summary>
    public static EvaluationResult Evaluate(CompiledFlag flag, EvaluationContext context, DateTimeOffset now) =>
        flag.IsFixed ? flag.Fixed : Decide(flag, context, now.UtcTicks);

    /// <summary>Evaluates and tells each step: what decided, and why every earlier step did not. Allocates.</summary>
    /// <param name="snapshot">The environment's flags.</param>
    /// <param name="key">The flag's key.</param>
    /// <param name="context">Whom to evaluate for.</param>
    /// <param name="now">When; decides which overrides have expired.</param>
    /// <param name="isPersonal">
    /// Whether values compared with an attribute concern a person: these, and the targets of overrides, are left out of the words.
    /// <see langword="null"/> tells every value.
    /// </param>
    public static Explanation Explain(
        CompiledSnapshot snapshot,
        string key,
        EvaluationContext context,
        DateTimeOffset now,
        Predicate<string>? isPersonal = null
    ) =>
        snapshot.TryGetFlag(key, out var flag)
            ? Explainer.Explain(flag, context, now, isPersonal)
            : Explainer.NotFound(key, NotFound);

    /// <summary>What a prerequisite's flag answered satisfies it. One that is off or broken never does.</summary>
    internal static bool Holds(CompiledPrerequisite prerequisite, EvaluationContext context, long nowTicks)
    {
        var flag = prerequisite.Flag;
        return Satisfies(prerequisite, flag.IsFixed ? flag.Fixed : Decide(flag, context, nowTicks));
    }

    /// <summary>Whether this answer of a prerequisite's flag satisfies it.</summary>
    internal static bool Satisfies(CompiledPrerequisite prerequisite, in EvaluationResult result) =>
        result.Reason is not (EvaluationReason.Error or EvaluationReason.Disabled) && prerequisite.Accepts(result.Variant);

    /// <summary>The variant alone, without why.</summary>
    internal static CompiledVariant? Serve(CompiledFlag flag, EvaluationContext context, DateTimeOffset now) =>
        flag.IsFixed ? flag.Fixed.Variant : Decide(flag, context, now.UtcTicks).Variant;

    internal static EvaluationResult NotFound => new(null, null, EvaluationReason.Error, errorCode: ErrorCode.FlagNotFound);

    // Recursion through prerequisites ends: cycles and chains beyond Limits.Depth are refused when compiling.
    private static EvaluationResult Decide(CompiledFlag flag, EvaluationContext context, long nowTicks)
    {
        foreach (var prerequisite in flag.Prerequisites)
        {
            if (!Holds(prerequisite, context, nowTicks))
                return new EvaluationResult(flag, flag.Off, EvaluationReason.PrerequisiteFailed, prerequisite);
        }

        if (flag.Overrides?.Find(context, nowTicks) is { } pin)
            return new EvaluationResult(flag, pin.Variant, EvaluationReason.TargetingMatch, pin);

        foreach (var rule in flag.Rules)
        {
            if (!rule.Matches(context))
                continue;
            if (rule.Serve.Variant is { } variant)
                return new EvaluationResult(flag, variant, EvaluationReason.TargetingMatch, rule);
            var rollout = rule.Serve.Rollout!;
            if (rollout.Pick(context, out variant, out var participates) == RolloutOutcome.Served)
                return new EvaluationResult(flag, variant, EvaluationReason.Split, rule, participates);
        }

        return FallThrough(flag, context);
    }

    private static EvaluationResult FallThrough(CompiledFlag flag, EvaluationContext context)
    {
        if (flag.Fallthrough.Variant is { } variant)
            return new EvaluationResult(flag, variant, EvaluationReason.Default);
        var rollout = flag.Fallthrough.Rollout!;
        return Outcome(flag, rollout.Pick(context, out variant, out var participates), variant, participates);
    }

    /// <summary>What the fallthrough's rollout comes to.</summary>
    internal static EvaluationResult Outcome(
        CompiledFlag flag,
        RolloutOutcome outcome,
        CompiledVariant? variant,
        bool participates
    ) =>
        outcome switch
        {
            RolloutOutcome.Served => new EvaluationResult(flag, variant, EvaluationReason.Split, participates: participates),
            RolloutOutcome.NoValue => Off(flag, EvaluationDetail.NoBucketValue),
            _ => Off(flag, EvaluationDetail.Remainder),
        };

    private static EvaluationResult Off(CompiledFlag flag, EvaluationDetail detail) =>
        new(flag, flag.Off, EvaluationReason.Default, detail: detail);
}
