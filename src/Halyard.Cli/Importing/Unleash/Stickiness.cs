using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>What a gradual rollout, or the choice of a variant, hashes.</summary>
/// <param name="Attributes">The first of these that there is; none where chance decides.</param>
/// <param name="ElseChance">Chance decides where there is none of them; otherwise nobody is let in.</param>
internal sealed record Stickiness(IReadOnlyList<string> Attributes, bool ElseChance)
{
    /// <summary>The attribute of the session.</summary>
    public const string Session = "sessionId";

    /// <summary>By the user.</summary>
    public static Stickiness User { get; } = new([AttributeKinds.TargetingKey], ElseChance: false);

    /// <summary>By the session.</summary>
    public static Stickiness OfSession { get; } = new([Session], ElseChance: false);

    /// <summary>Chance alone.</summary>
    public static Stickiness Chance { get; } = new([], ElseChance: true);

    /// <summary>Reads a parameter; left out it is <c>default</c>: the user, else the session, else chance.</summary>
    public static Stickiness Read(string? written) =>
        written switch
        {
            null or "" or "default" => new([AttributeKinds.TargetingKey, Session], ElseChance: true),
            "random" => Chance,
            _ => new([ConstraintReader.AttributeOf(written)], ElseChance: false),
        };
}
