using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Checks;

/// <summary>Checks as JSON. Reading reports every problem with its pointer.</summary>
public static class CheckJson
{
    private const int MaxAddress = 2_048;
    private const int MaxQuery = 2_048;
    private const int MaxMinutes = 365 * 24 * 60;
    private const int DefaultValidMinutes = 24 * 60;
    private const int MaxUnit = 16;

    /// <summary>The most numbers of one check.</summary>
    public const int MaxMeasures = 20;

    /// <summary>The members of the settings.</summary>
    public static IReadOnlyList<string> Members { get; } =
    ["source", "name", "target", "secret", "measures", "thresholds", "validMinutes", "environmentType", "soakMinutes"];

    /// <summary>Reads settings, and reports all that is wrong with them.</summary>
    public static CheckSettings ReadSettings(JsonCursor json)
    {
        var source = json.RequiredEnum<CheckSource>("source");
        var settings = new CheckSettings(
            source,
            json.OptionalString("name", Limits.Identifier),
            json.OptionalString("target", MaxAddress),
            json.NullableString("secret", Limits.Identifier, minLength: 1),
            ReadMeasures(json["measures"]),
            json.List("thresholds", MaxMeasures).Select(ReadThreshold).ToSequence(),
            TimeSpan.FromMinutes(json.OptionalInt("validMinutes", DefaultValidMinutes, 1, MaxMinutes)),
            json.OptionalEnum("environmentType", EnvironmentType.Staging),
            TimeSpan.FromMinutes(json.OptionalInt("soakMinutes", source == CheckSource.Soak ? 24 * 60 : 0, 0, MaxMinutes))
        );
        if (settings is { Source: CheckSource.Soak, SoakIn: EnvironmentType.Production })
            json["environmentType"].Problem("must come before production: nothing is later that could wait for it");
        // Of a source that there is not, nothing more can be said.
        var written = json["source"].Element;
        if (written.ValueKind == JsonValueKind.String && written.ValueEquals(WireNames.Of(source)))
            CheckRules.Check(settings, json);
        return settings;
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not one of a check: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.Check)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        var check = new CheckDefinition(json.RequiredString("id", int.MaxValue), json.RequiredKey("key"), ReadSettings(json));
        return problems.Count == 0 ? check : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    internal static void WriteSettings(Utf8JsonWriter writer, CheckSettings settings)
    {
        if (settings.Measures.Count > 0)
        {
            writer.WriteStartObject("measures");
            foreach (var measure in settings.Measures)
                writer.WriteString(measure.Name, measure.From);
            writer.WriteEndObject();
        }
        writer.WriteString("name", settings.Title);
        if (settings.Secret is not null)
            writer.WriteString("secret", settings.Secret);
        if (settings.Source == CheckSource.Soak)
        {
            writer.WriteString("environmentType", WireNames.Of(settings.SoakIn));
            writer.WriteNumber("soakMinutes", settings.SoakFor.TotalMinutes);
        }
        writer.WriteString("source", WireNames.Of(settings.Source));
        if (settings.Target.Length > 0)
            writer.WriteString("target", settings.Target);
        if (settings.Thresholds.Count > 0)
        {
            writer.WriteStartArray("thresholds");
            foreach (var threshold in settings.Thresholds)
                Write(writer, threshold);
            writer.WriteEndArray();
        }
        writer.WriteNumber("validMinutes", settings.ValidFor.TotalMinutes);
    }

    internal static void Write(Utf8JsonWriter writer, Threshold threshold)
    {
        writer.WriteStartObject();
        writer.WriteString("bound", WireNames.Of(threshold.Bound));
        writer.WriteString("field", threshold.Field);
        writer.WriteNumber("limit", threshold.Limit);
        writer.WriteString("unit", threshold.Unit);
        writer.WriteEndObject();
    }

    /// <summary>A finite number; another is reported.</summary>
    internal static double ReadNumber(JsonCursor json, double least = double.MinValue, double most = double.MaxValue)
    {
        if (
            json.Element.ValueKind == JsonValueKind.Number
            && json.Element.TryGetDouble(out var number)
            && double.IsFinite(number)
            && number >= least
            && number <= most
        )
            return number;
        json.Problem(least == double.MinValue ? "must be a number" : $"must be a number of {least} to {most}");
        return 0;
    }

    private static Sequence<CheckMeasure> ReadMeasures(JsonCursor json)
    {
        if (!json.Exists)
            return [];
        if (json.Element.ValueKind != JsonValueKind.Object)
        {
            json.Problem("must be an object: from each number's name to where it is found");
            return [];
        }
        var members = json.Members();
        if (members.Count > MaxMeasures)
            json.Problem($"must have at most {MaxMeasures} members");
        foreach (var (name, value) in members.Take(MaxMeasures).Where(member => !JsonCursor.IsKey(member.Name)))
            value.Problem("is named by what is no key");
        return members
            .Take(MaxMeasures)
            .Select(member => new CheckMeasure(member.Name, member.Value.Text(MaxQuery, 1)))
            .OrderBy(measure => measure.Name, StringComparer.Ordinal)
            .ToSequence();
    }

    private static Threshold ReadThreshold(JsonCursor json)
    {
        if (!json.IsObject("field", "bound", "limit", "unit"))
            return new Threshold("", Bound.AtMost, 0, "");
        return new Threshold(
            json.RequiredKey("field"),
            json.RequiredEnum<Bound>("bound"),
            ReadNumber(json["limit"]),
            json.OptionalString("unit", MaxUnit)
        );
    }
}
