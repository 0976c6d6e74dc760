using Halyard.Core.Access;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;

namespace Halyard.Core.Changes.Importing;

/// <summary>
/// Writes the lines of an import batch by batch, each one commit. The next batch is made ready while the store commits the one
/// before it, and is handed over only once that one is durable: at most one batch is under way.
/// </summary>
internal sealed class BatchWriter(
    ChangeService changes,
    ImportGround ground,
    ImportRequest request,
    HistoryFile file,
    IReadOnlyDictionary<string, string> subjects,
    int maxResources,
    long done
)
{
    /// <summary>
    /// How many lines one commit imports at most: enough that its flush costs little and that the pages of a long log's indexes, which
    /// every commit touches anew, are shared by many. A block of the log's index: what completes a block need not be indexed one by
    /// one first.
    /// </summary>
    public const int BatchLines = EntrySet.BlockSize;

    /// <summary>
    /// How many lines the first commit imports, beside whose preparation nothing is written. Each commit after it imports as many as
    /// all before it, so that the fourth completes a block's worth.
    /// </summary>
    public const int FirstLines = BatchLines / 8;

    // Where the file came from stands once, in the entries around the lines; a commitment of it in every line says no more.
    private readonly RequestContext _request = request.Request with { IpAddress = null, UserAgent = null };

    private readonly long _first = done;
    private Batch? _next;

    /// <summary>How many lines are durable.</summary>
    public long Done { get; private set; } = done;

    /// <summary>
    /// Writes one batch; the error that stopped it, or <see langword="null"/>. Nothing is under way any more when it returns or
    /// throws.
    /// </summary>
    public async ValueTask<Error?> WriteNextAsync(CancellationToken cancellationToken)
    {
        var batch = _next ?? await PrepareAsync(Done, cancellationToken);
        _next = null;
        var committing = changes.CommitAsync(batch.Prepared, cancellationToken).AsTask();
        try
        {
            if (batch.Prepared is PreparedChange.Ready && batch.End < file.Lines.Count)
                _next = await PrepareAsync(batch.End, cancellationToken);
        }
        finally
        {
            // Awaited again below; here only that it has ended, whatever became of the batch after it.
            await ((Task)committing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (await committing is not { } result)
        {
            // Another writer won. What was prepared on top of this batch is void.
            _next = null;
            result = await changes.SubmitOnAsync(ground, batch.Submission, cancellationToken);
        }
        if (!result.TryGet(out var outcome, out var error))
            return error;
        switch (outcome)
        {
            case Outcome.Applied:
                Done = batch.End;
                return null;
            case Outcome.Denied denied:
                return new Error.Denied(denied.Reason);
            default:
                throw new InvalidOperationException($"A batch of lines ended as {outcome}.");
        }
    }

    private async ValueTask<Batch> PrepareAsync(long start, CancellationToken cancellationToken)
    {
        var most = (int)long.Clamp(start - _first, FirstLines, BatchLines);
        var lines = file.Lines.Skip((int)start).Take(most).Select(line => line.ToStep(file.Key, subjects[line.Actor]));
        var steps = Fitting(lines);
        var change = new Change(HistoryImporter.Action, request.Project, steps);
        var submission = new Submission(request.Actor, _request, change);
        var prepared = await changes.PrepareAsync(ground, submission, cancellationToken);
        return new Batch(submission, prepared, start + steps.Count);
    }

    /// <summary>The first lines that together touch no more resources than the store writes at once, and are no more; one at least.</summary>
    private List<ChangeStep> Fitting(IEnumerable<ChangeStep> lines)
    {
        var (steps, touched) = (new List<ChangeStep>(), new HashSet<ResourceName>());
        foreach (var step in lines)
        {
            touched.UnionWith(step.Operations.Select(operation => operation.Target(request.Project)));
            if (steps.Count == maxResources || (steps.Count > 0 && touched.Count > maxResources))
                break;
            steps.Add(step);
        }
        return steps;
    }

    /// <summary>Lines that are ready to be written.</summary>
    /// <param name="Submission">What is submitted.</param>
    /// <param name="Prepared">Its commit, which holds only if the batch before it took effect.</param>
    /// <param name="End">How many lines are durable afterwards.</param>
    private sealed record Batch(Submission Submission, PreparedChange Prepared, long End);
}
