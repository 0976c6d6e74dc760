using System.Text.Json.Nodes;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Exporting.Flagd;

/// <summary>Something of a flag that flagd cannot say; the flag is then left out.</summary>
/// <param name="Flag">The flag's key.</param>
/// <param name="What">What, in words for people.</param>
internal sealed record ExportNote(string Flag, string What);

/// <summary>Writes an environment as flagd's definitions (https://flagd.dev/schema/v0/flags.json).</summary>
internal static class FlagdExporter
{
    private const string Schema = "https://flagd.dev/schema/v0/flags.json";

    /// <summary>
    /// The document. A flag in it serves in flagd the variant that it serves here, for every context whose attributes have the
    /// types they are compared with; all others are left out and noted.
    /// </summary>
    public static JsonObject Export(EnvironmentDefinition environment, ICollection<ExportNote> notes)
    {
        var flags = new JsonObject();
        var segments = environment.Segments.ToDictionary(segment => segment.Key, StringComparer.Ordinal);
        foreach (var flag in environment.Flags)
        {
            var gaps = new List<string>();
            var written = Flag(flag, segments, gaps);
            foreach (var gap in gaps.Distinct(StringComparer.Ordinal))
                notes.Add(new ExportNote(flag.Flag.Key, gap));
            if (gaps.Count == 0)
                flags[flag.Flag.Key] = written;
        }
        return new JsonObject { ["$schema"] = Schema, ["flags"] = flags };
    }

    private static JsonObject Flag(FlagInEnvironment flag, Dictionary<string, SegmentDefinition> segments, List<string> gaps)
    {
        var (definition, configuration) = (flag.Flag, flag.Configuration);
        var variants = new JsonObject();
        foreach (var variant in definition.Variants)
            variants[variant.Key] = JsonNode.Parse(variant.Value.Json);
        // A flag that is off serves its off variant; flagd's own DISABLED would be an error instead.
        var isOff = !configuration.Enabled || definition.Status is FlagStatus.Draft or FlagStatus.Archived;
        var written = new JsonObject { ["state"] = "ENABLED", ["variants"] = variants };
        var writer = new TargetingWriter(definition, segments, gaps);
        if (isOff)
            written["defaultVariant"] = configuration.OffVariant;
        else
            writer.Write(configuration, written);
        return written;
    }
}
