using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <content>Timers.</content>
public static partial class RequestMachine
{
    private static Result<Transition> Fire(ChangeRequest request, RequestCommand.TimerFired timer, Occasion occasion)
    {
        var stands = request.Timers.Any(held =>
            held.Kind == timer.Kind && held.Attempt == timer.Attempt && held.Due <= occasion.At
        );
        if (!stands)
            return new Error.WrongState("the timer is not due, or the request has gone on since it was set");
        return timer.Kind switch
        {
            RequestTimerKind.StageTimeout => TimeOut(request, request.Quorum().OpenStage!, occasion),
            RequestTimerKind.Expiry => Close(request, ChangeRequestState.Expired, "not decided and applied in time", occasion),
            RequestTimerKind.WindowEnd => Close(request, ChangeRequestState.Expired, "its window is over", occasion),
            RequestTimerKind.ApplyOverdue => Fail(request, "nobody said how applying ended", occasion),
        };
    }

    private static Result<Transition> TimeOut(ChangeRequest request, RequiredStage stage, Occasion occasion)
    {
        var name = Words.Quote(stage.Name);
        return stage.OnTimeout switch
        {
            TimeoutAction.Escalate => Escalate(request, stage, occasion),
            // Policies load auto-approve for development alone. Should one slip through, silence is still no consent.
            TimeoutAction.AutoApprove when request.Content.Environments.All(IsDevelopment) => Waive(request, stage, occasion),
            _ => Close(request, ChangeRequestState.Rejected, $"rejected: stage {name} took too long", occasion),
        };
    }

    private static bool IsDevelopment(TargetEnvironment target) => target.Type == EnvironmentType.Development;

    private static Result<Transition> Escalate(ChangeRequest request, RequiredStage stage, Occasion occasion)
    {
        var name = Words.Quote(stage.Name);
        var progress = ProgressOf(request, stage);
        if (progress.Escalations >= ChangeRequest.MaxEscalations)
            return Close(
                request,
                ChangeRequestState.Expired,
                $"stage {name} took too long and was escalated {progress.Escalations} times",
                occasion
            );
        var builder = new TransitionBuilder(request)
        {
            Next = With(request, progress with { Escalations = progress.Escalations + 1 }),
        };
        var asked = Quorum.Asked(stage, builder.Next.Progress);
        var words = $"stage {name} took too long; {string.Join(", ", asked)} may approve";
        builder.Log("escalated", words);
        builder.Ask(NotificationKind.Escalated, asked, words);
        Stand(builder, request);
        return builder.Build(occasion.At);
    }

    private static Result<Transition> Waive(ChangeRequest request, RequiredStage stage, Occasion occasion)
    {
        var builder = new TransitionBuilder(request) { Next = With(request, ProgressOf(request, stage) with { Waived = true }) };
        builder.Log("stage_waived", $"stage {Words.Quote(stage.Name)} took too long, which approves it in development");
        Stand(builder, request);
        return builder.Build(occasion.At);
    }

    private static StageProgress ProgressOf(ChangeRequest request, RequiredStage stage) =>
        request.Progress.FirstOrDefault(item => item.Order == stage.Order) ?? new StageProgress(stage.Order, 0, Waived: false);

    private static ChangeRequest With(ChangeRequest request, StageProgress progress) =>
        request with
        {
            Progress = request
                .Progress.Where(item => item.Order != progress.Order)
                .Append(progress)
                .OrderBy(item => item.Order)
                .ToSequence(),
        };
}
