using Halyard.Core.Flags;
using Halyard.Evaluation;

namespace Halyard.Core.Policies;

/// <summary>Turns what a comparison of an environment found into the facts that policies ask for.</summary>
public static class ServingFacts
{
    /// <summary>
    /// Whether all of a change is safer in an environment. A flag that is not touched counts too: another's prerequisite may let users
    /// in. What decides which policies apply, or what an emergency may serve, is never changed as safer, whatever is served.
    /// </summary>
    /// <param name="compared">The environment's flags whose answers may differ.</param>
    /// <param name="edits">Every resource that the change edits, before and after.</param>
    public static ChangeDirection DirectionOf(
        IReadOnlyList<FlagComparison> compared,
        IReadOnlyList<(Resource? Before, Resource? After)> edits
    ) =>
        compared.All(flag => flag.IsSafer) && edits.All(edit => IsServingAlone(edit.Before, edit.After))
            ? ChangeDirection.Safer
            : ChangeDirection.Riskier;

    /// <summary>
    /// The share of an environment's users who get another answer of a flag, in percentage points, 0…100; <see langword="null"/> where
    /// it is not known.
    /// </summary>
    /// <param name="flag">What became of the flag; <see langword="null"/> where it answers as before.</param>
    /// <param name="counts">How often each of its variants was served, by key; empty where nothing is counted.</param>
    public static double? AudienceDelta(FlagComparison? flag, IReadOnlyDictionary<string, long> counts) =>
        flag is null ? 0 : flag.Blast.Population(counts) * 100;

    private static bool IsServingAlone(Resource? before, Resource? after) =>
        (before, after) switch
        {
            (Flag was, Flag becomes) => was.Tags == becomes.Tags
                && was.Owner == becomes.Owner
                && was.Sensitive == becomes.Sensitive
                && was.Kind == becomes.Kind
                && was.Environments.Keys.Union(becomes.Environments.Keys, StringComparer.Ordinal)
                    .All(key => FallbackOf(was, key) == FallbackOf(becomes, key)),
            (Segment, Segment) => true,
            (ProjectEnvironment was, ProjectEnvironment becomes) => was == becomes with { Enabled = was.Enabled },
            _ => false,
        };

    private static string? FallbackOf(Flag flag, string environment) =>
        flag.Environments.GetValueOrDefault(environment)?.Settings.FallbackVariant;
}
