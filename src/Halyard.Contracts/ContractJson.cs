using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Halyard.Contracts;

/// <summary>Source-generated JSON of every body and answer: camel case, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    Converters = [typeof(UtcTimeConverter)]
)]
[JsonSerializable(typeof(ChangeBody))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(ChangeAnswer))]
[JsonSerializable(typeof(PreviewAnswer))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ImportAnswer))]
[JsonSerializable(typeof(MeAnswer))]
[JsonSerializable(typeof(Page<ProjectAnswer>))]
[JsonSerializable(typeof(Page<EnvironmentAnswer>))]
[JsonSerializable(typeof(Page<FlagAnswer>))]
[JsonSerializable(typeof(Page<FlagGlanceAnswer>))]
[JsonSerializable(typeof(PeopleAnswer))]
[JsonSerializable(typeof(Page<SegmentAnswer>))]
[JsonSerializable(typeof(Page<CredentialAnswer>))]
[JsonSerializable(typeof(Page<EntryAnswer>))]
[JsonSerializable(typeof(CreatedCredentialAnswer))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(Page<OpenSessionAnswer>))]
[JsonSerializable(typeof(ServiceAccountBody))]
[JsonSerializable(typeof(ServiceAccountUpdateBody))]
[JsonSerializable(typeof(Page<ServiceAccountAnswer>))]
[JsonSerializable(typeof(CreatedServiceAccountAnswer))]
[JsonSerializable(typeof(RotationBody))]
[JsonSerializable(typeof(SdkKeyBody))]
[JsonSerializable(typeof(SinkBody))]
[JsonSerializable(typeof(Page<SinkAnswer>))]
[JsonSerializable(typeof(SinkStatusAnswer))]
[JsonSerializable(typeof(SinkTestAnswer))]
[JsonSerializable(typeof(SinkRetryAnswer))]
[JsonSerializable(typeof(CountAnswer))]
[JsonSerializable(typeof(EnvironmentCheckBody))]
[JsonSerializable(typeof(Page<EnvironmentCheckAnswer>))]
[JsonSerializable(typeof(CheckReportBody))]
[JsonSerializable(typeof(CheckRunBody))]
[JsonSerializable(typeof(PromotionGatesBody))]
[JsonSerializable(typeof(PromotionGatesAnswer))]
[JsonSerializable(typeof(FlagGatesAnswer))]
[JsonSerializable(typeof(ErasureBody))]
[JsonSerializable(typeof(HoldBody))]
[JsonSerializable(typeof(Page<HoldAnswer>))]
[JsonSerializable(typeof(BypassBody))]
[JsonSerializable(typeof(BypassCommentBody))]
[JsonSerializable(typeof(BypassReviewBody))]
[JsonSerializable(typeof(BypassAnswer))]
[JsonSerializable(typeof(Page<BypassAnswer>))]
[JsonSerializable(typeof(FreezeBody))]
[JsonSerializable(typeof(Page<FreezeAnswer>))]
[JsonSerializable(typeof(RetentionBody))]
[JsonSerializable(typeof(RetentionAnswer))]
[JsonSerializable(typeof(LedgerStatusAnswer))]
[JsonSerializable(typeof(ConsistencyAnswer))]
[JsonSerializable(typeof(ExportBody))]
[JsonSerializable(typeof(JobAnswer))]
[JsonSerializable(typeof(JobRequestAnswer))]
[JsonSerializable(typeof(Page<JobAnswer>))]
[JsonSerializable(typeof(EvaluateBody))]
[JsonSerializable(typeof(EvaluateAnswer))]
[JsonSerializable(typeof(EvaluationsAnswer))]
[JsonSerializable(typeof(FlagEvaluationsAnswer))]
[JsonSerializable(typeof(ComplianceAnswer))]
[JsonSerializable(typeof(RolloutHistoryAnswer))]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(LogInBody))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(PasswordChangeBody))]
[JsonSerializable(typeof(UserBody))]
[JsonSerializable(typeof(UserUpdateBody))]
[JsonSerializable(typeof(PasswordResetBody))]
[JsonSerializable(typeof(UserAnswer))]
[JsonSerializable(typeof(Page<UserAnswer>))]
[JsonSerializable(typeof(NewPasswordAnswer))]
[JsonSerializable(typeof(LogoutAnswer))]
[JsonSerializable(typeof(ProviderListAnswer))]
[JsonSerializable(typeof(RoleBody))]
[JsonSerializable(typeof(Page<RoleAnswer>))]
[JsonSerializable(typeof(AssignmentBody))]
[JsonSerializable(typeof(Page<AssignmentAnswer>))]
[JsonSerializable(typeof(ChangeRequestAnswer))]
[JsonSerializable(typeof(Page<ChangeRequestAnswer>))]
[JsonSerializable(typeof(ApproversAnswer))]
[JsonSerializable(typeof(DelegationBody))]
[JsonSerializable(typeof(Page<DelegationAnswer>))]
[JsonSerializable(typeof(PolicySimulationBody))]
[JsonSerializable(typeof(PolicySimulationAnswer))]
[JsonSerializable(typeof(VoteBody))]
[JsonSerializable(typeof(RequestCommentBody))]
[JsonSerializable(typeof(RequestEditBody))]
[JsonSerializable(typeof(ApprovalPoliciesBody))]
[JsonSerializable(typeof(ApprovalPoliciesAnswer))]
[JsonSerializable(typeof(PolicyBody))]
[JsonSerializable(typeof(PolicyAnswer))]
[JsonSerializable(typeof(PolicyRollbackBody))]
[JsonSerializable(typeof(PolicyDryRunBody))]
[JsonSerializable(typeof(PolicyDryRunAnswer))]
[JsonSerializable(typeof(WhoCouldAnswer))]
public sealed partial class ContractJson : JsonSerializerContext
{
    /// <summary>
    /// The context to write with: escapes only what JSON demands, so that words stay readable. Answers are never part of a page.
    /// </summary>
    public static ContractJson Wire { get; } =
        new(
            new JsonSerializerOptions(JsonSerializerDefaults.Web)
            {
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                NumberHandling = JsonNumberHandling.Strict,
                Converters = { new UtcTimeConverter() },
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
