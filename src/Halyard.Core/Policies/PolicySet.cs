using System.Text;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies;

/// <summary>The policies that apply to a project's changes.</summary>
/// <param name="Organisation">The floor: what they require, no project's policy can loosen.</param>
/// <param name="Project">The project's own, which may require more.</param>
/// <param name="Defaults">Asked where no rule of the others has a say; they answer for every environment type.</param>
public sealed record PolicySet(
    Sequence<ApprovalPolicy> Organisation,
    Sequence<ApprovalPolicy> Project,
    Sequence<ApprovalPolicy> Defaults
)
{
    /// <summary>One digest for all of them: the snapshot that a decision was made with.</summary>
    public Digest Snapshot => DigestOf(Organisation, Project, Defaults);

    private static Digest DigestOf(params ReadOnlySpan<Sequence<ApprovalPolicy>> levels)
    {
        var text = new StringBuilder();
        foreach (var level in levels)
        {
            foreach (var digest in level.Select(policy => policy.Digest.ToHex()).Order(StringComparer.Ordinal))
                text.Append(digest).Append('\n');
            text.Append('\n');
        }
        return Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
