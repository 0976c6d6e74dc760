using System.Globalization;
using Halyard.Core.Policies;
using Halyard.Ledger;

namespace Halyard.Core.Approvals;

/// <summary>
/// What each command makes of a change request. Pure: the request and the command in, a <see cref="Transition"/> or the reason of a
/// refusal out. Which state may follow which stands in the <see cref="TransitionTable"/>, and every answer is held to it.
/// </summary>
public static partial class RequestMachine
{
    /// <summary>Writes a new request, as a draft.</summary>
    /// <param name="occasion">Who wants it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="project">The project's key.</param>
    /// <param name="title">Words for people.</param>
    /// <param name="ticket">The ticket, or <see langword="null"/>.</param>
    /// <param name="content">What it would do.</param>
    /// <param name="requirement">What that needs, so that the draft can show it.</param>
    public static Result<Transition> Create(
        Occasion occasion,
        string id,
        string project,
        string title,
        string? ticket,
        RequestContent content,
        Requirement requirement
    )
    {
        if (title.Length is 0 or > ChangeRequest.MaxTitle)
            return Error.Invalid.At("/title", $"must have 1 to {ChangeRequest.MaxTitle} characters");
        var draft = new ChangeRequest(
            id,
            project,
            ChangeRequestState.Draft,
            title,
            ticket,
            occasion.By,
            [],
            content,
            requirement,
            ContentHash.Of(occasion.Tenant, project, content, requirement.Policies),
            [],
            [],
            [],
            [],
            occasion.At,
            null,
            0,
            ""
        );
        var builder = new TransitionBuilder(draft);
        builder.Log("created", $"change request written by {Words.Of(occasion.By)}");
        return builder.Build(occasion.At);
    }

    /// <summary>What the command makes of the request; an error where it is refused, and then nothing happened.</summary>
    public static Result<Transition> Decide(ChangeRequest request, RequestCommand command, Occasion occasion)
    {
        if (command.Action is not { } action)
            return new Error.WrongState("there is no such command");
        var allowed = TransitionTable.Next(request.State, action);
        if (allowed.Count == 0)
            return new Error.WrongState(TransitionTable.Refusal(request.State, action));
        var result = Answer(request, command, occasion);
        if (result.TryGet(out var transition, out _) && !allowed.Contains(transition.Next.State))
            throw new InvalidOperationException($"'{action}' led from {request.State} to {transition.Next.State}.");
        return result;
    }

    private static Result<Transition> Answer(ChangeRequest request, RequestCommand command, Occasion occasion) =>
        command switch
        {
            RequestCommand.Submit submit => Submit(request, submit, occasion),
            RequestCommand.CastVote vote => CastVote(request, vote, occasion),
            RequestCommand.WithdrawVote => WithdrawVote(request, occasion),
            RequestCommand.Edit edit => Edit(request, edit, occasion),
            RequestCommand.AddComment comment => Comment(request, comment, occasion),
            RequestCommand.Cancel => Close(
                request,
                ChangeRequestState.Cancelled,
                $"withdrawn by {Words.Of(occasion.By)}",
                occasion
            ),
            RequestCommand.Supersede other => Supersede(request, other, occasion),
            RequestCommand.TimerFired timer => Fire(request, timer, occasion),
            RequestCommand.BeginApply begin => BeginApply(request, begin.Ground, occasion),
            RequestCommand.Applied applied => Applied(request, applied, occasion),
            RequestCommand.Conflict conflict => Conflict(request, conflict, occasion),
            RequestCommand.Rebase rebase => Rebase(request, rebase, occasion),
            RequestCommand.ApplyFailed failed => Fail(request, failed.Why, occasion),
            RequestCommand.Retry => Retry(request, occasion),
        };

    /// <summary>Gives the state that the votes and the content make, logs what is new about it and asks whom it needs.</summary>
    private static void Stand(TransitionBuilder builder, ChangeRequest before)
    {
        var next = builder.Next;
        var quorum = next.Quorum();
        var state =
            next.Votes.Any(vote => vote.Kind == VoteKind.RequestChanges) ? ChangeRequestState.ChangesRequested
            : !quorum.IsSatisfied ? ChangeRequestState.Pending
            : next.Content.Window is null ? ChangeRequestState.Approved
            : ChangeRequestState.Scheduled;
        builder.Next = next with { State = state };
        var isNew = state != before.State || next.Hash != before.Hash;
        if (state is ChangeRequestState.Approved or ChangeRequestState.Scheduled && isNew)
        {
            var count = quorum.Needed == 0 ? "nobody need approve it" : $"{quorum.Filled} of {quorum.Needed}";
            builder.Log("approved", $"approved: {count}");
            if (next.Content.Window is { } window)
                builder.Log("scheduled", $"scheduled from {Time(window.From)} to before {Time(window.To)}");
            builder.Tell(NotificationKind.Decided, "approved");
        }
        if (quorum.OpenStage is { } stage && state == ChangeRequestState.Pending)
        {
            if (isNew || before.Quorum().OpenStage?.Order != stage.Order)
            {
                var words = $"stage {Words.Quote(stage.Name)} {quorum.Words}";
                builder.Log("stage_opened", words);
                builder.Ask(NotificationKind.ApprovalNeeded, Quorum.Asked(stage, next.Progress), words);
            }
        }
    }

    private static Result<Transition> Close(
        ChangeRequest request,
        ChangeRequestState state,
        string words,
        Occasion occasion,
        string? remark = null
    )
    {
        var builder = new TransitionBuilder(request) { Next = request with { State = state, Remark = remark ?? words } };
        builder.Log(Halyard.Evaluation.Definitions.WireNames.Of(state), words);
        builder.Tell(NotificationKind.Decided, words);
        return builder.Build(occasion.At);
    }

    /// <summary>What is wrong with asking for this at all: a window that is over, or a quorum that nobody could fill.</summary>
    private static Error.Invalid? Unreachable(ChangeRequest next, ApproverDirectory directory, DateTimeOffset at)
    {
        if (next.Content.Window is { } window && window.To <= at)
            return Error.Invalid.At("/schedule/notAfter", "must be in the future");
        if (at + next.Requirement.ExpiresAfter is { } end && next.Content.Window?.From >= end)
            return Error.Invalid.At("/schedule/notBefore", $"must be before the request expires, {Time(end)}");
        return Quorum.Gap(next.Requirement, directory.Members.Where(member => next.Exclusion(member.Who) is null)) is { } gap
            ? Error.Invalid.At("", gap)
            : null;
    }

    private static Digest HashOf(Occasion occasion, ChangeRequest request) =>
        ContentHash.Of(occasion.Tenant, request.Project, request.Content, request.Requirement.Policies);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
