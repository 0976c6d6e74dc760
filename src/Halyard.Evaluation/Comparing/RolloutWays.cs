namespace Halyard.Evaluation;

/// <summary>Some users of a step and what it gives them.</summary>
/// <param name="Cell">Who.</param>
/// <param name="Variant">What; <see langword="null"/> where they go on with the next step.</param>
internal readonly record struct Way(Cell Cell, CompiledVariant? Variant);

/// <summary>An attribute that a rollout hashes, with the rule by which it does, as rules differ in what counts as nothing to hash.</summary>
internal readonly record struct Hashed(string Rule, string Attribute);

/// <summary>Every way through what a step serves.</summary>
internal static class RolloutWays
{
    /// <summary>What a serve hashes.</summary>
    public static IEnumerable<Hashed> HashedBy(CompiledServe serve) => serve.Rollout?.Draws().Select(HashedBy) ?? [];

    /// <summary>The ways for the users of a cell of whom exactly <paramref name="missing"/> is missing of what may be hashed.</summary>
    public static List<Way> Of(CompiledServe serve, Cell cell, IReadOnlySet<Hashed> missing)
    {
        var ways = new List<Way>();
        if (serve.Rollout is null)
            ways.Add(new Way(cell, serve.Variant));
        else
            Cast(serve.Rollout.Draws(), 0, cell, missing, ways);
        return ways;
    }

    /// <summary>Every set of missing attributes that makes a difference to these serves.</summary>
    public static IEnumerable<IReadOnlySet<Hashed>> Missing(params IEnumerable<CompiledServe> serves)
    {
        // At most two draws for each of two serves.
        var hashed = serves.SelectMany(HashedBy).Distinct().ToArray();
        for (var set = 0; set < 1 << hashed.Length; set++)
            yield return hashed.Where((_, i) => (set >> i & 1) == 1).ToHashSet();
    }

    private static Hashed HashedBy(Draw draw) => new(draw.Die.Rule, draw.Die.By);

    private static void Cast(IReadOnlyList<Draw> draws, int number, Cell cell, IReadOnlySet<Hashed> missing, List<Way> ways)
    {
        var draw = draws[number];
        if (missing.Contains(HashedBy(draw)))
        {
            Follow(draw.Missing, cell);
            return;
        }
        var low = 0.0;
        foreach (var range in draw.Ranges)
        {
            if (cell.Within(draw.Die, low, range.End) is { } inside)
                Follow(range, inside);
            low = range.End;
        }

        void Follow(in DrawRange range, Cell who)
        {
            if (range.Outcome is null)
                Cast(draws, number + 1, who, missing, ways);
            else
                ways.Add(new Way(who, range.Outcome == RolloutOutcome.Served ? range.Variant : null));
        }
    }
}
