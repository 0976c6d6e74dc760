using Halyard.Core;
using Halyard.Server.Management;

namespace Halyard.Server.Reports;

/// <summary>How a report is written. Wire names: json, csv, html.</summary>
internal enum ReportFormat
{
    Json,
    Csv,
    Html,
}

/// <summary>Chooses how a report is written.</summary>
internal static class ReportFormats
{
    /// <summary>What <c>?format=</c> says, else what <c>Accept</c> likes best of those given, else JSON.</summary>
    public static ReportFormat Read(HttpContext context, List<FieldProblem> problems, params ReadOnlySpan<ReportFormat> given)
    {
        if (Paging.Name<ReportFormat>(context, "format", problems) is { } named)
        {
            if (!given.Contains(named))
                problems.Add(new FieldProblem("/format", "is not given here"));
            return named;
        }
        var accepted = context.Request.GetTypedHeaders().Accept;
        var best = (Format: ReportFormat.Json, Quality: 0.0);
        foreach (var range in accepted)
        {
            var quality = range.Quality ?? 1;
            foreach (var format in given)
            {
                if (quality > best.Quality && range.MediaType.Equals(MediaType(format), StringComparison.OrdinalIgnoreCase))
                    best = (format, quality);
            }
        }
        return best.Format;
    }

    private static string MediaType(ReportFormat format) =>
        format switch
        {
            ReportFormat.Csv => "text/csv",
            ReportFormat.Html => "text/html",
            _ => "application/json",
        };
}
