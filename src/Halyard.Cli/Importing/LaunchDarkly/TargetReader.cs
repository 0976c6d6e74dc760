using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.LaunchDarkly;

/// <summary>Reads individual targets, of users and of other kinds.</summary>
internal static class TargetReader
{
    /// <summary>The targets in the order in which LaunchDarkly asks them.</summary>
    public static IReadOnlyList<Pin> Read(SourceNode environment, ServeReader serves)
    {
        var users = environment.Items("targets").Select(ReadOne).ToList();
        var contexts = environment.Items("contextTargets").Select(ReadOne).ToList();
        if (contexts.Count == 0)
            return users;
        // Among contexts' targets an empty one of users holds the place of those listed for its variation.
        return
        [
            .. contexts.SelectMany(pin =>
                pin is { Attribute: AttributeKinds.TargetingKey, Values.Count: 0 }
                    ? users.Where(user => user.Variant == pin.Variant)
                    : [pin]
            ),
        ];

        Pin ReadOne(SourceNode target) =>
            new(
                AttributeNames.KeyOf(target.Text("contextKind")),
                target.Texts("values"),
                serves.VariantAt(target.Whole("variation") ?? -1, target.Pointer),
                target.Pointer
            );
    }
}
