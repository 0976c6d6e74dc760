using System.Globalization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Logic;

/// <summary>Users, by one attribute, who get a variant before any rule is asked.</summary>
/// <param name="Attribute">The attribute; the targeting key where users are meant.</param>
/// <param name="Values">Its values.</param>
/// <param name="Variant">The variant.</param>
/// <param name="Pointer">Where in the source.</param>
internal sealed record Pin(string Attribute, IReadOnlyList<string> Values, string Variant, string Pointer);

/// <summary>
/// Writes individual targets, of which the first that names a user counts. They become overrides; where other attributes are
/// mixed in, whose order counts, or the overrides would be too many, they become the first rules.
/// </summary>
internal static class PinWriter
{
    /// <summary>The overrides; none where rules were added instead.</summary>
    public static Sequence<Override> Write(IReadOnlyList<Pin> pins, RuleWriter rules)
    {
        var users = pins.SelectMany(pin => pin.Values, (pin, user) => (User: user, pin.Variant))
            .DistinctBy(pin => pin.User)
            .ToList();
        if (users.Count <= Limits.Overrides && pins.All(pin => pin.Attribute == AttributeKinds.TargetingKey))
            return users.Select((pin, i) => new Override(Id(i), null, FlagValue.Of(pin.User), pin.Variant)).ToSequence();
        foreach (var pin in pins)
            rules.Add(Comparisons.IsOneOf(pin.Attribute, pin.Values), Serve.One(pin.Variant), pin.Pointer);
        return [];
    }

    private static string Id(int index) => string.Create(CultureInfo.InvariantCulture, $"o_{index + 1}");
}
