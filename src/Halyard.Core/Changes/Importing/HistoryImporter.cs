using System.Runtime.CompilerServices;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;

namespace Halyard.Core.Changes.Importing;

/// <summary>
/// Loads past changes into a project without flags, each line as one entry that says it was imported, not witnessed. Every write
/// goes through <see cref="ChangeService"/>.
/// </summary>
/// <remarks>
/// The steps: a authorise the import as a whole · b read and rehearse every line · c announce it · d write batches, each one
/// commit, the next made ready meanwhile · e say that it is finished. Broken off anywhere it is resumed by sending the same file again.
/// </remarks>
public sealed class HistoryImporter(IStore store, PersonalVault vault, ChangeService changes, Entropy entropy, TimeProvider time)
{
    /// <summary>What the authorizer is asked about.</summary>
    public const string Action = "history.import";

    private const int NamesAtOnce = 500;

    /// <summary>
    /// Imports the file as the events are asked for; who stops asking, or cancels, breaks the import off between two batches.
    /// </summary>
    public async IAsyncEnumerable<ImportEvent> ImportAsync(
        ImportRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var prepared = await PrepareAsync(request, cancellationToken);
        if (!prepared.TryGet(out var run, out var error))
        {
            yield return new ImportEvent.Refused(error);
            yield break;
        }
        var lines = run.File.Lines.Count;
        if (run.IsFinished)
        {
            yield return new ImportEvent.AlreadyImported(lines);
            yield break;
        }
        yield return new ImportEvent.Validated(lines, run.Done);

        var start = new StartImport(request.Project, run.File.Key, lines);
        var started = await AnnounceAsync(request, start, cancellationToken);
        if (!started.TryGet(out var announcement, out error))
        {
            yield return new ImportEvent.Refused(error);
            yield break;
        }
        if (announcement is Outcome.Applied)
            run.Ground.Announced();
        var subjects = await SubjectsAsync(request.Actor.Tenant, run, cancellationToken);
        var writer = new BatchWriter(changes, run.Ground, request, run.File, subjects, store.MaxResourcesPerCommit, run.Done);
        while (writer.Done < lines)
        {
            if (await writer.WriteNextAsync(cancellationToken) is { } refusal)
            {
                yield return new ImportEvent.Refused(refusal);
                yield break;
            }
            yield return new ImportEvent.Progress(writer.Done, lines);
        }

        var finished = await AnnounceAsync(request, new FinishImport(request.Project, run.File.Key), cancellationToken);
        yield return finished.TryGet(out var outcome, out error)
            ? outcome is Outcome.Applied applied
                ? new ImportEvent.Finished(lines, run.Done, applied.Receipt)
                : new ImportEvent.AlreadyImported(lines)
            : new ImportEvent.Refused(error);
    }

    /// <summary>Steps a and b: nothing is written but a denial.</summary>
    private async ValueTask<Result<ImportRun>> PrepareAsync(ImportRequest request, CancellationToken cancellationToken)
    {
        var tenant = request.Actor.Tenant;
        if (
            await changes.AuthorizeAsync(request.Actor, request.Request, Action, request.Project, cancellationToken) is { } denied
        )
            return denied;
        if (request.Reason.Length > Change.MaxReason)
            return Error.Invalid.At("", $"the import's reason has more than {Change.MaxReason} characters");
        if (!HistoryFile.Parse(request.File.Span, time.GetUtcNow()).TryGet(out var file, out var error))
            return error;

        var ground = await ImportGround.OpenAsync(store, vault, entropy, tenant, request.Project, file, cancellationToken);
        var (project, import) = (Project.NameOf(request.Project), HistoryImport.NameOf(request.Project, file.Key));
        var slice = await store.LoadAsync(tenant, [project, import], [], cancellationToken);
        if (!slice.Resources.ContainsKey(project))
            return new Error.NotFound("project", request.Project);
        var done = 0L;
        if (slice.Resources.TryGetValue(import, out var known))
        {
            if (Reading.ResourceDocuments.Read(import, known.Document) is HistoryImport { Finished: true })
                return new ImportRun(file, ground, file.Lines.Count, IsFinished: true);
            done = await LastLineAsync(tenant, request.Project, file.Key, cancellationToken);
        }
        else if (ground.HasFlags)
        {
            return Error.Invalid.At("", $"project '{request.Project}' has flags; past changes go into a project without");
        }
        var refusal = await RehearseAsync(request, ground, file.Lines.Skip((int)done), cancellationToken);
        return refusal is null ? new ImportRun(file, ground, done, IsFinished: false) : refusal;
    }

