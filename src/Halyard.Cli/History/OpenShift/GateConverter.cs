using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Halyard.Cli.History.OpenShift;

/// <summary>
/// Turns the history of OpenShift's feature gates into a history that can be imported: one line an event, gates as boolean
/// flags, each cluster profile with each feature set as an environment.
/// </summary>
internal sealed class GateConverter(IReadOnlyDictionary<string, GateMetadata> metadata)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly GateReplay _replay = new();

    /// <summary>The whole file converted.</summary>
    /// <exception cref="ConversionException">A line is no event, or contradicts the state that the lines above it leave.</exception>
    public static byte[] Convert(ReadOnlySpan<byte> events, IReadOnlyDictionary<string, GateMetadata> metadata)
    {
        var converter = new GateConverter(metadata);
        var output = new ArrayBufferWriter<byte>();
        var line = 0L;
        while (!events.IsEmpty)
        {
            var end = events.IndexOf((byte)'\n');
            var text = end < 0 ? events : events[..end];
            events = end < 0 ? [] : events[(end + 1)..];
            line++;
            var read = GateEventReader.Read(text, line);
            if (converter._replay.Apply(read) is { } contradiction)
                throw new ConversionException(line, contradiction);
            converter.Write(output, read);
            output.Write("\n"u8);
        }
        return line > 0 ? output.WrittenSpan.ToArray() : throw new ConversionException("there are no events");
    }

    /// <summary>The key of an environment: its name with a dot, since a key has no slash.</summary>
    public static string KeyOf(string environment) => environment.Replace('/', '.');

    private void Write(IBufferWriter<byte> output, GateEvent read)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("at", read.Head.Time);
        writer.WriteString("actor", read.Head.Actor);
        writer.WriteString("reason", read.Head.Reason);
        writer.WriteString("ref", $"https://github.com/openshift/api/pull/{read.Head.PullRequest}");
        writer.WriteStartArray("operations");
        WriteOperations(writer, read);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteOperations(Utf8JsonWriter writer, GateEvent read)
    {
        switch (read)
        {
            case StateImported imported:
                foreach (var state in imported.Environments)
                    WriteCreateEnvironment(writer, state.Environment);
                foreach (var gate in _replay.Gates)
                    WriteCreateFlag(writer, gate, _replay.EnabledIn(gate));
                break;
            case GateCreated created:
                WriteCreateFlag(writer, created.Gate, created.EnabledIn);
                break;
            case GateUpdated updated:
                WriteSetEnabled(writer, updated.Gate, updated.Environment, updated.After);
                break;
            case GateRemoved removed:
                WriteStart(writer, "deleteFlag");
                writer.WriteString("flag", removed.Gate);
                writer.WriteEndObject();
                break;
            case EnvironmentAdded { State: var state }:
                WriteCreateEnvironment(writer, state.Environment);
                foreach (var (gate, enabled) in state.Gates)
                {
                    if (enabled)
                        WriteSetEnabled(writer, gate, state.Environment, enabled);
                }
                break;
            case EnvironmentRemoved removed:
                WriteStart(writer, "deleteEnvironment");
                writer.WriteString("environment", KeyOf(removed.Environment));
                writer.WriteEndObject();
                break;
        }
    }

    private static void WriteStart(Utf8JsonWriter writer, string operation)
    {
        writer.WriteStartObject();
        writer.WriteString("op", operation);
    }

    private static void WriteCreateEnvironment(Utf8JsonWriter writer, string environment)
    {
        WriteStart(writer, "createEnvironment");
        writer.WriteString("environment", KeyOf(environment));
        writer.WriteString("name", environment);
        writer.WriteString("type", TypeOf(environment));
        writer.WriteEndObject();
    }

    private static void WriteSetEnabled(Utf8JsonWriter writer, string gate, string environment, bool enabled)
    {
        WriteStart(writer, "setEnabled");
        writer.WriteString("flag", gate);
        writer.WriteString("environment", KeyOf(environment));
        writer.WriteBoolean("enabled", enabled);
        writer.WriteEndObject();
    }

    private void WriteCreateFlag(Utf8JsonWriter writer, string gate, IEnumerable<string> enabledIn)
    {
        WriteStart(writer, "createFlag");
        writer.WriteString("flag", gate);
        writer.WriteString("name", gate);
        writer.WriteString("type", "boolean");
        writer.WriteString("kind", "release");
        if (metadata.TryGetValue(gate, out var known))
        {
            writer.WriteString("description", $"Component: {known.Component}. Proposal: {known.Proposal}");
            writer.WriteString("owner", known.Owner);
            writer.WriteStartArray("tags");
            writer.WriteStringValue($"component:{Slug(known.Component)}");
            writer.WriteEndArray();
        }
        writer.WriteStartObject("environments");
        foreach (var environment in enabledIn)
        {
            writer.WriteStartObject(KeyOf(environment));
            writer.WriteBoolean("enabled", true);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string TypeOf(string environment) =>
        environment[(environment.IndexOf('/', StringComparison.Ordinal) + 1)..] switch
        {
            "CustomNoUpgrade" or "DevPreviewNoUpgrade" => "development",
            "TechPreviewNoUpgrade" => "staging",
            "Default" or "LatencySensitive" => "production",
            var unknown => throw new ConversionException($"'{unknown}' is not a feature set with a known environment type"),
        };

    /// <summary>Lower case, with one hyphen for whatever is neither letter nor digit.</summary>
    private static string Slug(string words)
    {
        var slug = new StringBuilder(words.Length);
        foreach (var letter in words)
        {
            if (char.IsAsciiLetterOrDigit(letter))
                slug.Append(char.ToLowerInvariant(letter));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        return slug.ToString().TrimEnd('-');
    }
}
