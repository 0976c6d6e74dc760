using System.Globalization;
using System.Text;
using Halyard.Evaluation;

namespace Halyard.Server.Ofrep;

/// <summary>
/// Writes OFREP 0.3 answers out of a snapshot: the variant's prepared bytes, the metadata that the evaluation decided, the reason.
/// </summary>
internal sealed class OfrepWriter
{
    private readonly byte[] _ledgerIndex;
    private readonly byte[][] _ends;

    /// <summary>A writer for the answers of one snapshot.</summary>
    /// <param name="ledgerIndex">The ledger entry that the answers include up to.</param>
    public OfrepWriter(long ledgerIndex)
    {
        var index = string.Create(CultureInfo.InvariantCulture, $",\"ledgerIndex\":{ledgerIndex}");
        _ledgerIndex = Encoding.UTF8.GetBytes(index);
        // OpenFeature knows no reason for an unmet prerequisite; the metadata says it.
        _ends =
        [
            .. Enum.GetValues<EvaluationReason>()
                .Select(reason => reason == EvaluationReason.PrerequisiteFailed ? EvaluationReason.Default : reason)
                .Select(reason => Encoding.UTF8.GetBytes($"}},\"reason\":\"{reason.WireName()}\"}}")),
        ];
    }

    /// <summary>One flag's answer; an error has no value, as OFREP demands.</summary>
    public void Write(ref AnswerBuffer buffer, string key, in EvaluationResult result)
    {
        if (result.ErrorCode is { } code)
        {
            WriteError(ref buffer, key, code, Details(key, code));
            return;
        }
        buffer.Write(result.Variant!.AnswerUtf8.Span);
        buffer.Write(_ledgerIndex);
        if (result.RuleId is { } rule)
            WriteMember(ref buffer, ",\"rule\":"u8, rule);
        else if (result.OverrideId is { } pin)
            WriteMember(ref buffer, ",\"override\":"u8, pin);
        else if (result.PrerequisiteKey is { } prerequisite)
            WriteMember(ref buffer, ",\"reason\":\"PREREQUISITE_FAILED\",\"prerequisite\":"u8, prerequisite);
        if (result.ExperimentKey is { } experiment)
            WriteMember(ref buffer, ",\"experiment\":"u8, experiment);
        if (result.Detail.WireName() is { } detail)
            WriteMember(ref buffer, ",\"detail\":"u8, detail);
        buffer.Write(_ends[(int)result.Reason]);
    }

    /// <summary>An error; without a key where it concerns no flag.</summary>
    public static void WriteError(ref AnswerBuffer buffer, string? key, ErrorCode code, string details)
    {
        buffer.Write("{"u8);
        if (key is not null)
        {
            WriteMember(ref buffer, "\"key\":"u8, key);
            buffer.Write(","u8);
        }
        WriteMember(ref buffer, "\"errorCode\":"u8, code.WireName());
        WriteMember(ref buffer, ",\"errorDetails\":"u8, details);
        buffer.Write("}"u8);
    }

    private static void WriteMember(ref AnswerBuffer buffer, scoped ReadOnlySpan<byte> name, string value)
    {
        buffer.Write(name);
        buffer.WriteText(value);
    }

    private static string Details(string key, ErrorCode code) =>
        code switch
        {
            ErrorCode.FlagNotFound => string.Create(CultureInfo.InvariantCulture, $"there is no flag '{key}'"),
            ErrorCode.ParseError => string.Create(CultureInfo.InvariantCulture, $"flag '{key}' does not compile"),
            _ => "the flag could not be evaluated",
        };
}