    /// <summary>What is wrong with lines, or which of them the rules of now forbid; the attempt to import that one is in the log then.</summary>
    private async ValueTask<Error?> RehearseAsync(
        ImportRequest request,
        ImportGround ground,
        IEnumerable<HistoryLine> lines,
        CancellationToken cancellationToken
    )
    {
        var rules = await changes.RulesAsync(request.Actor.Tenant, cancellationToken);
        var workspace = ground.Copy();
        var found = await Rehearsal.RunAsync(
            workspace,
            lines,
            (line, edits) => changes.ForeseeAsync(request, rules, workspace, line, edits, cancellationToken)
        );
        if (found.Problems.Count > 0)
            return new Error.Invalid(found.Problems);
        if (found.Forbidden is not { } forbidden)
            return null;
        var problems = new LineProblems();
        problems.Add(forbidden.Line.Number - 1, "", forbidden.Denial.Reason);
        var denial = forbidden.Denial with { Reason = problems.All[0].Message };
        return await changes.DenyAsync(request, forbidden.Line.ToStep(import: "", subject: ""), denial, cancellationToken)
            ?? new Error.Invalid(problems.All);
    }

    /// <summary>The last line that is an entry, or 0.</summary>
    private async ValueTask<long> LastLineAsync(string tenant, string project, string import, CancellationToken cancellationToken)
    {
        var query = new AuditQuery
        {
            Project = project,
            Import = import,
            Limit = 1,
        };
        if (await store.QueryAsync(tenant, query, cancellationToken) is not [var entry])
            return 0;
        using var leaf = JsonDocument.Parse(entry.Leaf);
        return leaf.RootElement.GetProperty("meta").GetProperty("line").GetInt64();
    }

    /// <summary>Steps c and e: the entries that stand around the imported ones.</summary>
    private async ValueTask<Result<Outcome>> AnnounceAsync(
        ImportRequest request,
        Operation operation,
        CancellationToken cancellationToken
    )
    {
        var change = Change.Edit(request.Project, [operation], request.Reason, action: Action);
        var result = await changes.SubmitAsync(new Submission(request.Actor, request.Request, change), cancellationToken);
        return result.Error is null && result.Value is Outcome.Denied denied ? new Error.Denied(denied.Reason) : result;
    }

    /// <summary>The pseudonymous ids of every author of the lines that remain.</summary>
    private async ValueTask<Dictionary<string, string>> SubjectsAsync(
        string tenant,
        ImportRun run,
        CancellationToken cancellationToken
    )
    {
        var subjects = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = run.File.Lines.Skip((int)run.Done).Select(line => line.Actor).Distinct(StringComparer.Ordinal);
        foreach (var some in names.Chunk(NamesAtOnce))
        {
            var found = await store.SubjectsAsync(tenant, some, () => entropy.NewId("s"), cancellationToken);
            foreach (var (name, id) in found)
                subjects[name] = id;
        }
        return subjects;
    }

    /// <summary>An import that may go on.</summary>
    /// <param name="File">What is imported.</param>
    /// <param name="Ground">The project that the batches are written on.</param>
    /// <param name="Done">How many lines are entries already.</param>
    /// <param name="IsFinished">Whether all of the import was done before.</param>
    private sealed record ImportRun(HistoryFile File, ImportGround Ground, long Done, bool IsFinished);
}
