using System.Collections.Concurrent;
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
/// again is not recorded again, until the evidence would expire. What goes wrong with one request is logged, and keeps nobody from the
/// others.
/// </summary>
internal sealed partial class CheckRounds(
    OpenRequests open,
    CheckDesk desk,
    ProjectReader reader,
    ChangeService changes,
    CheckOptions options,
    Entropy entropy,
    TimeProvider time,
    ILogger<CheckRounds> logger
)
{
    /// <summary>The part of the patience that counts as all of it: timers may be early by a little.</summary>
    private const double NearlyAll = 0.95;

    private readonly ConcurrentDictionary<string, HashSet<Digest>> _tried = new(StringComparer.Ordinal);

    /// <summary>One round through the open requests of a tenant. One caller at a time for each.</summary>
    public async ValueTask GoAsync(string tenant, CancellationToken cancellationToken)
    {
        var requests = await open.OfAsync(tenant, cancellationToken);
        var tried = _tried.GetOrAdd(tenant, _ => []);
        tried.IntersectWith(requests.Select(request => request.Hash));
        var round = new Round(tenant, tried, new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var request in requests)
        {
            try
            {
                await GoAsync(round, request, cancellationToken);
            }
            catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(broken, request.Id, tenant);
            }
        }
    }

    private async ValueTask GoAsync(Round round, ChangeRequest request, CancellationToken cancellationToken)
    {
        // What belongs to the tenant itself is changed with approvals alone.
        if (request.Project.Length == 0)
            return;
        if (request.Requirement.Checks.Count == 0 && !GateReader.PromotionsIn(request).Any())
            return;
        foreach (var question in await QuestionsAsync(round.Tenant, request, cancellationToken))
            await AskAsync(round, question, cancellationToken);
        if (!await desk.IsReadyAsync(round.Tenant, request, cancellationToken))
            round.Tried.Remove(request.Hash);
        // Once: what else it waits for is not for checks to try again and again.
        else if (!round.Tried.Contains(request.Hash) && await desk.ApplyAsync(round.Tenant, request, cancellationToken))
            round.Tried.Add(request.Hash);
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

    private async ValueTask AskAsync(Round round, CheckQuestion question, CancellationToken cancellationToken)
    {
        var found = await desk.FindAsync(round.Tenant, question, cancellationToken);
        if (found.Definition is not { } definition || !CheckPull.IsPulled(definition.Settings.Source))
            return;
        if (IsGoodEnough(definition, found, question))
            return;
        var host = new Uri(definition.Settings.Target).Authority;
        if (round.Slow.Contains(host))
            return;
        var begun = time.GetTimestamp();
        var record = await desk.AskAsync(round.Tenant, found, question, cancellationToken);
        if (time.GetElapsedTime(begun) >= TimeSpan.FromSeconds(options.TimeoutSeconds * NearlyAll))
            round.Slow.Add(host);
        if (found.Record is { } known && IsSaidAgain(known, record))
            return;
        var submission = new Submission(
            Actor.System(round.Tenant),
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

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The checks that change request '{Request}' of tenant '{Tenant}' waits for could not be asked."
    )]
    private partial void LogFailed(Exception broken, string request, string tenant);

    /// <summary>One round.</summary>
    /// <param name="Tenant">Whose.</param>
    /// <param name="Tried">The contents of open requests that were tried since they were last ready.</param>
    /// <param name="Slow">Hosts that used up the patience in this round: they are left alone until the next.</param>
    private sealed record Round(string Tenant, HashSet<Digest> Tried, HashSet<string> Slow);
}
