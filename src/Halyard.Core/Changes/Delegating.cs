using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;

namespace Halyard.Core.Changes;

/// <summary>What no role lets anybody do: give or withdraw another's delegation.</summary>
internal static class Delegating
{
    private const string Policy = "delegation@1";

    /// <summary>The denial of a change of another's delegation; <see langword="null"/> where there is none.</summary>
    public static Decision.Deny? Beyond(Actor actor, IReadOnlyList<ResourceEdit> edits)
    {
        var by = Party.Of(actor);
        return Touched(edits).All(delegation => by.IsSameAs(delegation.From))
            ? null
            : new Decision.Deny(
                Policy,
                "a delegation is given and withdrawn by the person whose approvals it passes on, and by nobody else"
            );
    }

    /// <summary>What is wrong with a delegation that is given; <see langword="null"/> where nothing is.</summary>
    public static Error? Check(Actor actor, IReadOnlyList<ResourceEdit> edits, DateTimeOffset now) =>
        edits
            .Select(edit => edit.After)
            .OfType<Delegation>()
            .Select(given => Delegation.Give(Party.Of(actor), given, now).Error)
            .FirstOrDefault(error => error is not null);

    private static IEnumerable<Delegation> Touched(IReadOnlyList<ResourceEdit> edits) =>
        edits.SelectMany(edit => new[] { edit.Before?.Resource, edit.After }).OfType<Delegation>();
}
