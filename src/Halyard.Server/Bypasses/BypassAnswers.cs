using System.Text.Json;
using Halyard.Contracts;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes.Bypassing;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Bypasses;

/// <summary>Bypasses on the wire.</summary>
internal sealed class BypassAnswers(BypassSetting setting, TimeProvider time)
{
    public BypassAnswer Of(EmergencyBypass bypass) =>
        new()
        {
            Id = bypass.Id,
            Project = bypass.Project,
            State = WireNames.Of(bypass.State),
            Kind = WireNames.Of(bypass.Kind),
            Incident = bypass.Incident.Id,
            Severity = WireNames.Of(bypass.Incident.Severity),
            Verified = bypass.Incident.IsVerified,
            Justification = bypass.Justification,
            Flag = bypass.Effect.Flag,
            Environment = bypass.Effect.Environment.Key,
            Operations =
            [
                .. bypass.Effect.Operations.Select(text => JsonSerializer.Deserialize(text, ContractJson.Wire.JsonElement)),
            ],
            Requester = bypass.Requester.Subject,
            WaitsFor =
                bypass.State == BypassState.Waiting
                    ? [.. bypass.Open(setting.Terms).Select(need => BypassRules.Words(need, setting.Terms))]
                    : [],
            Confirmations = [.. bypass.Confirmations.Select(Agreement)],
            Ratification = Count(bypass),
            Ratifications = [.. bypass.Ratifications.Select(Agreement)],
            Review = bypass.Review is { } review
                ? new BypassReviewAnswer(
                    review.By.Subject,
                    review.Findings,
                    [.. review.ActionItems.Select(item => new ActionItemBody { Text = item.Text, Ticket = item.Ticket })],
                    review.At
                )
                : null,
            RevertRequest = bypass.RevertRequest,
            Remark = bypass.Remark,
            Open = bypass.IsOpen,
            Overdue = bypass.IsOverdue(time.GetUtcNow()),
            CreatedAt = bypass.Times.Created,
            LapsesAt = bypass.Times.LapsesAt,
            AppliedAt = bypass.Times.Applied,
            RevertAt = bypass.Times.RevertAt,
            ReviewDue = bypass.Times.ReviewDue,
        };

    private static BypassAgreementAnswer Agreement(Agreement agreement) =>
        new(agreement.By.Subject, agreement.Comment, agreement.At);

    private static ApprovalCount Count(EmergencyBypass bypass)
    {
        if (bypass.Requirement is not { Stages.Count: > 0 } requirement)
            return new ApprovalCount(
                bypass.Ratifications.Count,
                1,
                bypass.Ratifications.Count > 0 ? [] : ["needs 1 more of whoever may ratify"]
            );
        var quorum = Quorum.Judge(requirement, [], [.. bypass.Ratifications.Select(item => item.Holds)]);
        return new ApprovalCount(quorum.Filled, quorum.Needed, [.. quorum.Gaps]);
    }
}
