using System.Globalization;
using System.Text;
using Halyard.Contracts;
using Halyard.Core.Audit;
using Halyard.Core.Reading;

namespace Halyard.Server.Reports;

/// <summary>Reports as CSV, made of the same answers as their JSON.</summary>
internal static class ReportCsv
{
    /// <summary>One row a period.</summary>
    public static string Of(ComplianceAnswer answer)
    {
        var text = new StringBuilder();
        text.AppendRow(
            "project",
            "flag",
            "environment",
            "from",
            "to",
            "state",
            "percent",
            "summary",
            "variants",
            "depends_on",
            "started_at",
            "started_index",
            "started_entry",
            "started_by",
            "reason",
            "ticket",
            "incident",
            "reference",
            "description",
            "imported",
            "authorised_by",
            "expired_override",
            "ended_at",
            "ended_index",
            "ended_entry",
            "values_erased"
        );
        foreach (var period in answer.Periods)
        {
            var (started, ended) = (period.Started, period.Ended);
            text.AppendRow(
                answer.Project,
                answer.Flag,
                answer.Environment,
                Time(period.From),
                Time(period.To),
                period.State,
                period.Percent?.ToString(CultureInfo.InvariantCulture),
                period.Summary,
                string.Join(
                    ' ',
                    period.Outcomes.Select(outcome => outcome.Variant).OfType<string>().Distinct(StringComparer.Ordinal)
                ),
                string.Join(' ', period.DependsOn),
                Time(started?.At),
                Number(started?.Index),
                started?.EntryId,
                By(started),
                started?.Reason,
                started?.Ticket,
                started?.Incident,
                started?.Reference,
                started?.Description,
                started is null ? null : Truth(started.Imported),
                started?.AuthorisedBy,
                started?.ExpiredOverride,
                Time(ended?.At),
                Number(ended?.Index),
                ended?.EntryId,
                Truth(period.ValuesErased)
            );
        }
        return text.ToString();
    }

    /// <summary>One row a share: of the fallthrough where <c>rule</c> is empty.</summary>
    public static string Of(RolloutHistoryAnswer answer)
    {
        var text = new StringBuilder();
        text.AppendRow(
            "flag",
            "environment",
            "from",
            "to",
            "off",
            "rule",
            "rule_name",
            "rule_enabled",
            "variant",
            "share",
            "started_at",
            "started_index",
            "started_entry",
            "started_by",
            "reason",
            "authorised_by"
        );
        foreach (var period in answer.Periods)
        {
            foreach (var share in period.Shares)
                Row(period, null, share);
            foreach (var rule in period.Rules)
            {
                foreach (var share in rule.Shares)
                    Row(period, rule, share);
            }
        }
        return text.ToString();

        void Row(RolloutPeriodAnswer period, RuleSharesAnswer? rule, ShareAnswer share) =>
            text.AppendRow(
                answer.Flag,
                answer.Environment,
                Time(period.From),
                Time(period.To),
                period.Off,
                rule?.Id,
                rule?.Name,
                rule is null ? null : Truth(rule.Enabled),
                share.Variant,
                Number(share.Share),
                Time(period.Started?.At),
                Number(period.Started?.Index),
                period.Started?.EntryId,
                By(period.Started),
                period.Started?.Reason,
                period.Started?.AuthorisedBy
            );
    }

    private static string? By(TurnAnswer? turn) => turn?.Actor.Name ?? turn?.Actor.Subject;

    private static string Truth(bool value) => value ? "true" : "false";

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString(Seal.TimeFormat, CultureInfo.InvariantCulture);
}
