using System.Globalization;
using System.Text.Json;

namespace Halyard.Core.Policies.Checks;

/// <summary>
/// The answer of Prometheus' <c>/api/v1/query</c>. Exactly one sample is a measurement: none is missing data, several are a question
/// that was not asked precisely, and an answer with warnings may be a part of the truth.
/// </summary>
public static class PrometheusAnswer
{
    private const int MaxDepth = 16;

    /// <summary>The one number in an answer.</summary>
    /// <param name="json">The body, whatever the status was: errors have a body of the same form.</param>
    /// <param name="notBefore">A sample from before this is too old to say anything.</param>
    public static Measured Read(ReadOnlyMemory<byte> json, DateTimeOffset notBefore)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement, notBefore);
        }
        catch (JsonException)
        {
            return Measured.Missing("the answer is no JSON");
        }
    }

    private static Measured Read(JsonElement root, DateTimeOffset notBefore)
    {
        if (Text(root, "status") is "error")
            return Measured.Missing($"the source says {Known(Text(root, "errorType"))}");
        if (Text(root, "status") is not "success" || !Member(root, "data", out var data))
            return Measured.Missing("the answer is not one of a query");
        if (
            Member(root, "warnings", out var warnings) && warnings is not { ValueKind: JsonValueKind.Array }
            || Count(warnings) > 0
        )
            return Measured.Missing("the source warns that its answer may be incomplete");
        if (!Member(data, "result", out var result) || result.ValueKind != JsonValueKind.Array)
            return Measured.Missing("the answer has no result");
        return Text(data, "resultType") switch
        {
            "scalar" => Sample(result, notBefore),
            "vector" when result.GetArrayLength() == 0 => Measured.Missing("the source has no data"),
            "vector" when result.GetArrayLength() > 1 => Measured.Missing("the query has several series for an answer"),
            "vector" => Member(result[0], "value", out var sample)
                ? Sample(sample, notBefore)
                : Measured.Missing("the series has no value"),
            _ => Measured.Missing("the query's answer is no single number"),
        };
    }

    /// <summary>A time in seconds and a number as text.</summary>
    private static Measured Sample(JsonElement sample, DateTimeOffset notBefore)
    {
        if (
            sample.ValueKind != JsonValueKind.Array
            || sample.GetArrayLength() != 2
            || sample[0].ValueKind != JsonValueKind.Number
            || sample[1].ValueKind != JsonValueKind.String
            || !sample[0].TryGetDouble(out var seconds)
            || !double.TryParse(sample[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        )
            return Measured.Missing("the sample is not a time and a number");
        return seconds < notBefore.ToUnixTimeMilliseconds() / 1_000.0
            ? Measured.Missing("the newest sample is too old")
            : Measured.Of(value);
    }

    // What others say goes into words of ours only where it is one of the words that they document.
    private static string Known(string? errorType) =>
        errorType is "timeout" or "canceled" or "execution" or "bad_data" or "internal" or "unavailable" or "not_found"
            ? errorType
            : "error";

    private static bool Member(JsonElement json, string name, out JsonElement value)
    {
        value = default;
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out value);
    }

    private static string? Text(JsonElement json, string name) =>
        Member(json, name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int Count(JsonElement list) => list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 0;
}
