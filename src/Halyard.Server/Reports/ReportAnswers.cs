using Halyard.Contracts;
using Halyard.Core.Reading;
using Halyard.Core.Reading.Compliance;
using Halyard.Core.Reading.Pasts;
using Halyard.Core.Reading.Rollouts;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Reports;

/// <summary>Reports on the wire.</summary>
internal static class ReportAnswers
{
    private const string NotWitnessed = "imported, not witnessed";
    private const string InArchive = "the entry was purged and is in the archive";

    /// <summary>A compliance report; its CSV and its page are made of this.</summary>
    public static ComplianceAnswer Of(ComplianceReport report, ComplianceQuestion question, ReportFacts facts) =>
        new()
        {
            Project = question.Project,
            Flag = question.Flag,
            Environment = question.Environment,
            TargetingKey = facts.Context.TargetingKey,
            Attributes = facts.Attributes,
            Segment = question.Segment,
            From = report.Range.From,
            To = report.Range.To,
            AskedAt = report.Now,
            LedgerIndex = report.LedgerIndex,
            Current = Period(report.Current, report.Entries),
            Periods = [.. report.Periods.Select(period => Period(period, report.Entries))],
        };

    /// <summary>A rollout history; its CSV is made of this.</summary>
    public static RolloutHistoryAnswer Of(RolloutReport report, string flag, string environment) =>
        new(
            flag,
            environment,
            report.Range.From,
            report.Range.To,
            report.LedgerIndex,
            [
                .. report.Periods.Select(period => new RolloutPeriodAnswer
                {
                    From = period.From,
                    To = period.To,
                    Off = period.State.Off is { } off ? WireNames.Of(off) : null,
                    Shares = Shares(period.State.Shares),
                    Rules =
                    [
                        .. period.State.Rules.Select(rule => new RuleSharesAnswer(
                            rule.Id,
                            rule.Name,
                            rule.Enabled,
                            Shares(rule.Shares)
                        )),
                    ],
                    Started = Turn(period.Started, report.Entries),
                    Ended = Turn(period.Ended, report.Entries),
                }),
            ]
        );

    private static CompliancePeriodAnswer Period(
        Period<ComplianceJudgement> period,
        IReadOnlyDictionary<long, EntryView> entries
    ) =>
        new()
        {
            From = period.From,
            To = period.To,
            State = WireNames.Of(period.State.State),
            Percent = period.State.Percent,
            Summary = ComplianceWords.Describe(period.State),
            Outcomes =
            [
                .. period.State.Outcomes.Select(outcome => new ComplianceOutcomeAnswer(
                    outcome.Variant,
                    outcome.On,
                    WireNames.Of(outcome.By),
                    outcome.Id,
                    outcome.Name.Length == 0 ? null : outcome.Name,
                    outcome.Percent,
                    [.. outcome.Attributes]
                )),
            ],
            OutcomesLeftOut = period.State.OutcomesLeftOut,
            DependsOn = [.. period.State.Attributes],
            ValuesErased = period.State.ValuesErased,
            Started = Turn(period.Started, entries),
            Ended = Turn(period.Ended, entries),
        };

    /// <summary>What is left to say of a turn whose entry is in the archive alone.</summary>
    private static TurnAnswer Purged(Turn turn) =>
        new()
        {
            At = turn.At,
            Index = turn.Index,
            EntryId = "",
            ExpiredOverride = turn.Expired,
            Actor = new ActorAnswer("", null, ""),
            Description = InArchive,
            Reason = null,
            Imported = false,
            AuthorisedBy = InArchive,
        };

    private static TurnAnswer? Turn(Turn? turn, IReadOnlyDictionary<long, EntryView> entries)
    {
        if (turn is null)
            return null;
        if (!entries.TryGetValue(turn.Index, out var view))
            return Purged(turn);
        var kind = view.IsImported ? "user" : view.Leaf.GetProperty("actor").GetProperty("kind").GetString()!;
        var why = view.Leaf.GetProperty("why");
        return new TurnAnswer
        {
            At = turn.At,
            Index = turn.Index,
            EntryId = view.Leaf.GetProperty("id").GetString()!,
            ExpiredOverride = turn.Expired,
            Actor = new ActorAnswer(view.Subject, view.SubjectName, kind),
            Description = view.Description,
            Reason = view.Reason,
            Ticket = why.GetProperty("ticket").GetString(),
            Incident = why.GetProperty("incident").GetString(),
            Reference = view.Reference,
            Imported = view.IsImported,
            AuthorisedBy =
                view.IsImported ? NotWitnessed
                : view.Leaf.GetProperty("decision").GetProperty("policy").GetString() == "bypass"
                    ? $"emergency bypass in incident {why.GetProperty("incident").GetString()}, by {view.SubjectName ?? view.Subject}"
                : $"policy {view.Leaf.GetProperty("decision").GetProperty("policy").GetString()} for {view.SubjectName ?? view.Subject}",
        };
    }

    private static IReadOnlyList<ShareAnswer> Shares(Sequence<RolloutShare> shares) =>
        [.. shares.Select(share => new ShareAnswer(share.Variant, share.Share))];
}
