using System.Text.Json;
using Halyard.Contracts;
using Halyard.Core.Approvals;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Judging;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Approvals;

/// <summary>Change requests on the wire.</summary>
internal static class ApprovalAnswers
{
    public static ChangeRequestReference Reference(PendingRequest request) =>
        new(request.Name.Key, ProjectOf(request.Name.Project), request.Hash.ToString(), null, null);

    public static ChangeRequestReference Reference(ChangeRequest request) =>
        new(
            request.Id,
            ProjectOf(request.Project),
            request.Hash.ToString(),
            WireNames.Of(request.State),
            Count(request.Quorum())
        );

    public static ApprovalPreviewAnswer? Preview(ApprovalPreview? preview) =>
        preview is null ? null : new(Requirement(preview.Requirement), [.. preview.CanApprove], preview.Refusal);

    public static IReadOnlyList<MatchedRuleAnswer> Rules(Sequence<MatchedRule> rules) =>
        [
            .. rules.Select(rule => new MatchedRuleAnswer(
                rule.Policy,
                rule.Rule,
                WireNames.Of(rule.Effect),
                [.. rule.Environments],
                rule.Why
            )),
        ];

    public static ApproversAnswer Approvers(RequestApprovers found) =>
        new(
            Count(found.Quorum),
            found.Quorum.OpenStage?.Name,
            [.. found.Asked],
            [
                .. found.People.Select(member => new AbleApproverAnswer(
                    member.Subject,
                    [.. member.Holds],
                    [.. member.Delegates.Select(other => new DelegateAnswer(other.Subject, other.Delegation))]
                )),
            ]
        );

    /// <summary>The warnings, or <see langword="null"/> where there are none.</summary>
    public static IReadOnlyList<string>? Warnings(IReadOnlyList<string> warnings) => warnings.Count == 0 ? null : warnings;

    public static ChangeRequestAnswer Of(ChangeRequest request, Sequence<string>? canApprove = null) =>
        new()
        {
            Id = request.Id,
            Project = ProjectOf(request.Project),
            State = WireNames.Of(request.State),
            Title = request.Title,
            Ticket = request.Ticket,
            Remark = request.Remark,
            Requester = request.Requester.Subject,
            Editors = [.. request.Editors.Select(editor => editor.Subject)],
            Hash = request.Hash.ToString(),
            Operations =
            [
                .. request.Content.Operations.Select(text => JsonSerializer.Deserialize(text, ContractJson.Wire.JsonElement)),
            ],
            Bases =
            [
                .. request.Content.Bases.Select(item => new RevisionAnswer(
                    item.Resource.Kind.Name(),
                    item.Resource.Key,
                    item.Revision,
                    Deleted: false
                )),
            ],
            Environments =
            [
                .. request.Content.Environments.Select(item => new AffectedEnvironmentAnswer(item.Key, WireNames.Of(item.Type))),
            ],
            Requirement = Requirement(request.Requirement),
            Approvals = Count(request.Quorum()),
            CanApprove = canApprove is null ? null : [.. canApprove],
            Votes =
            [
                .. request.Votes.Select(vote => new VoteAnswer(
                    vote.Voter.Subject,
                    vote.For?.Subject,
                    WireNames.Of(vote.Kind),
                    vote.Comment,
                    vote.At
                )),
            ],
            Comments = [.. request.Comments.Select(said => new RequestCommentAnswer(said.By.Subject, said.Text, said.At))],
            CreatedAt = request.CreatedAt,
            ExpiresAt = request.ExpiresAt,
            Schedule = request.Content.Window is { } window
                ? new ScheduleBody { NotBefore = window.From, NotAfter = window.To }
                : null,
            DespiteFreezes = request.DespiteFreezes,
        };

    private static RequirementAnswer Requirement(Requirement requirement) =>
        new(
            [
                .. requirement
                    .Stages.OrderBy(stage => stage.Order)
                    .Select(stage => new StageAnswer(
                        stage.Name,
                        stage.Order,
                        [.. stage.Groups.Select(group => new ApproverGroupAnswer(group.Count, [.. group.From]))]
                    )),
            ],
            [.. requirement.Checks],
            [.. requirement.Rules]
        );

    private static ApprovalCount Count(QuorumState quorum) => new(quorum.Filled, quorum.Needed, [.. quorum.Gaps]);

    private static string? ProjectOf(string project) => project.Length == 0 ? null : project;
}
