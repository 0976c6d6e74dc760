using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Halyard.Evaluation;

namespace Halyard.Server.Ofrep;

/// <summary>Writes OFREP 0.3 answers from pre-encoded variants.</summary>
internal static class OfrepWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>A writer over a buffer.</summary>
    public static Utf8JsonWriter On(IBufferWriter<byte> buffer) => new(buffer, Options);

    /// <summary>One flag's answer; an error has no value, as OFREP demands.</summary>
    public static void Write(Utf8JsonWriter writer, string key, EvaluationResult result, long ledgerIndex)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, key);
        if (result.ErrorCode is { } code)
        {
            writer.WriteString("errorCode"u8, code.WireName());
            writer.WriteString("errorDetails"u8, Details(key, code));
        }
        else
        {
            WriteSuccess(writer, result, ledgerIndex);
        }
        writer.WriteEndObject();
    }

    /// <summary>An error that concerns no flag.</summary>
    public static void WriteError(Utf8JsonWriter writer, string? key, ErrorCode code, string details)
    {
        writer.WriteStartObject();
        if (key is not null)
            writer.WriteString("key"u8, key);
        writer.WriteString("errorCode"u8, code.WireName());
        writer.WriteString("errorDetails"u8, details);
        writer.WriteEndObject();
    }

    private static void WriteSuccess(Utf8JsonWriter writer, EvaluationResult result, long ledgerIndex)
    {
        // OpenFeature knows no reason for an unmet prerequisite; the metadata says it.
        var unmet = result.Reason == EvaluationReason.PrerequisiteFailed;
        var reason = unmet ? EvaluationReason.Default : result.Reason;
        writer.WriteString("reason"u8, reason.WireName());
        writer.WritePropertyName("variant"u8);
        writer.WriteRawValue(result.Variant!.KeyUtf8.Span, skipInputValidation: true);
        writer.WritePropertyName("value"u8);
        writer.WriteRawValue(result.Variant.ValueUtf8.Span, skipInputValidation: true);
        writer.WriteStartObject("metadata"u8);
        writer.WriteNumber("revision"u8, result.Revision);
        writer.WriteNumber("ledgerIndex"u8, ledgerIndex);
        if (unmet)
        {
            writer.WriteString("reason"u8, EvaluationReason.PrerequisiteFailed.WireName());
            writer.WriteString("prerequisite"u8, result.PrerequisiteKey);
        }
        if (result.RuleId is { } rule)
            writer.WriteString("rule"u8, rule);
        if (result.OverrideId is { } pin)
            writer.WriteString("override"u8, pin);
        if (result.ExperimentKey is { } experiment)
            writer.WriteString("experiment"u8, experiment);
        if (result.Detail.WireName() is { } detail)
            writer.WriteString("detail"u8, detail);
        writer.WriteEndObject();
    }

    private static string Details(string key, ErrorCode code) =>
        code switch
        {
            ErrorCode.FlagNotFound => string.Create(CultureInfo.InvariantCulture, $"there is no flag '{key}'"),
            ErrorCode.ParseError => string.Create(CultureInfo.InvariantCulture, $"flag '{key}' does not compile"),
            _ => "the flag could not be evaluated",
        };
}
