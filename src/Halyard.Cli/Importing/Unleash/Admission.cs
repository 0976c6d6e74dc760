using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>One way into a strategy.</summary>
/// <param name="When">Who may try.</param>
/// <param name="Entry">Which share of them is let in; <see langword="null"/> lets all in.</param>
internal sealed record Admission(Formula When, Entry? Entry)
{
    /// <summary>Everybody for whom the formula holds.</summary>
    public static Admission Of(Formula when) => new(when, null);

    /// <summary>The ways of a gradual rollout.</summary>
    /// <param name="share">Percent, 0…100.</param>
    /// <param name="group">What is hashed with the attribute.</param>
    /// <param name="stickiness">Which attribute is hashed; chance only at 0 or 100 percent.</param>
    public static IReadOnlyList<Admission> Gradual(int share, string group, Stickiness stickiness)
    {
        if (share == 0)
            return [];
        if (share == 100 && stickiness.ElseChance)
            return [Of(Formula.True)];
        var earlier = new List<Formula>();
        var ways = new List<Admission>();
        foreach (var attribute in stickiness.Attributes)
        {
            ways.Add(new Admission(Formula.All([.. earlier]), new Entry(share, group, attribute)));
            earlier.Add(Comparisons.IsEmpty(attribute));
        }
        return ways;
    }
}

/// <summary>A share of users by hash.</summary>
/// <param name="Percent">The share.</param>
/// <param name="Group">What is hashed with the attribute.</param>
/// <param name="Attribute">What is hashed; whoever lacks it is not let in.</param>
internal sealed record Entry(int Percent, string Group, string Attribute);
