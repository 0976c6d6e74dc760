namespace Halyard.Evaluation;

/// <summary>One answer that a flag may give.</summary>
/// <param name="Result">What is served and why.</param>
/// <param name="Share">
/// The share of users who get it, 0…1: exact where <paramref name="Attributes"/> is empty, else the most that it can be.
/// </param>
/// <param name="Attributes">The attributes, not known, that decide whether it is given, in ordinal order.</param>
public sealed record Possibility(EvaluationResult Result, double Share, IReadOnlyList<string> Attributes);

/// <summary>Every answer that a flag may give to users of whom some things are known.</summary>
/// <param name="Possibilities">The answers in the order in which a flag is evaluated.</param>
/// <param name="IsComplete">False where there were more ways through the flag and its prerequisites than are followed.</param>
public sealed record Survey(IReadOnlyList<Possibility> Possibilities, bool IsComplete)
{
    /// <summary>
    /// Surveys a flag. What a fact says is so for all users; any other attribute may have any value or none, and conditions on it
    /// may or may not hold. Everybody is taken to have a targeting key, as rollouts place nobody without.
    /// </summary>
    /// <param name="snapshot">The environment's flags.</param>
    /// <param name="key">The flag's key.</param>
    /// <param name="facts">The attributes that are known, each a string, number or boolean; without a targeting key it is not known.</param>
    /// <param name="now">When; decides which overrides have expired.</param>
    public static Survey Of(CompiledSnapshot snapshot, string key, EvaluationContext facts, DateTimeOffset now)
    {
        if (!snapshot.TryGetFlag(key, out var flag))
            return new Survey([new Possibility(Evaluator.NotFound, 1, [])], IsComplete: true);
        var walk = new SurveyWalk(facts, now.UtcTicks);
        var landings = walk.Through(flag, Cell.Everybody);
        var possibilities = landings
            .GroupBy(landing => (landing.Result.Variant, landing.Result.Cause, landing.Result.Reason, landing.Result.Detail))
            .Select(same => new Possibility(
                same.First().Result,
                Math.Min(1, same.Sum(landing => landing.Cell.Share)),
                [.. same.Aggregate(Cell.Everybody, (all, landing) => all.Given(landing.Cell.Attributes)).Attributes]
            ));
        return new Survey([.. possibilities], walk.IsComplete);
    }
}

/// <summary>A variant's share of a rollout.</summary>
/// <param name="Variant">The variant; <see langword="null"/> for those whom the rollout does not serve.</param>
/// <param name="Share">The share of those who have the attribute that is hashed, 0…1.</param>
public readonly record struct ServedShare(CompiledVariant? Variant, double Share)
{
    /// <summary>How the fallthrough splits whoever gets there; whom its rollout does not serve gets the off variant.</summary>
    public static IReadOnlyList<ServedShare> OfFallthrough(CompiledFlag flag) =>
        Of(flag.Fallthrough).Select(share => share with { Variant = share.Variant ?? flag.Off }).ToList();

    /// <summary>How a rule splits whoever it matches; empty where there is no such rule.</summary>
    public static IReadOnlyList<ServedShare> OfRule(CompiledFlag flag, string id) =>
        flag.WrittenRules.FirstOrDefault(rule => rule.Id == id) is { } rule ? Of(rule.Serve) : [];

    // What did not compile serves nothing.
    private static List<ServedShare> Of(CompiledServe serve) =>
        serve.Variant is { } variant ? [new ServedShare(variant, 1)]
        : serve.Rollout is null ? []
        : RolloutSurvey
            .Branches(serve.Rollout, Cell.Everybody, EvaluationContext.Empty, present: true)
            .Select(branch => new ServedShare(branch.Variant, branch.Cell.Share))
            .ToList();
}
