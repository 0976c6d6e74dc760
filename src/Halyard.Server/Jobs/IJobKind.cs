using System.Text.Json;

namespace Halyard.Server.Jobs;

/// <summary>
/// A kind of long work. It says how far it is as it goes, and can be carried on from there, by another process too: what it did
/// after it last said so it does again.
/// </summary>
internal interface IJobKind
{
    /// <summary>Its name, as jobs name it.</summary>
    string Kind { get; }

    /// <summary>Does the work, from <see cref="Job.Cursor"/> on.</summary>
    ValueTask<JobEnd> RunAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Removes what a job left that will not be carried on.</summary>
    void Abandon(Job job);
}

/// <summary>A job in the hands of whoever carries it out.</summary>
internal sealed class Job(JobTable table, string tenant, JobRecord record, TimeProvider time)
{
    /// <summary>How long nobody else takes a job over from one who says nothing.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private JobRecord _record = record;

    public string Tenant => tenant;

    public string Id => State.Id;

    public JsonElement Parameters => State.Parameters;

    /// <summary>Where to go on; <see langword="null"/> at the beginning.</summary>
    public JsonElement? Cursor => State.Cursor;

    public JobState State => _record.State;

    /// <summary>True once somebody else carries the job on.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Says how far the job is, and that it is carried on.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop, or somebody else carries it on: do nothing more.</exception>
    public ValueTask SaveAsync(long done, long total, JsonElement cursor, CancellationToken cancellationToken) =>
        PutAsync(state => state with { Done = done, Total = total, Cursor = cursor }, cancellationToken);

    /// <summary>Changes the job's state, holding on to it.</summary>
    /// <exception cref="OperationCanceledException">As for <see cref="SaveAsync"/>; a job that ends is not stopped any more.</exception>
    public async ValueTask PutAsync(Func<JobState, JobState> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = change(State);
            if (next.Owner is not null)
                next = next with { Until = time.GetUtcNow() + Lease };
            if (await table.SaveAsync(tenant, _record, next, cancellationToken) is { } saved)
            {
                _record = saved;
                return;
            }
            var actual = await table.FindAsync(tenant, Id, cancellationToken);
            IsLost = actual?.State.Owner != State.Owner;
            if (IsLost)
                throw new OperationCanceledException("Somebody else carries the job on.");
            _record = actual!;
            if (State.Stop && next.End is null)
                throw new OperationCanceledException("The job was told to stop.");
        }
    }
}
