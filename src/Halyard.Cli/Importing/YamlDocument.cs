using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Halyard.Cli.Importing;

/// <summary>
/// One YAML document as JSON, read by the core schema of YAML 1.2.2 (section 10.3): <c>yes</c> and <c>on</c> are strings. What
/// readers of YAML disagree on is refused instead of guessed: aliases, tags of one's own, keys that are no plain text, and
/// numbers with a leading zero or an underscore.
/// </summary>
internal static partial class YamlDocument
{
    /// <summary>Converts a document.</summary>
    /// <exception cref="UnreadableSourceException">It is not one YAML document that can be read.</exception>
    public static ReadOnlyMemory<byte> ToJson(ReadOnlyMemory<byte> yaml)
    {
        var json = new ArrayBufferWriter<byte>();
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(yaml.Span);
            var parser = new Parser(new StringReader(text));
            using var writer = new Utf8JsonWriter(json, new JsonWriterOptions { MaxDepth = SourceDocument.MaxDepth });
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
                throw new UnreadableSourceException("it is empty");
            Copy(parser, writer);
            parser.Consume<DocumentEnd>();
            if (!parser.TryConsume<StreamEnd>(out _))
                throw new UnreadableSourceException("it holds more than one YAML document");
        }
        catch (YamlException problem)
        {
            throw new UnreadableSourceException($"it is not YAML that can be read: line {problem.Start.Line}: {problem.Message}");
        }
        catch (DecoderFallbackException)
        {
            throw new UnreadableSourceException("it holds text that is not valid Unicode");
        }
        return json.WrittenMemory;
    }

    // Follows the parser's events rather than its tree, so that nesting costs no stack.
    private static void Copy(Parser parser, Utf8JsonWriter writer)
    {
        var isMapping = new Stack<bool>();
        var expectsKey = false;
        do
        {
            var found =
                parser.Current ?? throw new UnreadableSourceException("it is not YAML that can be read: it ends too early");
            var isKey = expectsKey && found is not MappingEnd;
            if (isKey && found is not Scalar)
                throw At(found, "only text can be a key");
            if (isKey)
                WriteKey(writer, (Scalar)found);
            else
                WriteValue(writer, found, isMapping);
            // In a mapping a key follows everything but a key.
            expectsKey = !isKey && isMapping.TryPeek(out var inMapping) && inMapping;
            parser.MoveNext();
        } while (isMapping.Count > 0);
    }

    private static void WriteValue(Utf8JsonWriter writer, ParsingEvent found, Stack<bool> isMapping)
    {
        switch (found)
        {
            case Scalar scalar:
                WriteScalar(writer, scalar);
                break;
            case MappingStart or SequenceStart:
                Open(writer, found, isMapping);
                break;
            case MappingEnd:
                isMapping.Pop();
                writer.WriteEndObject();
                break;
            case SequenceEnd:
                isMapping.Pop();
                writer.WriteEndArray();
                break;
            case AnchorAlias:
                throw At(found, "aliases are not read; write the value out");
            default:
                throw At(found, $"{found.GetType().Name} is not expected");
        }
    }

    private static void Open(Utf8JsonWriter writer, ParsingEvent start, Stack<bool> isMapping)
    {
        if (isMapping.Count == SourceDocument.MaxDepth)
            throw At(start, $"is nested more than {SourceDocument.MaxDepth} deep");
        if (start is NodeEvent { Tag: { IsEmpty: false } tag })
            throw At(start, $"the tag {tag} is not known");
        isMapping.Push(start is MappingStart);
        if (start is MappingStart)
            writer.WriteStartObject();
        else
            writer.WriteStartArray();
    }

    private static void WriteKey(Utf8JsonWriter writer, Scalar key)
    {
        if (key.Value == "<<" && key.Style == ScalarStyle.Plain)
            throw At(key, "merge keys are not read; write the members out");
        if (!key.Tag.IsEmpty && key.Tag != "!")
            throw At(key, $"the tag {key.Tag} is not known");
        writer.WritePropertyName(key.Value);
    }

    private static void WriteScalar(Utf8JsonWriter writer, Scalar scalar)
    {
        if (!scalar.Tag.IsEmpty && scalar.Tag != "!")
            throw At(scalar, $"the tag {scalar.Tag} is not known");
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
            writer.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL")
            writer.WriteNullValue();
        else if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            writer.WriteBooleanValue(text[0] is 't' or 'T');
        else if (Decimal().IsMatch(text))
            writer.WriteRawValue(text.TrimStart('+'));
        else if (LooksLikeANumber().IsMatch(text))
            throw At(scalar, $"'{text}' is a number to some readers of YAML and text to others; quote it or write it in decimal");
        else
            writer.WriteStringValue(text);
    }

    private static UnreadableSourceException At(ParsingEvent place, string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"it is not YAML that can be read: line {place.Start.Line}: {problem}"));

    private const RegexOptions Plain =
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    // Exactly what JSON writes too, but for a plus sign in front.
    [GeneratedRegex(@"\A[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", Plain)]
    private static partial Regex Decimal();

    [GeneratedRegex(
        @"\A[+-]?(0[xob][0-9a-fA-F_]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][+-]?[0-9]+)?|\.[0-9_]+([eE][+-]?[0-9]+)?|\.(inf|Inf|INF|nan|NaN|NAN))\z",
        Plain
    )]
    private static partial Regex LooksLikeANumber();
}
