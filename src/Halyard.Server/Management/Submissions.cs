using System.Text;
using System.Text.Json;
using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;
using Halyard.Server.Approvals;
using Halyard.Server.Authentication;
using Halyard.Server.Snapshots;

namespace Halyard.Server.Management;

/// <summary>Carries changes from HTTP to the pipeline and its answers back. Every writing endpoint goes through here.</summary>
internal sealed class Submissions(ChangeService changes, SnapshotFollower snapshots, Reauthentication reauthentication)
{
    private const int MaxKey = 255;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Submits a change and answers as docs/http-api.md says.</summary>
    public async ValueTask<IResult> SubmitAsync(HttpContext context, Change change, byte[] canonicalBody)
    {
        var result = await RunAsync(context, change, canonicalBody);
        return result.TryGet(out var outcome, out var error) ? Answer(outcome) : Problems.Of(error);
    }

    /// <summary>Submits a change; the caller shapes the answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="change">What is wanted.</param>
    /// <param name="canonicalBody">The body.</param>
    /// <param name="matchesContent">Whether If-Match, where it is given, names a content and is read elsewhere; else a revision.</param>
    public async ValueTask<Result<Outcome>> RunAsync(
        HttpContext context,
        Change change,
        byte[] canonicalBody,
        bool matchesContent = false
    )
    {
        if (HeaderProblem(context, matchesContent, out var key, out var ifMatch) is { } problem)
            return problem;
        var problems = new List<FieldProblem>();
        var dryRun = DryRun(context, problems);
        if (problems.Count > 0)
            return new Error.Invalid(problems);
        var caller = context.Caller();
        // Who only looks changes nothing.
        if (!dryRun && reauthentication.Demand(caller.Actor, change.Action) is { } demand)
            return demand;
        var submission = new Submission(
            caller.Actor,
            caller.Request,
            change,
            key,
            Fingerprint(context, canonicalBody),
            dryRun,
            ifMatch
        )
        {
            // What a change of a project means is known to the pipeline alone.
            Demand = action => reauthentication.Demand(caller.Actor, action),
        };
        var result = await changes.SubmitAsync(submission, context.RequestAborted);
        if (result.Error is { } error)
            return BodyPlaces.In(canonicalBody, change, error);
        // Whoever wrote it reads it back here; the change is durable whether or not the snapshots are that far.
        if (result.Value is Outcome.Applied { Replayed: false } applied)
            await snapshots.ReachedAsync(caller.Actor.Tenant, applied.Receipt.Index, Patience, context.RequestAborted);
        return result;
    }

    /// <summary>The answer to an outcome.</summary>
    public static IResult Answer(Outcome outcome) =>
        outcome switch
        {
            Outcome.Applied applied => Answer(applied, null),
            Outcome.Pending pending => TypedResults.Json(
                new ChangeAnswer("pending", [], Receipt(pending.Receipt))
                {
                    ChangeRequest = ApprovalAnswers.Reference(pending.Request),
                    Warnings = ApprovalAnswers.Warnings(pending.Request.Warnings),
                },
                ContractJson.Wire.ChangeAnswer,
                statusCode: StatusCodes.Status202Accepted
            ),
            Outcome.Unchanged unchanged => TypedResults.Json(
                new ChangeAnswer("unchanged", Revisions(unchanged.Revisions), null),
                ContractJson.Wire.ChangeAnswer
            ),
            Outcome.Denied denied => Problems.Of(
                denied.Policy == FreezeRules.Policy ? new Error.Frozen(denied.Reason) : new Error.Denied(denied.Reason)
            ),
            Outcome.Preview preview => TypedResults.Json(Preview(preview), ContractJson.Wire.PreviewAnswer),
        };

    /// <summary>The answer to what took effect, with the change request that it was done to.</summary>
    public static IResult Answer(Outcome.Applied applied, ChangeRequestReference? request) =>
        TypedResults.Json(
            new ChangeAnswer("applied", Revisions(applied.Revisions), Receipt(applied.Receipt)) { ChangeRequest = request },
            ContractJson.Wire.ChangeAnswer
        );

