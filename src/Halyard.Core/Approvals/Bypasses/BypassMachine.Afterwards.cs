using Halyard.Core.Flags.Differences;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals.Bypasses;

/// <content>What is owed once it took effect: ratification or refusal, the review, and what time brings.</content>
public static partial class BypassMachine
{
    private static Result<BypassTransition> Ratify(EmergencyBypass bypass, BypassCommand.Ratify ratify, Occasion occasion)
    {
        if (bypass.State != BypassState.Applied)
            return Wrong(bypass, "ratify");
        if (Exclusion(bypass, occasion.By) is { } excluded)
            return new Error.Denied(excluded);
        if (bypass.Ratifications.Any(agreement => agreement.By.IsSameAs(occasion.By)))
            return new Error.WrongState($"{Words.Of(occasion.By)} ratified it already");
        if (ratify.Comment.Length > EmergencyBypass.MaxText)
            return Error.Invalid.At("/comment", $"must have at most {EmergencyBypass.MaxText} characters");
        var agreement = new Agreement(occasion.By, ratify.Holds, ratify.Comment, occasion.At);
        var next = bypass with { Ratifications = [.. bypass.Ratifications, agreement] };
        if (next.Requirement is not { Stages.Count: > 0 } requirement)
            return Ratified(next, occasion);
        // What was passed by is made up for: who would have had to approve the change approves it now.
        if (!Quorum.IsAsked(requirement, [], null, ratify.Holds))
            return new Error.Denied($"ratifying it takes {Asked(requirement)}");
        var quorum = Quorum.Judge(requirement, [], [.. next.Ratifications.Select(item => item.Holds)]);
        if (quorum.IsSatisfied)
            return Ratified(next, occasion);
        var log = new List<SemanticChange>();
        var words = $"bypass {Words.Quote(next.Id)} approved afterwards by {Words.Of(occasion.By)}; {quorum.Words}";
        Log(log, next, "ratification_given", words);
        return new BypassTransition(next, log.ToSequence());
    }

    private static BypassTransition Ratified(EmergencyBypass bypass, Occasion occasion) =>
        Closed(bypass, BypassState.Ratified, "ratified", $"ratified, last by {Words.Of(occasion.By)}");

    private static Result<BypassTransition> Refuse(EmergencyBypass bypass, BypassCommand.Refuse refuse, Occasion occasion)
    {
        if (bypass.State != BypassState.Applied)
            return Wrong(bypass, "refuse");
        if (Exclusion(bypass, occasion.By) is { } excluded)
            return new Error.Denied(excluded);
        if (string.IsNullOrWhiteSpace(refuse.Comment) || refuse.Comment.Length > EmergencyBypass.MaxText)
            return Error.Invalid.At("/comment", $"must have 1 to {EmergencyBypass.MaxText} characters, and not blanks alone");
        var follows = refuse.RevertRequest is { } request
            ? $"change request {Words.Quote(request)} asks to undo it"
            : $"no request to undo it was made: {refuse.WhyNone}";
        // A refusal gives no more time than none: what was due to be undone stays due.
        var undone = bypass.Times.RevertAt is { } end ? $"; it is undone at {Time(end)} at the latest" : "";
        var next = bypass with
        {
            State = BypassState.Refused,
            RevertRequest = refuse.RevertRequest,
            Remark = $"refused by {Words.Of(occasion.By)}; {follows}{undone}",
        };
        var log = new List<SemanticChange>();
        Log(log, next, "refused", $"bypass {Words.Quote(next.Id)}: {next.Remark}");
        return new BypassTransition(next, log.ToSequence());
    }

    private static Result<BypassTransition> Review(EmergencyBypass bypass, BypassCommand.Review review, Occasion occasion)
    {
        if (bypass.Times.Applied is null)
            return Wrong(bypass, "review");
        if (bypass.Review is not null)
            return new Error.WrongState("it was reviewed already; what was found then stays");
        if (bypass.Requester.IsSameAs(occasion.By))
            return new Error.Denied($"{Words.Of(occasion.By)} asked for the bypass, and somebody else reviews it");
        var problems = Problems(review).ToList();
        if (problems.Count > 0)
            return new Error.Invalid(problems);
        var next = bypass with { Review = new BypassReview(occasion.By, review.Findings, review.ActionItems, occasion.At) };
        var count = review.ActionItems.Count;
        var log = new List<SemanticChange>();
        var items = count == 1 ? "1 action item" : $"{count} action items";
        Log(log, next, "reviewed", $"bypass {Words.Quote(next.Id)} reviewed by {Words.Of(occasion.By)}: {items}");
        return new BypassTransition(next, log.ToSequence());
    }

    private static IEnumerable<FieldProblem> Problems(BypassCommand.Review review)
    {
        if (string.IsNullOrWhiteSpace(review.Findings) || review.Findings.Length > EmergencyBypass.MaxText)
            yield return new FieldProblem(
                "/findings",
                $"must have 1 to {EmergencyBypass.MaxText} characters, and not blanks alone"
            );
        if (review.ActionItems.Count > BypassReview.MaxItems)
            yield return new FieldProblem("/actionItems", $"must have at most {BypassReview.MaxItems} elements");
        foreach (var (place, item) in review.ActionItems.Index())
        {
            if (string.IsNullOrWhiteSpace(item.Text) || item.Text.Length > Limits.Text)
                yield return new FieldProblem($"/actionItems/{place}/text", $"must have 1 to {Limits.Text} characters");
        }
    }

