using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Flags;
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
        // Most changes touch none, and every line of an import asks.
        if (!IsTouched(edits))
            return null;
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
        IsTouched(edits)
            ? edits
                .Select(edit => edit.After)
                .OfType<Delegation>()
                .Select(given => Delegation.Give(Party.Of(actor), given, now).Error)
                .FirstOrDefault(error => error is not null)
            : null;

    private static bool IsTouched(IReadOnlyList<ResourceEdit> edits)
    {
        for (var i = 0; i < edits.Count; i++)
        {
            if (edits[i].Name.Kind == ResourceKind.Delegation)
                return true;
        }
        return false;
    }

    private static IEnumerable<Delegation> Touched(IReadOnlyList<ResourceEdit> edits) =>
        edits.SelectMany(edit => new[] { edit.Before?.Resource, edit.After }).OfType<Delegation>();
}
