using System.Text;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Server.Timers;

namespace Halyard.Server.Bypasses;

/// <summary>Does what is due about bypasses, through the pipeline: undoes them, ends those that nobody agreed to, reminds.</summary>
/// <param name="kind">What for.</param>
/// <param name="reader">Finds them.</param>
/// <param name="changes">The pipeline.</param>
internal sealed class BypassTimerHandler(BypassTimerKind kind, BypassReader reader, ChangeService changes) : ITimerHandler
{
    /// <inheritdoc/>
    public string Kind => BypassTimers.KindOf(kind);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(TakenTimer taken, CancellationToken cancellationToken)
    {
        var timer = new BypassTimer(kind, BypassTimers.DueOf(taken.Timer));
        var bypass = await reader.FindAsync(taken.Tenant, taken.Timer.Resource.Key, cancellationToken);
        // It has gone on since the timer was set, or this was done before a crash.
        if (bypass is null || !BypassTimer.Of(bypass).Contains(timer))
            return;
        var change = Change.On(new BypassAct.Due(bypass.Name, timer), bypass, $"emergency bypass '{bypass.Id}'");
        var occasion = taken.Timer.Occasion;
        var submission = new Submission(
            Actor.System(taken.Tenant),
            RequestContext.Internal(occasion),
            change,
            occasion,
            Digest.Of(Encoding.UTF8.GetBytes(occasion))
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        // Somebody was faster: the bypass names the timer no longer.
        if (result.Error is Error.WrongState)
            return;
        if (result.Error is not null || result.Value is not Outcome.Applied)
            throw new InvalidOperationException($"What is due about bypass {bypass.Id} was refused: {result.Error}");
    }
}
