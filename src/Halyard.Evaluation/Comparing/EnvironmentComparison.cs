using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>What a change of an environment does to one flag.</summary>
/// <param name="Key">The flag's key.</param>
/// <param name="IsSafer">
/// True only where it is proved that from now on each context gets what it would have got before, or the off variant.
/// </param>
/// <param name="Blast">Whose answers change.</param>
public sealed record FlagComparison(string Key, bool IsSafer, BlastRadius Blast);

/// <summary>
/// Compares what an environment serves before and after a change, for all contexts at once. Pure; answers are sound for whatever
/// compiles: what is called safer is, and no share is less than what changes.
/// </summary>
public sealed class EnvironmentComparison
{
    private readonly Side _before;
    private readonly Side _after;
    private readonly Dictionary<string, FlagRelation> _relations = new(StringComparer.Ordinal);

    private EnvironmentComparison(Side before, Side after) => (_before, _after) = (before, after);

    /// <summary>Compares all flags.</summary>
    /// <param name="before">The environment as it is.</param>
    /// <param name="after">The environment as it would be.</param>
    /// <param name="now">When; an override that has expired never comes back.</param>
    /// <returns>The flags whose answers may differ, in ordinal order of their keys; a flag that is not among them answers as before.</returns>
    public static IReadOnlyList<FlagComparison> Of(EnvironmentDefinition before, EnvironmentDefinition after, DateTimeOffset now)
    {
        var edited = EditedSegments.Between(before.Segments, after.Segments);
        var comparison = new EnvironmentComparison(new Side(before, now.UtcTicks, edited), new Side(after, now.UtcTicks, edited));
        var keys = before.Flags.Concat(after.Flags).Select(flag => flag.Flag.Key).Distinct(StringComparer.Ordinal);
        return
        [
            .. keys.Order(StringComparer.Ordinal)
                .Select(key => (Key: key, Relation: comparison.RelationOf(key, 0)))
                .Where(flag => !flag.Relation.IsSame)
                .Select(flag => comparison.Compare(flag.Key, flag.Relation)),
        ];
    }

    /// <summary>
    /// The ids of a flag's rules that never serve anybody, in order: an earlier one always serves whom they match, or their own conditions
    /// contradict each other. What cannot be decided is not among them.
    /// </summary>
    public static IReadOnlyList<string> UnreachableRules(EnvironmentDefinition environment, string flag, DateTimeOffset now) =>
        new Side(environment, now.UtcTicks, new HashSet<string>(StringComparer.Ordinal)).Find(flag)
            is { Flag.IsBroken: false } found
            ? Reachability.Unreachable(found)
            : [];

    private FlagComparison Compare(string key, FlagRelation relation) =>
        new(
            key,
            relation.IsSafer,
            _before.Find(key) is { Flag.IsBroken: false } before && _after.Find(key) is { Flag.IsBroken: false } after
                ? BlastSurvey.Of(before, after, ArePrerequisitesSame(before, after))
                : BlastRadius.Unknown
        );

    private FlagRelation RelationOf(string key, int depth)
    {
        if (_relations.TryGetValue(key, out var known))
            return known;
        // Whoever comes back here meanwhile is in a cycle, which does not compile; so does not what is chained too deep.
        _relations[key] = FlagRelation.Unproved;
        var relation = depth > Limits.Depth ? FlagRelation.Unproved : Relate(_before.Find(key), _after.Find(key), depth);
        _relations[key] = relation;
        return relation;
    }

    private FlagRelation Relate(ComparedFlag? before, ComparedFlag? after, int depth)
    {
        if (before is null || after is null)
            return FlagRelation.Unproved;
        if (IsSame(before, after, depth))
            return FlagRelation.Same;
        if (before.Flag.IsBroken || after.Flag.IsBroken)
            return FlagRelation.Unproved;
        var proof = new SaferProof(before, after);
        if (proof.IsOffForAll)
            return FlagRelation.Safer;
        if (after.Prerequisites.Count > 0 && !proof.HasOneOff)
            return FlagRelation.Unproved;
        return before.Prerequisites.All(needed => IsStillNeeded(needed, after, depth)) && proof.Holds()
            ? FlagRelation.Safer
            : FlagRelation.Unproved;
    }

    // Equal definitions whose references mean what they meant; what does not compile serves the off variant and refers to nothing.
    private bool IsSame(ComparedFlag before, ComparedFlag after, int depth) =>
        before.Flag.IsBroken == after.Flag.IsBroken
        && before.Source.Flag == after.Source.Flag
        && before.Source.Configuration == after.Source.Configuration
        && before.Steps.TrueForAll(step => step.Guard?.Marker is null)
        && before.Prerequisites.All(needed => RelationOf(needed.Flag, depth + 1).IsSame);

    // Whoever fails it before must fail afterwards: the off variant is what they then get.
    private bool IsStillNeeded(Prerequisite needed, ComparedFlag after, int depth) =>
        after.Prerequisites.Any(now =>
            now.Flag == needed.Flag && now.Variants.All(needed.Variants.Contains) && DoesNotWiden(now, depth)
        );

    private bool DoesNotWiden(Prerequisite needed, int depth)
    {
        var relation = RelationOf(needed.Flag, depth + 1);
        if (relation.IsSame)
            return true;
        return _after.Find(needed.Flag) is { } flag
            && (flag.IsDisabled || relation.IsSafer && !needed.Variants.Contains(flag.Flag.Off!.Key, StringComparer.Ordinal));
    }

    private bool ArePrerequisitesSame(ComparedFlag before, ComparedFlag after) =>
        before.Prerequisites == after.Prerequisites && before.Prerequisites.All(needed => RelationOf(needed.Flag, 1).IsSame);

    private readonly record struct FlagRelation(bool IsSame, bool IsSafer)
    {
        public static FlagRelation Same => new(true, true);
        public static FlagRelation Safer => new(false, true);
        public static FlagRelation Unproved => new(false, false);
    }

    /// <summary>One side, compiled.</summary>
    private sealed class Side
    {
        private readonly CompiledSnapshot _snapshot;
        private readonly Dictionary<string, FlagInEnvironment> _sources;
        private readonly Dictionary<string, ComparedFlag?> _flags = new(StringComparer.Ordinal);
        private readonly long _nowTicks;
        private readonly IReadOnlySet<string> _edited;

        public Side(EnvironmentDefinition environment, long nowTicks, IReadOnlySet<string> edited)
        {
            (_nowTicks, _edited) = (nowTicks, edited);
            _snapshot = SnapshotCompiler.Compile(environment).Snapshot;
            // A key that appears twice does not compile.
            _sources = environment
                .Flags.DistinctBy(flag => flag.Flag.Key, StringComparer.Ordinal)
                .ToDictionary(flag => flag.Flag.Key, StringComparer.Ordinal);
        }

        public ComparedFlag? Find(string key)
        {
            if (_flags.TryGetValue(key, out var known))
                return known;
            var found = _snapshot.TryGetFlag(key, out var flag) ? ComparedFlag.Of(flag, _sources[key], _nowTicks, _edited) : null;
            _flags.Add(key, found);
            return found;
        }
    }
}
