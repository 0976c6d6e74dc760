using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Ledger;

namespace Halyard.Server.Jobs;

/// <summary>
/// Starts jobs that nobody asks for but the clock: through the pipeline, as the system. Any number of servers may start the same; the
/// occasion is the idempotency key, so that it is done once.
/// </summary>
internal sealed class TimedJobs(ChangeService changes, JobRunner runner, TimeProvider time, Entropy entropy)
{
    /// <summary>Starts a job of a tenant, unless it was started on this occasion already.</summary>
    /// <exception cref="InvalidOperationException">Policy or the store did not let it start.</exception>
    public async ValueTask StartAsync(
        string tenant,
        string action,
        string kind,
        string words,
        string occasion,
        CancellationToken cancellationToken
    )
    {
        var started = JobStarter.Started(entropy.NewUlid(time.GetUtcNow()), kind, "{}"u8, words);
        var submission = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.Record(action, "", started),
            occasion,
            Digest.Of(System.Text.Encoding.UTF8.GetBytes(kind))
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (!result.TryGet(out var outcome, out var error) || outcome is not Outcome.Applied)
            throw new InvalidOperationException(
                $"The job '{kind}' of tenant '{tenant}' cannot be started: {error ?? (object?)outcome}"
            );
        runner.Wake();
    }
}
