using System.Collections.Concurrent;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Jobs;

/// <summary>
/// Carries jobs out: a few at once, of each tenant one of a kind, oldest first. A job whose process died is taken over when its
/// lease is over. Each end of a job is an entry of the log before anybody can see it.
/// </summary>
internal sealed partial class JobRunner(
    JobTable table,
    IStore store,
    ChangeService changes,
    IEnumerable<IJobKind> kinds,
    TimeProvider time,
    Entropy entropy,
    ILogger<JobRunner> logger
) : BackgroundService
{
    /// <summary>How many jobs run in this process at once.</summary>
    public const int AtOnce = 2;

    /// <summary>How often a job is begun or carried on before it is given up.</summary>
    public const int MaxAttempts = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _self = entropy.NewId("n");
    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says that there may be something to do.</summary>
    public void Wake() => Volatile.Read(ref _wake).TrySetResult();

    /// <summary>Takes up what there is to do and may be done now; completes once it is taken up.</summary>
    internal async Task PassAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in await store.TenantsAsync(cancellationToken))
            await PassAsync(tenant, cancellationToken);
    }

    /// <summary>Completes when no job runs in this process.</summary>
    internal async Task IdleAsync()
    {
        while (!_running.IsEmpty)
            await Task.WhenAll(_running.Values);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _wake, wake);
            try
            {
                await PassAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Whatever broke, the jobs are still there, and the next pass tries them again.
            catch (Exception broken) when (broken is not OperationCanceledException)
#pragma warning restore CA1031
            {
                CannotPass(broken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            await Task.WhenAny(wake.Task, Task.Delay(Patience, time, stoppingToken));
        }
        await IdleAsync();
    }

    private async Task PassAsync(string tenant, CancellationToken cancellationToken)
    {
        var busy = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in await table.OpenAsync(tenant, cancellationToken))
        {
            if (await table.FindAsync(tenant, id, cancellationToken) is not { State: var state } record)
                continue;
            if (state.Ended is not null)
                await table.CloseAsync(tenant, id, cancellationToken);
            else if (
                _running.ContainsKey(id) || (state.Owner is not null && state.Owner != _self && state.Until > time.GetUtcNow())
            )
                busy.Add(state.Kind);
            else if (_running.Count < AtOnce && Kind(state) is { } kind && busy.Add(state.Kind))
                await BeginAsync(tenant, record, kind, cancellationToken);
        }
    }

    private IJobKind? Kind(JobState state) => kinds.FirstOrDefault(kind => kind.Kind == state.Kind);

    private async Task BeginAsync(string tenant, JobRecord record, IJobKind kind, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var begun = record.State with
        {
            Status = JobStatus.Running,
            Started = record.State.Started ?? now,
            Attempts = record.State.Attempts + 1,
            Owner = _self,
            Until = now + Job.Lease,
        };
        if (await table.SaveAsync(tenant, record, begun, cancellationToken) is not { } mine)
            return;
        var job = new Job(table, tenant, mine, time);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[job.Id] = RunAsync(job, kind, go.Task, cancellationToken);
        go.SetResult();
    }

    private async Task RunAsync(Job job, IJobKind kind, Task registered, CancellationToken cancellationToken)
    {
        await registered;
        var isOver = true;
        try
        {
            var end = job.State.End ?? await WorkAsync(job, kind, cancellationToken);
            await EndAsync(job, kind, end, cancellationToken);
        }
        catch (OperationCanceledException) when (job.IsLost || cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync(job);
        }
#pragma warning disable CA1031 // The store was away when the end was to be told: the job is still open, and is taken up again.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            CannotEnd(broken, job.State.Kind, job.Id);
            isOver = false;
        }
        finally
        {
            _running.TryRemove(job.Id, out _);
            // What cannot be ended now waits for the next pass like any other: woken at once it would be tried without pause.
            if (isOver)
                Wake();
        }
    }

    private async Task<JobEnd> WorkAsync(Job job, IJobKind kind, CancellationToken cancellationToken)
    {
        if (job.State.Stop)
            return JobEnd.Cancelled;
        if (job.State.Attempts > MaxAttempts)
            return JobEnd.Failed("attempts", $"given up after {MaxAttempts} attempts");
        try
        {
            return await kind.RunAsync(job, cancellationToken);
        }
        catch (OperationCanceledException) when (job.State.Stop && !job.IsLost && !cancellationToken.IsCancellationRequested)
        {
            return JobEnd.Cancelled;
        }
#pragma warning disable CA1031 // What a kind did not foresee ends its job, not the server; the operator reads here what it was.
        catch (Exception broken) when (broken is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Broke(broken, job.State.Kind, job.Id);
            return JobEnd.Failed("internal", "something broke; the server's own log says what");
        }
    }

    private async Task EndAsync(Job job, IJobKind kind, JobEnd end, CancellationToken cancellationToken)
    {
        await job.PutAsync(state => state with { End = end }, cancellationToken);
        // Not before it is certain that nobody carries it on.
        if (end.Status != JobStatus.Finished)
            kind.Abandon(job);
        var details = new CanonicalWriter();
        details.StartObject();
        details.Name("id").String(job.Id);
        details.Name("kind").String(job.State.Kind);
        details.Name("status").String(Evaluation.Definitions.WireNames.Of(end.Status));
        details.EndObject();
        ChangeEvent[] events =
        [
            .. (end.Events ?? []).Select(told => new ChangeEvent(told.Type, told.Words)
            {
                Details = CanonicalJson.Canonicalize(told.Details),
            }),
            new ChangeEvent(
                "job.finished",
                $"job '{job.State.Kind}' {Evaluation.Definitions.WireNames.Of(end.Status)}: {end.Words}"
            )
            {
                Details = details.ToArray(),
                FailureCode = end.Code,
            },
        ];
        for (var i = 0; i < events.Length; i++)
            await TellAsync(job, $"job/{job.Id}/{i}", events[i], cancellationToken);
        await job.PutAsync(
            state => state with { Status = end.Status, Ended = time.GetUtcNow(), Cursor = null, Owner = null, Until = null },
            cancellationToken
        );
        await table.CloseAsync(job.Tenant, job.Id, cancellationToken);
    }

    /// <summary>Tells the log, once however often a crash makes it told: the key finds what was told before.</summary>
    private async Task TellAsync(Job job, string key, ChangeEvent told, CancellationToken cancellationToken)
    {
        var submission = new Submission(
            Actor.System(job.Tenant) with
            {
                OnBehalfOf = job.State.Subject,
            },
            RequestContext.Internal(entropy.NewId("q")),
            Change.Record("job.run", "", told),
            key,
            Digest.Of(told.Details!.Value.Span)
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (!result.TryGet(out var outcome, out var error))
            throw new InvalidOperationException($"The log cannot be told of job {job.Id}: {error}");
        if (outcome is not Outcome.Applied)
            throw new InvalidOperationException($"The log cannot be told of job {job.Id}: {outcome}");
    }

    /// <summary>Lets somebody else carry the job on at once.</summary>
    private async Task ReleaseAsync(Job job)
    {
        if (job.IsLost)
            return;
        try
        {
            await job.PutAsync(state => state with { Owner = null, Until = null }, CancellationToken.None);
        }
#pragma warning disable CA1031 // Nothing is lost: it is taken up when the lease is over.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            CannotRelease(broken, job.State.Kind, job.Id);
        }
    }

    [LoggerMessage(LogLevel.Error, "Jobs cannot be looked for; they are tried again.")]
    private partial void CannotPass(Exception broken);

    [LoggerMessage(LogLevel.Error, "The end of job {Kind} {Id} cannot be recorded; it is tried again.")]
    private partial void CannotEnd(Exception broken, string kind, string id);

    [LoggerMessage(LogLevel.Information, "Job {Kind} {Id} cannot be handed over; it is taken up when its lease is over.")]
    private partial void CannotRelease(Exception broken, string kind, string id);

    [LoggerMessage(LogLevel.Error, "Job {Kind} {Id} broke.")]
    private partial void Broke(Exception broken, string kind, string id);
}
