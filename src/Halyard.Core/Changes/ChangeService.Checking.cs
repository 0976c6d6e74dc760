using Halyard.Core.Approvals;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Gating;

namespace Halyard.Core.Changes;

/// <content>What a change request waits for besides people, told before anybody applies it.</content>
public sealed partial class ChangeService
{
    /// <summary>
    /// What every check came to that a request needs by the policies that it was submitted under, and what stands in the way of its
    /// promotions. Nothing is written.
    /// </summary>
    public async ValueTask<RequestFindings> FindingsAsync(
        string tenant,
        ChangeRequest request,
        CancellationToken cancellationToken
    )
    {
        var prepared = await WorkOutAsync(tenant, request, RequestContents.OperationsOf(request.Content), cancellationToken);
        // What cannot be worked out now cannot be applied now either, and applying says why.
        if (!prepared.TryGet(out var work, out _))
            return await _checks.FindAsync(tenant, request, request.Requirement.Checks, null, cancellationToken);
        var findings = await _checks.FindAsync(tenant, request, request.Requirement.Checks, work, cancellationToken);
        var gates = await _promotions.AskAsync(tenant, work.Workspace, work.Operations, int.MaxValue, cancellationToken);
        return findings with { Gates = gates?.Blockers ?? [] };
    }
}
