using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <content>Votes.</content>
public static partial class RequestMachine
{
    private static Result<Transition> CastVote(ChangeRequest request, RequestCommand.CastVote cast, Occasion occasion)
    {
        if (cast.Hash != request.Hash)
            return new Error.ContentChanged(cast.Hash, request.Hash);
        if (cast.Kind != VoteKind.Approve && string.IsNullOrWhiteSpace(cast.Comment))
            return Error.Invalid.At("/comment", "must say why");
        if (cast.Comment.Length > ChangeRequest.MaxComment)
            return Error.Invalid.At("/comment", $"must have at most {ChangeRequest.MaxComment} characters");
        var vote = new Vote(occasion.By, cast.By?.From, cast.Kind, cast.Hash, cast.Comment, cast.Holds, occasion.At);
        if (Refusal(request, vote, cast.By, occasion) is { } why)
            return new Error.Denied(why);

        // The last vote counts: of the voter, and of whom it is cast for or was cast by another.
        var others = request.Votes.Where(earlier => !earlier.Involves(vote.Voter) && !earlier.Involves(vote.Principal));
        var next = request with { Votes = [.. others, vote] };
        if (next.Votes.Count > ChangeRequest.MaxVotes)
            return Error.Invalid.At("", $"at most {ChangeRequest.MaxVotes} people vote on one request");
        if (cast.Kind == VoteKind.Reject && request.Requirement.Votes.AnyRejectCloses)
            return Close(next, ChangeRequestState.Rejected, $"rejected by {Words.Of(vote)}", occasion);
        var builder = new TransitionBuilder(request) { Next = next };
        Log(builder, vote);
        Stand(builder, request);
        return builder.Build(occasion.At);
    }

    private static string? Refusal(ChangeRequest request, Vote vote, Delegation? delegation, Occasion occasion)
    {
        if (delegation?.Refusal(occasion.By, request, occasion.At) is { } unfit)
            return $"the delegation does not allow it: {unfit}";
        if ((request.Exclusion(vote.Voter) ?? request.Exclusion(vote.Principal)) is { } excluded)
            return excluded;
        if (vote.For is { } other && request.Votes.Any(earlier => earlier.Voter.IsSameAs(other)))
            return $"{Words.Of(other)} has voted already";
        var upTo = vote.Kind == VoteKind.Approve ? request.Quorum().OpenStage : null;
        if (Quorum.IsAsked(request.Requirement, request.Progress, upTo, vote.Holds))
            return null;
        var asked = upTo ?? request.Requirement.Stages.OrderBy(stage => stage.Order).LastOrDefault();
        return asked is null
            ? "nobody need approve this, so nobody votes on it"
            : $"stage {Words.Quote(asked.Name)} asks {string.Join(", ", Quorum.Asked(asked, request.Progress))}";
    }

    private static void Log(TransitionBuilder builder, Vote vote)
    {
        var quorum = builder.Next.Quorum();
        switch (vote.Kind)
        {
            case VoteKind.Approve:
                builder.Log("approval_given", $"approved by {Words.Of(vote)} ({quorum.Filled} of {quorum.Needed})");
                break;
            case VoteKind.Reject:
                builder.Log("objected", $"rejected by {Words.Of(vote)}, which does not close it");
                break;
            case VoteKind.RequestChanges:
                builder.Log("changes_requested", $"changes requested by {Words.Of(vote)}");
                builder.Tell(NotificationKind.Decided, "changes requested");
                break;
        }
    }

    private static Result<Transition> WithdrawVote(ChangeRequest request, Occasion occasion)
    {
        var mine = request.Votes.Where(vote => vote.Involves(occasion.By)).ToList();
        if (mine.Count == 0)
            return new Error.WrongState("there is no vote of yours to withdraw");
        var builder = new TransitionBuilder(request) { Next = request with { Votes = request.Votes.Except(mine).ToSequence() } };
        foreach (var vote in mine)
            builder.Log("vote_withdrawn", $"vote of {Words.Of(vote)} withdrawn");
        Stand(builder, request);
        return builder.Build(occasion.At);
    }
}
