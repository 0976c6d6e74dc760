using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <content>Submitting, editing, commenting, superseding, rebasing.</content>
public static partial class RequestMachine
{
    private static Result<Transition> Submit(ChangeRequest request, RequestCommand.Submit submit, Occasion occasion)
    {
        var next = request with { Requirement = submit.Requirement, ExpiresAt = occasion.At + submit.Requirement.ExpiresAfter };
        next = next with { Hash = HashOf(occasion, next) };
        if (Unreachable(next, submit.Directory, occasion.At) is { } problem)
            return problem;
        var builder = new TransitionBuilder(request) { Next = next };
        builder.Log("submitted", $"submitted by {Words.Of(occasion.By)}");
        Stand(builder, request);
        return builder.Build(occasion.At);
    }

    private static Result<Transition> Edit(ChangeRequest request, RequestCommand.Edit edit, Occasion occasion)
    {
        var isKnown = request.Exclusion(occasion.By) is not null;
        var next = request with
        {
            Content = edit.Content,
            Requirement = edit.Requirement,
            Editors = isKnown ? request.Editors : [.. request.Editors, occasion.By],
            Remark = "",
        };
        next = next with { Hash = HashOf(occasion, next) };
        if (next.Hash == request.Hash)
            return Error.Invalid.At("", "the edit changes nothing");
        if (next.Editors.Count > ChangeRequest.MaxEditors)
            return Error.Invalid.At("", $"at most {ChangeRequest.MaxEditors} people edit one request");
        var builder = new TransitionBuilder(request) { Next = next };
        builder.Log("edited", $"edited by {Words.Of(occasion.By)}");
        if (request.State == ChangeRequestState.Draft)
            return builder.Build(occasion.At);
        if (Unreachable(next, edit.Directory, occasion.At) is { } problem)
            return problem;
        Dismiss(builder, request.Votes, "it says something else now");
        builder.Next = builder.Next with { Progress = [], ExpiresAt = occasion.At + edit.Requirement.ExpiresAfter };
        Stand(builder, request);
        return builder.Build(occasion.At);
    }

    private static Result<Transition> Rebase(ChangeRequest request, RequestCommand.Rebase rebase, Occasion occasion)
    {
        var (old, now) = (request.Content, rebase.Content);
        if (old.Operations != now.Operations || old.Window != now.Window)
            return Error.Invalid.At("/operations", "a rebase keeps the operations and the window; this is an edit");
        var next = request with { Content = now, Requirement = rebase.Requirement, Remark = "" };
        next = next with { Hash = HashOf(occasion, next) };
        if (next.Hash == request.Hash && request.State != ChangeRequestState.Conflicted)
            return Error.Invalid.At("", "there is nothing to rebase");
        if (Unreachable(next, rebase.Directory, occasion.At) is { } problem)
            return problem;
        var builder = new TransitionBuilder(request) { Next = next };
        builder.Log("rebased", $"rebased by {Words.Of(occasion.By)}");
        var isSame =
            old.Touched == now.Touched
            && old.Environments == now.Environments
            && Recheck.Conflicts(old, rebase.Resources).Count == 0;
        if (isSame && request.Requirement.Votes.KeepOnRebase && rebase.Requirement.Votes.KeepOnRebase)
            Keep(builder);
        else
        {
            Dismiss(builder, request.Votes, "it was rebased");
            builder.Next = builder.Next with { Progress = [] };
        }
        Stand(builder, request);
        return builder.Build(occasion.At);
    }

    private static Result<Transition> Comment(ChangeRequest request, RequestCommand.AddComment comment, Occasion occasion)
    {
        if (string.IsNullOrWhiteSpace(comment.Text) || comment.Text.Length > ChangeRequest.MaxComment)
            return Error.Invalid.At("/text", $"must have 1 to {ChangeRequest.MaxComment} characters");
        if (request.Comments.Count >= ChangeRequest.MaxComments)
            return Error.Invalid.At("", $"there are {ChangeRequest.MaxComments} comments already");
        var said = new RequestComment(occasion.By, occasion.At, comment.Text);
        var builder = new TransitionBuilder(request) { Next = request with { Comments = [.. request.Comments, said] } };
        builder.Log("commented", $"comment by {Words.Of(occasion.By)}");
        return builder.Build(occasion.At);
    }

    private static Result<Transition> Supersede(ChangeRequest request, RequestCommand.Supersede other, Occasion occasion) =>
        other.Request == request.Id || !JsonCursor.IsKey(other.Request)
            ? Error.Invalid.At("/request", "must be another change request")
            : Close(
                request,
                ChangeRequestState.Superseded,
                $"change request {Words.Quote(other.Request)} takes its place",
                occasion
            );

    private static void Dismiss(TransitionBuilder builder, IReadOnlyCollection<Vote> votes, string why)
    {
        if (votes.Count == 0)
            return;
        builder.Next = builder.Next with { Votes = builder.Next.Votes.Except(votes).ToSequence() };
        builder.Log("votes_dismissed", $"votes of {string.Join(", ", votes.Select(Words.Of))} no longer count: {why}");
    }

    private static void Keep(TransitionBuilder builder)
    {
        var next = builder.Next;
        foreach (var vote in next.Votes)
            builder.Log("vote_kept", $"the vote of {Words.Of(vote)} was carried over: operations and places are the same");
        builder.Next = next with { Votes = next.Votes.Select(vote => vote with { Hash = next.Hash }).ToSequence() };
    }
}