    private static Result<BypassTransition> Fire(EmergencyBypass bypass, BypassCommand.Due due, Occasion occasion)
    {
        if (!BypassTimer.Of(bypass).Contains(due.Timer) || due.Timer.Due > occasion.At)
            return new Error.WrongState("the timer is not due, or the bypass has gone on since it was set");
        return due.Timer.Kind switch
        {
            BypassTimerKind.Lapse => Closed(bypass, BypassState.Lapsed, "lapsed", "nobody agreed in time"),
            BypassTimerKind.Revert => Undo(bypass, due, occasion),
            BypassTimerKind.Remind => Remind(bypass, occasion),
        };
    }

    private static Result<BypassTransition> Undo(EmergencyBypass bypass, BypassCommand.Due command, Occasion occasion)
    {
        var undone = bypass with { Effect = bypass.Effect with { Undone = command.Undone } };
        switch (command.Restoration)
        {
            case Restoration.Settled:
                return Undone(undone, "its time is over, and nothing of it is left");
            case Restoration.Due due:
                var words = due.StaysOff
                    ? "its time is over; it was undone, but what was switched off since stays off"
                    : "its time is over; it was undone";
                return Undone(undone, words);
            case Restoration.Partly { IsAll: true }:
                return Undone(undone, "its time is over; it was undone, and what others changed meanwhile stays");
            case Restoration.Partly:
                const string Rest = "its time is over; what could be undone was, but others changed the same meanwhile";
                return Blocked(bypass, Rest, occasion);
            case Restoration.Blocked:
                return Blocked(bypass, "its time is over, but others changed the same meanwhile", occasion);
            default:
                return new Error.WrongState("nobody worked out how it is undone");
        }
    }

    /// <summary>Nothing of it is left. What was refused stays refused.</summary>
    private static BypassTransition Undone(EmergencyBypass bypass, string words) =>
        bypass.State == BypassState.Refused
            ? Closed(bypass, BypassState.Refused, "reverted", $"{words}; it had been refused")
            : Closed(bypass, BypassState.Reverted, "reverted", words);

    /// <summary>It stays due to be undone, and is tried again; people must look now, so what is owed for it is due now.</summary>
    private static BypassTransition Blocked(EmergencyBypass bypass, string words, Occasion occasion)
    {
        var times = bypass.Times;
        var again = occasion.At + RetryAfter(times, occasion.At);
        var byHand = bypass.State == BypassState.Refused ? "undone" : "undone, or ratified,";
        var why = $"{words}: it must be {byHand} by hand; it is tried again at {Time(again)}";
        var next = bypass with
        {
            Remark = why,
            Times = times with
            {
                RevertAt = again,
                ReviewDue = Earlier(times.ReviewDue, occasion.At),
                // Where it was due already people are being reminded.
                RemindAt = times.ReviewDue <= occasion.At ? times.RemindAt : occasion.At + ReminderEvery,
            },
        };
        var log = new List<SemanticChange>();
        Log(log, next, "revert_blocked", $"bypass {Words.Quote(next.Id)}: {why}");
        return new BypassTransition(next, log.ToSequence());
    }

    /// <summary>As long as it has been due, so that the log is not filled; never longer than a day.</summary>
    private static TimeSpan RetryAfter(BypassTimes times, DateTimeOffset at) =>
        TimeSpan.FromTicks(
            Math.Clamp((at - times.Applied!.Value - times.Duration).Ticks, TimeSpan.TicksPerHour, TimeSpan.TicksPerDay)
        );

    private static BypassTransition Remind(EmergencyBypass bypass, Occasion occasion)
    {
        var due = bypass.Times.ReviewDue!.Value;
        var again = occasion.At + ReminderEvery;
        var isOverdue = due <= occasion.At;
        var next = bypass with
        {
            Times = bypass.Times with
            {
                RemindAt =
                    !isOverdue && again > due ? due
                    : again <= due + RemindFor ? again
                    : null,
            },
        };
        var owed =
            bypass.State == BypassState.Applied
                ? bypass.Review is null
                    ? "ratification and review"
                    : "ratification"
                : bypass.Review is null
                    ? "review"
                    : "undoing";
        var log = new List<SemanticChange>();
        var words = isOverdue ? $"was due at {Time(due)}; further bypasses need a second person" : $"is due at {Time(due)}";
        Log(log, next, isOverdue ? "review_overdue" : "review_reminded", $"{owed} of bypass {Words.Quote(next.Id)} {words}");
        return new BypassTransition(next, log.ToSequence());
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one : other;

    private static string Asked(Requirement requirement) =>
        string.Join(
            " and ",
            requirement
                .Stages.SelectMany(stage => stage.Groups)
                .Select(group => $"{group.Count} of {string.Join(" or ", group.From)}")
        );
}
