using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies;

/// <summary>A change as the policies of a tenant are asked about it.</summary>
/// <param name="Project">The project that it belongs to, or empty for the tenant itself.</param>
/// <param name="Placed">What it does in environments; may have no parts.</param>
/// <param name="Unplaced">What it does to resources that are in no environment: asked of the rules alone that name their kind.</param>
/// <param name="Governing">What it does to what decides who must approve: asked of the rules for changes of the policies themselves.</param>
public sealed record PolicyQuestion(
    string Project,
    ChangeFacts Placed,
    Sequence<ChangePart> Unplaced,
    Sequence<ChangePart> Governing
);
