using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Checks variants and prepares their answers.</summary>
internal static class VariantCompiler
{
    private static readonly byte[] True = "true"u8.ToArray();
    private static readonly byte[] False = "false"u8.ToArray();

    private static readonly JsonWriterOptions Compact = new() { Encoder = DefinitionJson.Encoder };

    /// <summary>The variants that could be read; each problem is reported.</summary>
    public static List<CompiledVariant> Compile(FlagType type, Sequence<Variant> variants, Report report)
    {
        if (variants.Count == 0)
            report.Problem("must have at least one variant");
        report.CheckCount(variants.Count, Limits.Variants);

        var used = new HashSet<string>(StringComparer.Ordinal);
        var compiled = new List<CompiledVariant>(variants.Count);
        for (var i = 0; i < variants.Count; i++)
        {
            var (place, variant) = (report.At(i), variants[i]);
            place.At("key").CheckIdentifier(variant.Key, used);
            if (TryValue(type, variant.Value, place.At("value"), out var json, out var scalar) && variant.Key is not null)
                compiled.Add(new CompiledVariant(variant.Key, compiled.Count, type, json, scalar));
        }
        return compiled;
    }

    private static bool TryValue(
        FlagType type,
        FlagValue value,
        Report report,
        [NotNullWhen(true)] out byte[]? json,
        out AttributeValue scalar
    )
    {
        json = null;
        scalar = default;
        if (Encoding.UTF8.GetByteCount(value.ToString()) > Limits.ValueBytes)
        {
            report.Problem($"must have at most {Limits.ValueBytes} bytes of JSON");
            return false;
        }
        if (type != FlagType.Json && !(ScalarReader.TryRead(value, out scalar) && KindOf(type) == scalar.Kind))
        {
            report.Problem(type == FlagType.Number ? "must be a finite number" : $"must be a {type.WireName()}");
            return false;
        }
        if (type == FlagType.Boolean)
        {
            json = scalar.Truth ? True : False;
            return true;
        }
        if (TryCompact(value, out var kind, out json) && (type != FlagType.Json || kind == JsonValueKind.Object))
            return true;
        report.Problem("must be a JSON object");
        return false;
    }

    private static AttributeKind KindOf(FlagType type) =>
        type switch
        {
            FlagType.Boolean => AttributeKind.Boolean,
            FlagType.Number => AttributeKind.Number,
            _ => AttributeKind.String,
        };

    private static bool TryCompact(FlagValue value, out JsonValueKind kind, [NotNullWhen(true)] out byte[]? json)
    {
        kind = JsonValueKind.Undefined;
        json = null;
        try
        {
            using var document = JsonDocument.Parse(value.ToString());
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer, Compact))
                document.RootElement.WriteTo(writer);
            kind = document.RootElement.ValueKind;
            json = buffer.WrittenSpan.ToArray();
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            // Not JSON, or JSON with half a surrogate pair, for which there is no UTF-8.
            return false;
        }
    }
}
