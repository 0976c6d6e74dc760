using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Halyard.Contracts;

namespace Halyard.Server.Reports;

/// <summary>A compliance report as a page to read and print: no script, nothing loaded, one style that the policy names by its hash.</summary>
internal static class CompliancePage
{
    private const double PictureWidth = 1_000;

    private const string Style = """
        body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1b1f24;background:#fff}
        h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:#57606a}dd{margin:0}
        dd,td{unicode-bidi:isolate;overflow-wrap:anywhere}
        table{border-collapse:collapse;width:100%}th,td{border:1px solid #d0d7de;padding:.35rem .5rem;text-align:left;vertical-align:top}
        th{background:#f6f8fa}svg{width:100%;height:3rem;display:block;border:1px solid #d0d7de}
        .on{fill:#1a7f37}.partly{fill:#bf8700}.depends{fill:#8250df}.off{fill:#8c959f}.broken{fill:#cf222e}.absent{fill:#eaeef2}
        .scale{display:flex;justify-content:space-between;color:#57606a}.note{color:#57606a}
        @media print{body{margin:0;max-width:none;font-size:11px}tr{break-inside:avoid}thead{display:table-header-group}
        svg rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """;

    /// <summary>What the browser may do with the page: apply the one style.</summary>
    public static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Of(ComplianceAnswer answer)
    {
        var html = new Html();
        html.Add(
            $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Compliance report: {answer.Flag}</title><style>"
        );
        html.AddStyle();
        html.Add($"</style></head><body><h1>Compliance report: flag {answer.Flag} in {answer.Environment}</h1>");
        Question(html, answer);
        html.Add($"<h2>Timeline</h2>");
        Picture(html, answer);
        Table(html, answer);
        html.Add(
            $"<p class=\"note\">Ranges are half-open and times UTC. On means: true for a boolean flag, another variant than the off variant for any other. Entry numbers are indexes of the tenant’s ledger, which proves each of them. The report takes into account entries 0 to {answer.LedgerIndex}.</p></body></html>"
        );
        return html.ToString();
    }

    private static void AddStyle(this Html html)
    {
        var style = new Html.Handler(Style.Length, 0, html);
        style.AppendLiteral(Style);
    }

    private static void Question(Html html, ComplianceAnswer answer)
    {
        html.Add($"<dl><dt>Project</dt><dd>{answer.Project}</dd><dt>Flag</dt><dd>{answer.Flag}</dd>");
        html.Add($"<dt>Environment</dt><dd>{answer.Environment}</dd><dt>Users</dt><dd>{Users(answer)}</dd>");
        html.Add($"<dt>From</dt><dd>{Time(answer.From)}</dd><dt>To</dt><dd>{Time(answer.To)}</dd>");
        html.Add($"<dt>Asked</dt><dd>{Time(answer.AskedAt)}</dd><dt>Now</dt><dd>{answer.Current.Summary}</dd></dl>");
    }

    private static string Users(ComplianceAnswer answer)
    {
        var facts = answer.Attributes.Select(fact => $"{fact.Name} = {fact.Value} ({fact.Type})");
        var all = answer.Segment is { } segment ? facts.Prepend($"members of segment {segment}") : facts;
        all = answer.TargetingKey is { } key ? all.Prepend($"targeting key {key}") : all;
        return string.Join(", ", all) is { Length: > 0 } words ? words : "everybody";
    }

    private static void Picture(Html html, ComplianceAnswer answer)
    {
        var whole = (answer.To - answer.From).Ticks;
        html.Add($"<svg viewBox=\"0 0 {PictureWidth} 40\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Timeline\">");
        foreach (var period in answer.Periods)
        {
            var x = PictureWidth * (period.From - answer.From).Ticks / whole;
            var width = PictureWidth * (period.To - period.From).Ticks / whole;
            html.Add(
                $"<rect class=\"{period.State}\" x=\"{Math.Round(x, 3)}\" y=\"0\" width=\"{Math.Round(width, 3)}\" height=\"40\">"
            );
            html.Add($"<title>{Time(period.From)} to {Time(period.To)}: {period.Summary}</title></rect>");
        }
        html.Add($"</svg><div class=\"scale\"><span>{Time(answer.From)}</span><span>{Time(answer.To)}</span></div>");
    }

    private static void Table(Html html, ComplianceAnswer answer)
    {
        html.Add($"<h2>Periods</h2><table><thead><tr><th>From</th><th>To</th><th>State</th><th>Why</th><th>Entry</th>");
        html.Add($"<th>Changed by</th><th>Reason</th><th>Ticket</th><th>Authorised by</th></tr></thead><tbody>");
        foreach (var period in answer.Periods)
        {
            html.Add(
                $"<tr><td>{Time(period.From)}</td><td>{Time(period.To)}</td><td>{State(period)}</td><td>{period.Summary}</td>"
            );
            if (period.Started is { } turn)
            {
                var expired = turn.ExpiredOverride is null ? "" : $" (override '{turn.ExpiredOverride}' expired)";
                html.Add($"<td>{turn.Index}{expired}, {Time(turn.At)}: {turn.Description}</td>");
                html.Add($"<td>{turn.Actor.Name ?? turn.Actor.Subject}</td><td>{turn.Reason}</td>");
                html.Add($"<td>{turn.Ticket ?? turn.Incident ?? turn.Reference}</td><td>{turn.AuthorisedBy}</td></tr>");
            }
            else
                html.Add($"<td>none: before the first entry</td><td></td><td></td><td></td><td></td></tr>");
        }
        html.Add($"</tbody></table>");
    }

    private static string State(CompliancePeriodAnswer period) =>
        period.State == "partly"
            ? string.Create(CultureInfo.InvariantCulture, $"partly ({period.Percent:0.#######} %)")
            : period.State;

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
