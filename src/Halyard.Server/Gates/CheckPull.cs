using Halyard.Core.Policies.Checks;

namespace Halyard.Server.Gates;

/// <summary>What asking a source came to.</summary>
/// <param name="Outcome">What it says.</param>
/// <param name="ObservedAt">When it was seen.</param>
/// <param name="Measures">The numbers, by name in ordinal order.</param>
internal sealed record Pulled(CheckOutcome Outcome, DateTimeOffset ObservedAt, IReadOnlyList<CheckNumber> Measures);

/// <summary>Asks the source of a check. Whatever is not said clearly is inconclusive.</summary>
internal sealed class CheckPull(CheckHttp http, CheckSecrets secrets, TimeProvider time)
{
    private const string PrometheusPlace = "/api/v1/query";

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    /// <summary>Whether there is somebody to ask.</summary>
    public static bool IsPulled(CheckSource source) =>
        source is CheckSource.Http or CheckSource.JsonMetric or CheckSource.Prometheus;

    /// <summary>Asks.</summary>
    /// <param name="tenant">Whose check it is.</param>
    /// <param name="check">The check.</param>
    /// <param name="question">What it is asked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<Pulled> AskAsync(
        string tenant,
        CheckDefinition check,
        CheckQuestion question,
        CancellationToken cancellationToken
    )
    {
        string? bearer = null;
        if (check.Settings.Secret is { } name)
        {
            // What stands for names in an address is never in its host.
            (bearer, var problem) = secrets.Tokens.Find(name, tenant, new Uri(check.Settings.Target));
            if (bearer is null)
                return Unknown(problem);
            // A header holds no others.
            if (!bearer.All(character => character is >= ' ' and <= '~'))
                return Unknown($"the secret '{name}' has characters that no token has, such as line breaks");
        }
        return check.Settings.Source switch
        {
            CheckSource.Http => await ServiceAsync(check, question, bearer, cancellationToken),
            CheckSource.JsonMetric => await DocumentAsync(check, question, bearer, cancellationToken),
            _ => await PrometheusAsync(check, question, bearer, cancellationToken),
        };
    }

    private async ValueTask<Pulled> ServiceAsync(
        CheckDefinition check,
        CheckQuestion question,
        string? bearer,
        CancellationToken cancellationToken
    )
    {
        var joint = check.Settings.Target.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var (target, missing) = question.Fill(check.Settings.Target, Uri.EscapeDataString);
        if (missing is not null)
            return Unknown(Unfilled(missing));
        var answer = await http.GetAsync(new Uri($"{target}{joint}{question.Query()}"), bearer, cancellationToken);
        return WhyNot(answer) is { } why ? Unknown(why) : ServiceAnswer.Read(answer.Body, check, question, time.GetUtcNow());
    }

    private async ValueTask<Pulled> DocumentAsync(
        CheckDefinition check,
        CheckQuestion question,
        string? bearer,
        CancellationToken cancellationToken
    )
    {
        var (target, missing) = question.Fill(check.Settings.Target, Uri.EscapeDataString);
        if (missing is not null)
            return Unknown(Unfilled(missing));
        var answer = await http.GetAsync(new Uri(target), bearer, cancellationToken);
        if (WhyNot(answer) is { } why)
            return Unknown(why);
        var numbers = MetricDocument.Read(answer.Body, check.Settings.Measures.Select(measure => measure.From));
        return Judged(
            check,
            check.Settings.Measures.ToDictionary(
                measure => measure.Name,
                measure => numbers[measure.From],
                StringComparer.Ordinal
            )
        );
    }

    private async ValueTask<Pulled> PrometheusAsync(
        CheckDefinition check,
        CheckQuestion question,
        string? bearer,
        CancellationToken cancellationToken
    )
    {
        // One that fails says nothing of the others.
        var asked = check.Settings.Measures.Select(async measure =>
            (measure.Name, Value: await QueryAsync(check, measure, question, bearer, cancellationToken))
        );
        var readings = await Task.WhenAll(asked);
        return Judged(check, readings.ToDictionary(item => item.Name, item => item.Value, StringComparer.Ordinal));
    }

    private async Task<Measured> QueryAsync(
        CheckDefinition check,
        CheckMeasure measure,
        CheckQuestion question,
        string? bearer,
        CancellationToken cancellationToken
    )
    {
        // Values are keys, ids and digests: none of their characters ends a string of the query's language.
        var (query, missing) = question.Fill(measure.From, value => value);
        if (missing is not null)
            return Measured.Missing(Unfilled(missing));
        var address = $"{check.Settings.Target.TrimEnd('/')}{PrometheusPlace}?query={Uri.EscapeDataString(query)}";
        var answer = await http.GetAsync(new Uri(address), bearer, cancellationToken);
        if (answer.Why.Length > 0)
            return Measured.Missing(answer.Why);
        var measured = PrometheusAnswer.Read(answer.Body, time.GetUtcNow() - Freshness);
        // Errors come with the same form of body; what is none of it is told by its status.
        return answer.Status == StatusCodes.Status200OK ? measured
            : IsError(answer) ? measured
            : Measured.Missing($"the source answered {answer.Status}");
    }

    private static bool IsError(SourceAnswer answer) =>
        answer.Status is 400 or 422 or 503
        && PrometheusAnswer.Read(answer.Body, DateTimeOffset.MinValue) is { Value: null } error
        && error.Why.StartsWith("the source says", StringComparison.Ordinal);

    private Pulled Judged(CheckDefinition check, Dictionary<string, Measured> readings) =>
        new(check.Judge(readings), time.GetUtcNow(), Numbers(readings));

    /// <summary>The numbers that there are.</summary>
    public static IReadOnlyList<CheckNumber> Numbers(IReadOnlyDictionary<string, Measured> readings) =>
        [
            .. readings
                .Where(item => item.Value.Value is not null)
                .OrderBy(item => item.Key, StringComparer.Ordinal)
                .Select(item => new CheckNumber(item.Key, item.Value.Value!.Value)),
        ];

    private static string? WhyNot(SourceAnswer answer) =>
        answer.Why.Length > 0 ? answer.Why
        : answer.Status != StatusCodes.Status200OK ? $"the source answered {answer.Status}"
        : null;

    private static string Unfilled(string name) => $"its address asks for {name}, and what is asked about has not exactly one";

    private Pulled Unknown(string why) => new(CheckOutcome.Unknown(why), time.GetUtcNow(), []);
}