    /// <summary>The answer to what took effect, with the emergency bypass that it is about; 202 where that waits for others.</summary>
    public static IResult Answer(Outcome.Applied applied, BypassAnswer bypass, bool isWaiting) =>
        TypedResults.Json(
            new ChangeAnswer(isWaiting ? "pending" : "applied", Revisions(applied.Revisions), Receipt(applied.Receipt))
            {
                Bypass = bypass,
            },
            ContractJson.Wire.ChangeAnswer,
            statusCode: isWaiting ? StatusCodes.Status202Accepted : StatusCodes.Status200OK
        );

    /// <summary>A receipt on the wire.</summary>
    public static ReceiptAnswer Receipt(Receipt receipt) => new(receipt.Log, receipt.Index, receipt.Root.ToString());

    /// <summary>The same key with another body, path or query is another request.</summary>
    private static Digest Fingerprint(HttpContext context, byte[] canonicalBody)
    {
        var line = Encoding.UTF8.GetBytes(
            $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n{context.Request.Headers.IfMatch}\n"
        );
        return Digest.Of([.. line, .. canonicalBody]);
    }

    /// <summary>
    /// Reads <c>dryRun</c> strictly: whoever misspells it must not write. A DELETE may give its reason in the address, for many
    /// clients send no body with it.
    /// </summary>
    private static bool DryRun(HttpContext context, List<FieldProblem> problems)
    {
        Paging.OnlyKnown(context, problems, HttpMethods.IsDelete(context.Request.Method) ? ["dryRun", "reason"] : ["dryRun"]);
        var dryRun = Paging.Truth(context, "dryRun", problems);
        if (dryRun is null && problems.Count == 0 && context.Request.Query.ContainsKey("dryRun"))
            problems.Add(new FieldProblem("/dryRun", "must be true or false"));
        return dryRun == true;
    }

    private static Error.Invalid? HeaderProblem(HttpContext context, bool matchesContent, out string? key, out long? ifMatch)
    {
        key = null;
        ifMatch = null;
        if (context.Request.Headers.TryGetValue("Idempotency-Key", out var sent))
        {
            key = sent.ToString();
            if (key.Length is 0 or > MaxKey || key.Any(letter => letter is < ' ' or > '~'))
                return Error.Invalid.At("", $"Idempotency-Key must have 1 to {MaxKey} printable ASCII characters");
        }
        var match = context.Request.Headers.IfMatch.ToString();
        if (match.Length == 0 || match == "*" || matchesContent)
            return null;
        if (!long.TryParse(match.Trim('"'), out var revision) || revision < 0)
            return Error.Invalid.At("", "If-Match must be a revision such as \"41\"");
        ifMatch = revision;
        return null;
    }

    private static List<RevisionAnswer> Revisions(IReadOnlyList<ResourceRevision> revisions) =>
        [.. revisions.Select(item => new RevisionAnswer(item.Name.Kind.Name(), item.Name.Key, item.Revision, item.Deleted))];

    private static PreviewAnswer Preview(Outcome.Preview preview) =>
        new(
            preview.Verdict,
            preview.Policy,
            preview.Reason,
            [.. preview.Changes.Select(change => new DiffAnswer(change.Action, change.Environment, change.Words))],
            [
                .. preview.Impact.Environments.Select(environment => new AffectedEnvironmentAnswer(
                    environment.Key,
                    WireNames.Of(environment.Type)
                )),
            ],
            preview.Impact.Flags,
            preview.Impact.Flags.Count * preview.Impact.Environments.Count,
            [
                .. preview.Resources.Select(resource => new ResourcePreviewAnswer(
                    resource.Name.Kind.Name(),
                    resource.Name.Key,
                    resource.RevisionFrom,
                    resource.RevisionTo,
                    JsonSerializer.Deserialize(resource.Patch, ContractJson.Wire.JsonElement)
                )),
            ]
        )
        {
            Rules = ApprovalAnswers.Rules(preview.Rules),
            Approval = ApprovalAnswers.Preview(preview.Approval),
            Warnings = ApprovalAnswers.Warnings(preview.Warnings),
        };
}
