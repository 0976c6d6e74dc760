using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Gating;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Reading;
using Halyard.Ledger;

namespace Halyard.Server.Gates;

/// <summary>
/// Asks the sources of the checks that open requests wait for, records what is new, and applies what is complete. What a source says
/// again is not recorded again, until the evidence would expire.
/// </summary>
internal sealed class CheckRounds(
    OpenRequests open,
    CheckDesk desk,
    ProjectReader reader,
    ChangeService changes,
    Entropy entropy,
    TimeProvider time
)
{
    private readonly HashSet<Digest> _tried = [];

    /// <summary>One round through the open requests of a tenant. One caller at a time.</summary>
    public async ValueTask GoAsync(string tenant, CancellationToken cancellationToken)
    {
        foreach (var request in await open.OfAsync(tenant, cancellationToken))
        {
            // What belongs to the tenant itself is changed with approvals alone.
            if (request.Project.Length == 0)
                continue;
            if (request.Requirement.Checks.Count > 0 || GateReader.PromotionsIn(request).Any())
                await GoAsync(tenant, request, cancellationToken);
        }
    }

    private async ValueTask GoAsync(string tenant, ChangeRequest request, CancellationToken cancellationToken)
    {
        foreach (var question in await QuestionsAsync(tenant, request, cancellationToken))
            await AskAsync(tenant, question, cancellationToken);
        if (!await desk.IsReadyAsync(tenant, request, cancellationToken))
            _tried.Remove(request.Hash);
        // Once: what else it waits for is not for checks to try again and again.
        else if (_tried.Add(request.Hash))
            await desk.ApplyAsync(tenant, request, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<CheckQuestion>> QuestionsAsync(
        string tenant,
        ChangeRequest request,
        CancellationToken cancellationToken
    )
    {
        var questions = request.Requirement.Checks.Select(check => CheckDesk.About(check, request)).ToList();
        var gates = (await reader.FindAsync(tenant, PromotionGates.Place, cancellationToken))?.Resource as PromotionGates;
        if (gates?.Metrics is not { } metrics)
            return questions;
        foreach (var promotion in GateReader.PromotionsIn(request))
        {
            var place = (request.Project, promotion.Flag, promotion.From);
            if (await desk.AboutAsync(tenant, metrics, place, cancellationToken) is { } question)
                questions.Add(question);
        }
        return questions;
    }

    private async ValueTask AskAsync(string tenant, CheckQuestion question, CancellationToken cancellationToken)
    {
        var found = await desk.FindAsync(tenant, question, cancellationToken);
        if (found.Definition is not { } definition || !CheckPull.IsPulled(definition.Settings.Source))
            return;
        if (IsGoodEnough(definition, found, question))
            return;
        var record = await desk.AskAsync(found, question, cancellationToken);
        if (found.Record is { } known && IsSaidAgain(known, record))
            return;
        var submission = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.Edit(question.Project, [record], "a change request waits for it", action: "check.run")
        );
        // Where somebody else reported meanwhile, that stands.
        await changes.SubmitAsync(submission, cancellationToken);
    }

    /// <summary>Whether there is nothing to learn yet: it passed, or it only measures, and did so lately.</summary>
    private bool IsGoodEnough(CheckDefinition definition, FoundEvidence found, CheckQuestion question)
    {
        var now = time.GetUtcNow();
        if (found.Record is not { } record || record.Definition != found.Revision || record.Evidence.Subject != question.Subject)
            return false;
        return definition.Thresholds.Count == 0 && record.Measures.Count > 0
            ? now < record.Evidence.ObservedAt + (definition.Settings.ValidFor / 2)
            : EvidenceRecord.Judge(question.Check, record, question.Subject, found.Revision, now).Result == CheckResult.Pass;
    }

    private bool IsSaidAgain(EvidenceRecord known, RecordEvidence now) =>
        known.Definition == now.Definition
        && known.Evidence.Subject == now.Evidence.Subject
        && known.Evidence.Outcome == now.Evidence.Outcome
        && known.Measures == now.Measures
        && known.Evidence.ExpiresAt > time.GetUtcNow();
}
