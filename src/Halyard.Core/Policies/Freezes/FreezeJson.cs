using System.Globalization;
using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Freezes;

/// <summary>Freezes as JSON. Reading reports every problem with its pointer.</summary>
public static class FreezeJson
{
    private const int MaxNames = 100;
    private const int MaxSpans = 50;
    private const int MaxZone = 64;
    private const int DefaultApprovers = 2;
    private const int MaxApprovers = 10;
    private const string TimeFormat = "HH:mm";
    private const string DateFormat = "yyyy-MM-dd";

    private static readonly string[] ScopeMembers = ["projects", "environments", "environmentTypes", "tags"];
    private static readonly string[] RecurrenceMembers =
    [
        "every",
        "days",
        "month",
        "day",
        "nth",
        "at",
        "minutes",
        "from",
        "until",
    ];

    /// <summary>The members of the settings.</summary>
    public static IReadOnlyList<string> Members { get; } =
    ["name", "enabled", "scope", "approvers", "zone", "intervals", "recurring", "forIncident"];

    /// <summary>Reads settings, and reports all that is wrong with them.</summary>
    public static FreezeSettings ReadSettings(JsonCursor json)
    {
        var settings = new FreezeSettings(
            json.OptionalString("name", Limits.Identifier),
            json.OptionalBool("enabled", fallback: true),
            ReadScope(json["scope"]),
            json.OptionalInt("approvers", DefaultApprovers, 1, MaxApprovers),
            json.OptionalString("zone", MaxZone, "UTC"),
            json.List("intervals", MaxSpans).Select(ReadInterval).ToSequence(),
            json.List("recurring", MaxSpans).Select(ReadRecurrence).ToSequence()
        )
        {
            ForIncident = json["forIncident"].Exists ? json.RequiredKey("forIncident") : null,
        };
        if (!json["intervals"].Exists && !json["recurring"].Exists)
            json["intervals"].Problem("or recurring is required: it says when");
        return settings;
    }

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not one of a freeze: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.Freeze)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var json = JsonCursor.Root(parsed.RootElement, problems);
        var freeze = new Freeze(json.RequiredString("id", int.MaxValue), json.RequiredKey("key"), ReadSettings(json));
        return problems.Count == 0 ? freeze : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    internal static void WriteSettings(Utf8JsonWriter writer, FreezeSettings settings)
    {
        writer.WriteNumber("approvers", settings.Approvers);
        writer.WriteBoolean("enabled", settings.Enabled);
        if (settings.ForIncident is { } incident)
            writer.WriteString("forIncident", incident);
        writer.WriteStartArray("intervals");
        foreach (var window in settings.Intervals)
        {
            writer.WriteStartObject();
            writer.WriteString("from", Rfc3339.Format(window.Start));
            if (!window.IsOpen)
                writer.WriteString("to", Rfc3339.Format(window.End));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("name", settings.Title);
        writer.WriteStartArray("recurring");
        foreach (var recurrence in settings.Recurring)
            Write(writer, recurrence);
        writer.WriteEndArray();
        writer.WriteStartObject("scope");
        Write(writer, "environmentTypes", settings.Scope.EnvironmentTypes.Select(WireNames.Of));
        Write(writer, "environments", settings.Scope.Environments);
        Write(writer, "projects", settings.Scope.Projects);
        Write(writer, "tags", settings.Scope.Tags);
        writer.WriteEndObject();
        writer.WriteString("zone", settings.Zone);
    }

    private static FreezeScope ReadScope(JsonCursor json)
    {
        if (!json.Exists || !json.IsObject(ScopeMembers))
            return new FreezeScope([], [], [], []);
        return new FreezeScope(
            json.List("projects", MaxNames).Select(item => item.Key()).ToSequence(),
            json.List("environments", MaxNames).Select(item => item.Key()).ToSequence(),
            ReadNames<EnvironmentType>(json, "environmentTypes"),
            json.Strings("tags", MaxNames, Limits.Identifier)
        );
    }

    private static FreezeWindow ReadInterval(JsonCursor json)
    {
        if (!json.IsObject("from", "to"))
            return default;
        var from = RequiredTime(json, "from");
        var to = json.OptionalTime("to");
        if (from is not null && to is not null && from >= to)
            json["to"].Problem("must be after from");
        return new FreezeWindow(from ?? default, to ?? DateTimeOffset.MaxValue);
    }

    private static Recurrence ReadRecurrence(JsonCursor json)
    {
        if (!json.IsObject(RecurrenceMembers))
            return new Recurrence(Frequency.Weekly, [], null, null, null, default, 1, null, null);
        var recurrence = new Recurrence(
            json.RequiredEnum<Frequency>("every"),
            ReadNames<DayOfWeek>(json, "days"),
            json["month"].Exists ? json.RequiredInt("month", 1, 12) : null,
            OptionalCount(json, "day", 31),
            OptionalCount(json, "nth", 5),
            ReadTime(json["at"]),
            json.RequiredInt("minutes", 1, Recurrence.MaxMinutes),
            ReadDate(json["from"]),
            ReadDate(json["until"])
        );
        CheckDays(json, recurrence);
        return recurrence;
    }

    private static void CheckDays(JsonCursor json, Recurrence recurrence)
    {
        var weekly = recurrence.Every == Frequency.Weekly;
        if (recurrence.Month is null == (recurrence.Every == Frequency.Yearly))
            json["month"].Problem("belongs to what comes every year, and is required there");
        if (weekly && (recurrence.Day ?? recurrence.Nth) is not null)
            json[recurrence.Day is null ? "nth" : "day"].Problem("has no use in what comes every week");
        if (!weekly && recurrence.Day is null == recurrence.Nth is null)
            json["day"].Problem("or nth is required, and only one of them");
        if (recurrence.Days.Count == 0 && (weekly || recurrence.Nth is not null))
            json["days"].Problem("is required: the days of the week");
        if (recurrence.Days.Count > 0 && recurrence.Day is not null)
            json["days"].Problem("has no use beside day");
        if (recurrence.Until < recurrence.From)
            json["until"].Problem("must not be before from");
        else if (!recurrence.Occurrences(recurrence.From ?? new DateOnly(2024, 1, 1)).Any())
            json.Problem("never happens");
    }

    private static int? OptionalCount(JsonCursor json, string member, int most)
    {
        if (!json[member].Exists)
            return null;
        var count = json.RequiredInt(member, -1, most);
        if (count == 0)
            json[member].Problem($"must be 1 to {most}, or -1 for the last");
        return count;
    }

    private static DateTimeOffset? RequiredTime(JsonCursor json, string member)
    {
        if (!json[member].Exists)
            json[member].Problem("is required");
        return json.OptionalTime(member);
    }

    private static TimeOnly ReadTime(JsonCursor json)
    {
        if (
            TimeOnly.TryParseExact(
                json.Text(TimeFormat.Length, TimeFormat.Length),
                TimeFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var time
            )
        )
            return time;
        json.Problem("must be a time such as 17:00");
        return default;
    }

    private static DateOnly? ReadDate(JsonCursor json)
    {
        if (!json.Exists)
            return null;
        if (
            DateOnly.TryParseExact(
                json.Text(DateFormat.Length, DateFormat.Length),
                DateFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date
            ) && date.Year is >= 2000 and <= 2200
        )
            return date;
        json.Problem("must be a day such as 2026-12-24, from 2000 to 2200");
        return null;
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

    private static void Write(Utf8JsonWriter writer, Recurrence recurrence)
    {
        writer.WriteStartObject();
        writer.WriteString("at", recurrence.At.ToString(TimeFormat, CultureInfo.InvariantCulture));
        Write(writer, "day", recurrence.Day);
        Write(writer, "days", recurrence.Days.Select(WireNames.Of));
        writer.WriteString("every", WireNames.Of(recurrence.Every));
        Write(writer, "from", recurrence.From);
        writer.WriteNumber("minutes", recurrence.Minutes);
        Write(writer, "month", recurrence.Month);
        Write(writer, "nth", recurrence.Nth);
        Write(writer, "until", recurrence.Until);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string member, int? value)
    {
        if (value is { } number)
            writer.WriteNumber(member, number);
    }

    private static void Write(Utf8JsonWriter writer, string member, DateOnly? value)
    {
        if (value is { } date)
            writer.WriteString(member, date.ToString(DateFormat, CultureInfo.InvariantCulture));
    }

    private static void Write(Utf8JsonWriter writer, string member, IEnumerable<string> values)
    {
        writer.WriteStartArray(member);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
