namespace Halyard.Evaluation;

/// <summary>Whose answers a change alters.</summary>
/// <param name="Regions">
/// The groups of users that the flag's rules tell apart, each with the share of it that gets another answer. How many users a region
/// has is not known here. Users who are asked about without a targeting key have a region of their own.
/// </param>
/// <param name="IsComplete">False where there are more regions than are followed: then anybody's answer may change.</param>
public sealed record BlastRadius(IReadOnlyList<RegionChange> Regions, bool IsComplete)
{
    /// <summary>Nothing is known: anybody's answer may change.</summary>
    public static BlastRadius Unknown { get; } = new([], IsComplete: false);

    /// <summary>True only where it is proved that nobody gets another answer.</summary>
    public bool IsNoOp => IsComplete && Regions.All(region => region.Share == 0);

    /// <summary>The most that the share of all users can be, however they are spread over the regions; 0…1.</summary>
    public double AtMost => IsComplete ? Users.Select(region => region.Share).DefaultIfEmpty(0).Max() : 1;

    /// <summary>
    /// The share of all users who get another answer, 0…1, where that is known: everybody is in one region, or it is counted who gets
    /// what; else <see langword="null"/>. Everybody is taken to have a targeting key. Where it is not exact it is not less than the truth.
    /// </summary>
    /// <param name="counts">How often each variant was served, by its key; empty where nothing is counted.</param>
    public double? Population(IReadOnlyDictionary<string, long> counts)
    {
        if (!IsComplete)
            return null;
        if (Users.All(region => region.Share == 0))
            return 0;
        if (Users.Count() == 1)
            return Users.Single().Share;
        var total = counts.Values.Sum(count => (double)count);
        return total > 0 ? Math.Min(1, counts.Sum(count => count.Value / total * ChangedOf(count.Key))) : null;
    }

    private IEnumerable<RegionChange> Users => Regions.Where(region => !region.IsWithoutKey);

    // The most of those who were served the variant that lose it in any region; who was served what no region serves may be anybody.
    private double ChangedOf(string variant)
    {
        var served = Users
            .SelectMany(region => region.Served)
            .Where(served => served.Variant == variant && served.Share > 0)
            .ToList();
        return served.Count == 0 ? 1 : served.Max(one => Math.Min(1, one.Changed / one.Share));
    }
}

/// <summary>A group of users, told apart by the rules that are for them.</summary>
/// <param name="Before">What decided for them, in words.</param>
/// <param name="After">What decides now.</param>
/// <param name="Without">The attributes hashed by a rollout that these users do not have; empty for most regions.</param>
/// <param name="Share">The share of them who get another answer, 0…1.</param>
/// <param name="IsExact">True where the share is what it is; else it is the most that it can be.</param>
/// <param name="Served">What they were served, as far as that is known.</param>
public sealed record RegionChange(
    string Before,
    string After,
    IReadOnlyList<string> Without,
    double Share,
    bool IsExact,
    IReadOnlyList<ServedChange> Served
)
{
    /// <summary>Whether these users have no targeting key.</summary>
    public bool IsWithoutKey => Without.Contains(AttributePath.TargetingKey, StringComparer.Ordinal);
}

/// <summary>Those of a region who were served a variant.</summary>
/// <param name="Variant">The variant's key; empty where it is not known.</param>
/// <param name="Share">Their share of the region.</param>
/// <param name="Changed">The share of the region that was served it and gets something else; not more than <paramref name="Share"/>.</param>
public sealed record ServedChange(string Variant, double Share, double Changed);
