using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Halyard.Benchmarks.Serving;

/// <summary>What one run of wrk saw.</summary>
/// <param name="Requests">How many were answered.</param>
/// <param name="Rate">Requests per second.</param>
/// <param name="P50">Median latency, milliseconds.</param>
/// <param name="P99">99th percentile of latency, milliseconds.</param>
internal sealed record WrkFigures(double Requests, double Rate, double P50, double P99);

/// <summary>Drives an endpoint with wrk (https://github.com/wg/wrk).</summary>
internal sealed partial class Wrk(string script)
{
    private const int Connections = 16;

    /// <summary>Writes the script that makes every request.</summary>
    public static Wrk Posting(string scriptFile, string credential, string body)
    {
        File.WriteAllText(
            scriptFile,
            $"""
            wrk.method = "POST"
            wrk.body = '{body}'
            wrk.headers["Content-Type"] = "application/json"
            wrk.headers["Authorization"] = "Bearer {credential}"
            """
        );
        return new Wrk(scriptFile);
    }

    public async Task<WrkFigures> RunAsync(Uri address, TimeSpan duration)
    {
        var start = new ProcessStartInfo("wrk") { UseShellExecute = false, RedirectStandardOutput = true };
        string[] arguments =
        [
            "-t1",
            $"-c{Connections}",
            string.Create(CultureInfo.InvariantCulture, $"-d{duration.TotalSeconds:F0}s"),
            "--latency",
            "-s",
            script,
            address.ToString(),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 || Failures().IsMatch(output))
            throw new InvalidOperationException($"wrk failed:\n{output}");
        return new WrkFigures(
            Number(Total().Match(output).Groups["total"].Value),
            Number(Rate().Match(output).Groups["rate"].Value),
            Milliseconds(output, "50%"),
            Milliseconds(output, "99%")
        );
    }

    private static double Milliseconds(string output, string percentile)
    {
        var match = Regex.Match(output, $@"{percentile}\s+([\d.]+)(us|ms|s)\b", RegexOptions.None, TimeSpan.FromSeconds(1));
        var value = Number(match.Groups[1].Value);
        return match.Groups[2].Value switch
        {
            "us" => value / 1_000,
            "ms" => value,
            _ => value * 1_000,
        };
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[\d.]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"(?<total>\d+) requests in", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Total();

    // Anything but 2xx, and connections that broke: then the rate is of something else.
    [GeneratedRegex("Non-2xx|Socket errors", RegexOptions.None, 1_000)]
    private static partial Regex Failures();
}
