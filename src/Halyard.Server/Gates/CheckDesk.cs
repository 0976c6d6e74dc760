using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Gating;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Checks;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Gates;

/// <summary>Finds what a check is about, asks its source, and applies a request that its evidence completes.</summary>
internal sealed class CheckDesk(
    RequestReader requests,
    GateReader gates,
    EvidenceShelf shelf,
    CheckPull pull,
    ChangeService changes,
    Entropy entropy,
    TimeProvider time
)
{
    /// <summary>What a check is asked about a request.</summary>
    public static CheckQuestion About(string check, ChangeRequest request)
    {
        var flags = request
            .Content.Bases.Where(item => item.Resource.Kind == ResourceKind.Flag)
            .Select(item => item.Resource.Key)
            .ToList();
        var environments = request.Content.Environments;
        return new CheckQuestion(
            check,
            request.Project,
            request.Id,
            flags is [var flag] ? flag : null,
            environments is [var only] ? only.Key : null,
            request.Id,
            CheckSubjects.Of(request)
        );
    }

    /// <summary>What a check is asked about a flag in an environment; <see langword="null"/> where either does not exist.</summary>
    public async ValueTask<CheckQuestion?> AboutAsync(
        string tenant,
        string check,
        (string Project, string Flag, string Environment) place,
        CancellationToken cancellationToken
    )
    {
        var (project, flag, environment) = place;
        return await gates.FindAsync(tenant, project, flag, environment, cancellationToken) is { } found
            ? new CheckQuestion(
                check,
                project,
                EvidenceRecord.AboutFlag(flag, environment),
                flag,
                environment,
                null,
                found.Subject
            )
            : null;
    }

    /// <summary>The definition of a check and its newest evidence about something.</summary>
    public async ValueTask<FoundEvidence> FindAsync(string tenant, CheckQuestion question, CancellationToken cancellationToken) =>
        (await shelf.FindAsync(tenant, question.Project, [question.Check], question.About, cancellationToken))[0];

    /// <summary>Asks the source, and gives what is to be recorded.</summary>
    public async ValueTask<RecordEvidence> AskAsync(
        string tenant,
        FoundEvidence found,
        CheckQuestion question,
        CancellationToken cancellationToken
    )
    {
        var definition = found.Definition!;
        var pulled = await pull.AskAsync(tenant, definition, question, cancellationToken);
        var source = new Uri(definition.Settings.Target).GetLeftPart(UriPartial.Authority);
        return Evidence(found, question, source, pulled) with { WasAsked = true };
    }

    /// <summary>What is to be recorded of what was seen.</summary>
    public static RecordEvidence Evidence(FoundEvidence found, CheckQuestion question, string source, Pulled seen) =>
        new(
            question.About,
            found.Revision,
            new Evidence(
                question.Check,
                question.Subject,
                source,
                seen.ObservedAt,
                seen.ObservedAt + found.Definition!.Settings.ValidFor,
                seen.Outcome
            ),
            seen.Measures.ToSequence()
        );

    /// <summary>Applies a request, as the system, if nothing of what checks and gates say stands in its way; the request as it is then.</summary>
    public async ValueTask<ChangeRequest?> CompleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (await requests.FindAsync(tenant, id, cancellationToken) is not { } request)
            return null;
        if (!await IsReadyAsync(tenant, request, cancellationToken))
            return request;
        await ApplyAsync(tenant, request, cancellationToken);
        return await requests.FindAsync(tenant, id, cancellationToken);
    }

    /// <summary>Whether a request is approved, its time has come, and neither checks nor gates stand in its way.</summary>
    public async ValueTask<bool> IsReadyAsync(string tenant, ChangeRequest request, CancellationToken cancellationToken)
    {
        var isOpen = request.Content.Window is not { } window || window.From <= time.GetUtcNow();
        if (!isOpen || request.State is not (ChangeRequestState.Approved or ChangeRequestState.Scheduled))
            return false;
        var findings = await changes.FindingsAsync(tenant, request, cancellationToken);
        return !findings.Blockers.Any();
    }

    /// <summary>
    /// Applies a request as the system. Whatever comes of it stands in the request; <see langword="false"/> where nothing came of it,
    /// because others wrote at the same time.
    /// </summary>
    public async ValueTask<bool> ApplyAsync(string tenant, ChangeRequest request, CancellationToken cancellationToken)
    {
        var apply = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.On(new RequestAct.Apply(request.Name), "its checks have passed")
        );
        return (await changes.SubmitAsync(apply, cancellationToken)).Error is not Error.Contended;
    }
}
