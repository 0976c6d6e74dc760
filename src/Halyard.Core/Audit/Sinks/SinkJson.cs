using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Audit.Sinks;

/// <summary>Sinks as JSON. Reading reports every problem with its pointer.</summary>
public static class SinkJson
{
    /// <summary>How long an alert sink waits to tell further entries together, where nobody said otherwise.</summary>
    public const int DefaultGroupSeconds = 60;

    private const int MaxGroupSeconds = 3_600;
    private const int MaxNames = 100;
    private const int MaxAddress = 2_048;

    /// <summary>The members of the settings.</summary>
    public static IReadOnlyList<string> Members { get; } =
    ["kind", "mode", "target", "targetSecret", "secret", "previousSecret", "filter", "groupSeconds", "enabled"];

    private static readonly string[] FilterMembers = ["projects", "actions", "environmentTypes", "tags", "succeeded", "classes"];

    /// <summary>Reads settings, and reports all that is wrong with them.</summary>
    public static SinkSettings ReadSettings(JsonCursor json)
    {
        var kind = json.RequiredEnum<SinkKind>("kind");
        var settings = new SinkSettings(
            kind,
            json.OptionalEnum("mode", kind is SinkKind.Slack or SinkKind.Email ? SinkMode.Alert : SinkMode.Stream),
            json.OptionalString("target", MaxAddress),
            Name(json, "targetSecret"),
            Name(json, "secret"),
            Name(json, "previousSecret"),
            ReadFilter(json["filter"]),
            json.OptionalInt("groupSeconds", DefaultGroupSeconds, 0, MaxGroupSeconds),
            json.OptionalBool("enabled", fallback: true)
        );
        // Of a kind that there is not, nothing more can be said.
        var written = json["kind"].Element;
        if (written.ValueKind == JsonValueKind.String && written.ValueEquals(WireNames.Of(kind)))
            SinkRules.Check(settings, json);
        return settings;
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not one of a sink: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.Sink)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        var sink = new Sink(json.RequiredString("id", int.MaxValue), json.RequiredKey("key"), ReadFrom(json), ReadSettings(json));
        return problems.Count == 0 ? sink : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    /// <summary>The index that a sink starts from, or <see langword="null"/>.</summary>
    public static long? ReadFrom(JsonCursor json) => json["from"].Exists ? json.RequiredLong("from", 0) : null;

    internal static void WriteSettings(Utf8JsonWriter writer, SinkSettings settings)
    {
        writer.WriteBoolean("enabled", settings.Enabled);
        WriteFilter(writer, settings.Filter);
        writer.WriteNumber("groupSeconds", settings.GroupSeconds);
        writer.WriteString("kind", WireNames.Of(settings.Kind));
        writer.WriteString("mode", WireNames.Of(settings.Mode));
        WriteUnlessNull(writer, "previousSecret", settings.PreviousSecret);
        WriteUnlessNull(writer, "secret", settings.Secret);
        if (settings.Target.Length > 0)
            writer.WriteString("target", settings.Target);
        WriteUnlessNull(writer, "targetSecret", settings.TargetSecret);
    }

    private static SinkFilter ReadFilter(JsonCursor json)
    {
        if (!json.Exists || !json.IsObject(FilterMembers))
            return SinkFilter.All;
        return new SinkFilter(
            json.List("projects", MaxNames).Select(item => item.Key()).ToSequence(),
            json.List("actions", MaxNames).Select(ReadAction).ToSequence(),
            ReadNames<EnvironmentType>(json, "environmentTypes"),
            json.Strings("tags", MaxNames, Limits.Identifier),
            json["succeeded"].Exists ? json.RequiredBool("succeeded") : null,
            ReadNames<AlertClass>(json, "classes")
        );
    }

    private static string ReadAction(JsonCursor json)
    {
        var action = json.Text(Limits.Identifier, 1);
        if (action.Length > 0 && !SinkRules.IsAction(action))
            json.Problem($"'{action}' is not in the catalogue");
        return action;
    }

    private static Sequence<TEnum> ReadNames<TEnum>(JsonCursor json, string member)
        where TEnum : struct, Enum
    {
        var values = new List<TEnum>();
        foreach (var item in json.List(member, MaxNames))
        {
            if (WireNames.TryParse<TEnum>(item.Text(Limits.Identifier, 1), out var value))
                values.Add(value);
            else
                item.Problem($"must be one of {string.Join(", ", WireNames.All<TEnum>())}");
        }
        return values.ToSequence();
    }

    private static string? Name(JsonCursor json, string member) => json[member].Exists ? json.RequiredKey(member) : null;

    private static void WriteFilter(Utf8JsonWriter writer, SinkFilter filter)
    {
        writer.WriteStartObject("filter");
        WriteStrings(writer, "actions", filter.Actions);
        WriteStrings(writer, "classes", filter.Classes.Select(WireNames.Of));
        WriteStrings(writer, "environmentTypes", filter.EnvironmentTypes.Select(WireNames.Of));
        WriteStrings(writer, "projects", filter.Projects);
        if (filter.Succeeded is { } succeeded)
            writer.WriteBoolean("succeeded", succeeded);
        WriteStrings(writer, "tags", filter.Tags);
        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string member, IEnumerable<string> values)
    {
        writer.WriteStartArray(member);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static void WriteUnlessNull(Utf8JsonWriter writer, string member, string? value)
    {
        if (value is not null)
            writer.WriteString(member, value);
    }
}
