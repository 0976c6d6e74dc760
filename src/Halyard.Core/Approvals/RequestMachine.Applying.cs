namespace Halyard.Core.Approvals;

/// <content>Applying, and what can come of it.</content>
public static partial class RequestMachine
{
    private const int MaxPathsInWords = 10;

    private static readonly TimeSpan WaitUnlessKnown = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan WaitForTheSame = TimeSpan.FromHours(1);

    private static Result<Transition> BeginApply(ChangeRequest request, ApplyGround ground, Occasion occasion)
    {
        if (!Recheck.Judge(occasion.Tenant, request, ground, occasion.At).TryGet(out var verdict, out var error))
            return error;
        return verdict switch
        {
            RecheckVerdict.Apply apply => Begin(request, apply, occasion),
            RecheckVerdict.BackToPending back => Return(request, back, ground, occasion),
            RecheckVerdict.Conflicted conflicted => Conflict(request, new RequestCommand.Conflict(conflicted.Paths), occasion),
            RecheckVerdict.Wait wait => Delay(request, wait, occasion),
            RecheckVerdict.Expired expired => Close(request, ChangeRequestState.Expired, expired.Why, occasion),
        };
    }

    private static Result<Transition> Begin(ChangeRequest request, RecheckVerdict.Apply apply, Occasion occasion)
    {
        var next = request with { Content = apply.Content, State = ChangeRequestState.Applying, Remark = "" };
        var builder = new TransitionBuilder(request) { Next = next with { Hash = HashOf(occasion, next) } };
        if (apply.Content != request.Content)
        {
            builder.Log("rebased", "rebased: others changed other places of what it touches");
            Keep(builder);
        }
        builder.Log("applying", $"applying {builder.Next.Hash}");
        return builder.Build(occasion.At);
    }

    private static Result<Transition> Return(
        ChangeRequest request,
        RecheckVerdict.BackToPending back,
        ApplyGround ground,
        Occasion occasion
    )
    {
        var next = request with { State = ChangeRequestState.Pending, Requirement = ground.Requirement, Remark = back.Why };
        next = next with { Hash = HashOf(occasion, next) };
        var builder = new TransitionBuilder(request) { Next = next };
        builder.Log("returned", back.Why);
        // Policies of another day make another hash, and then no vote is left.
        var kept = next.Hash == request.Hash ? back.Kept : [];
        var dismissed = request.Votes.Where(vote => !kept.Any(other => other.Voter == vote.Voter)).ToList();
        Dismiss(builder, dismissed, back.Why);
        builder.Next = builder.Next with { Votes = kept };
        if (builder.Next.Quorum().OpenStage is { } stage)
            builder.Ask(
                NotificationKind.ApprovalNeeded,
                Quorum.Asked(stage, next.Progress),
                $"stage {Words.Quote(stage.Name)} {builder.Next.Quorum().Words}"
            );
        builder.Tell(NotificationKind.Decided, $"must be approved again: {back.Why}");
        return builder.Build(occasion.At);
    }

    private static Result<Transition> Delay(ChangeRequest request, RecheckVerdict.Wait wait, Occasion occasion)
    {
        var builder = new TransitionBuilder(request) { Next = request with { Remark = wait.Why } };
        builder.Log("delayed", wait.Why);
        // Every look is in the log: what waits for the same as before is looked at less often.
        var pause = request.Remark == wait.Why ? WaitForTheSame : WaitUnlessKnown;
        var until = wait.Until > occasion.At ? wait.Until.Value : occasion.At + pause;
        return builder.Build(occasion.At, until);
    }

    private static Result<Transition> Conflict(ChangeRequest request, RequestCommand.Conflict conflict, Occasion occasion)
    {
        var shown = conflict.Paths.Take(MaxPathsInWords);
        var more = conflict.Paths.Count > MaxPathsInWords ? $" and {conflict.Paths.Count - MaxPathsInWords} more" : "";
        var words = $"somebody else changed {string.Join(", ", shown)}{more}";
        var builder = new TransitionBuilder(request)
        {
            Next = request with { State = ChangeRequestState.Conflicted, Remark = words },
        };
        builder.Log("conflicted", words);
        builder.Tell(NotificationKind.Conflicted, words);
        return builder.Build(occasion.At);
    }

    private static Result<Transition> Applied(ChangeRequest request, RequestCommand.Applied applied, Occasion occasion)
    {
        if (applied.Hash != request.Hash)
            return new Error.ContentChanged(applied.Hash, request.Hash);
        var builder = new TransitionBuilder(request) { Next = request with { State = ChangeRequestState.Applied, Remark = "" } };
        builder.Log("applied", $"applied {request.Hash}");
        builder.Tell(NotificationKind.Applied, "applied");
        return builder.Build(occasion.At);
    }

    private static Result<Transition> Fail(ChangeRequest request, string why, Occasion occasion)
    {
        var words = Words.Quote(why);
        var builder = new TransitionBuilder(request)
        {
            Next = request with { State = ChangeRequestState.ApplyFailed, Remark = words },
        };
        builder.Log("apply_failed", $"applying failed: {words}");
        builder.Tell(NotificationKind.Failed, $"applying failed: {words}");
        return builder.Build(occasion.At);
    }

    private static Result<Transition> Retry(ChangeRequest request, Occasion occasion)
    {
        var builder = new TransitionBuilder(request) { Next = request with { Remark = "" } };
        builder.Log("retried", $"to be applied again, says {Words.Of(occasion.By)}");
        Stand(builder, request);
        return builder.Build(occasion.At);
    }
}
