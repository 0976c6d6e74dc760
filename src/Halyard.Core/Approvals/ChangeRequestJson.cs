using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Approvals;

/// <summary>Change requests as documents. Reading is strict: what is missing, unknown or out of range means a damaged store.</summary>
public static class ChangeRequestJson
{
    private const int Any = int.MaxValue;

    private static readonly string[] Members =
    [
        "bases",
        "comments",
        "createdAt",
        "despiteFreezes",
        "editors",
        "environments",
        "expiresAt",
        "hash",
        "id",
        "key",
        "operations",
        "progress",
        "remark",
        "requester",
        "requesterGroups",
        "requirement",
        "state",
        "step",
        "ticket",
        "timers",
        "title",
        "touched",
        "votes",
        "window",
    ];

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not that of a change request: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.ChangeRequest)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var request = Read(name.Project, JsonCursor.Root(parsed.RootElement, problems));
        if (problems.Count == 0 && request.Id == name.Key)
            return request;
        var where = problems.Count == 0 ? "" : $" at '{problems[0].Pointer}': {problems[0].Message}";
        throw new InvalidDataException($"The stored document of {name} is damaged{where}.");
    }

    internal static void Write(Utf8JsonWriter writer, ChangeRequest request)
    {
        ContentHash.WriteBases(writer, request.Content.Bases);
        WriteList(writer, "comments", request.Comments, WriteComment);
        writer.WriteString("createdAt", Rfc3339.Format(request.CreatedAt));
        if (request.DespiteFreezes)
            writer.WriteBoolean("despiteFreezes", true);
        WriteList(writer, "editors", request.Editors, PartyJson.Write);
        ContentHash.WriteEnvironments(writer, request.Content.Environments);
        if (request.ExpiresAt is { } end)
            writer.WriteString("expiresAt", Rfc3339.Format(end));
        writer.WriteString("hash", request.Hash.ToString());
        writer.WriteString("id", request.Id);
        writer.WriteString("key", request.Name.Key);
        ContentHash.WriteOperations(writer, request.Content.Operations);
        WriteList(writer, "progress", request.Progress, WriteProgress);
        writer.WriteString("remark", request.Remark);
        writer.WritePropertyName("requester");
        PartyJson.Write(writer, request.Requester);
        WriteList(writer, "requesterGroups", request.RequesterGroups, (to, group) => to.WriteStringValue(group));
        RequirementJson.Write(writer, request.Requirement);
        writer.WriteString("state", WireNames.Of(request.State));
        writer.WriteNumber("step", request.Step);
        if (request.Ticket is not null)
            writer.WriteString("ticket", request.Ticket);
        WriteList(writer, "timers", request.Timers, WriteTimer);
        writer.WriteString("title", request.Title);
        WriteList(writer, "touched", request.Content.Touched, WriteTouched);
        WriteList(writer, "votes", request.Votes, VoteJson.Write);
        ContentHash.WriteWindow(writer, request.Content.Window);
    }

    internal static void WriteList<T>(Utf8JsonWriter writer, string member, Sequence<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(member);
        foreach (var item in items)
            write(writer, item);
        writer.WriteEndArray();
    }

    internal static DateTimeOffset RequiredTime(JsonCursor json, string member)
    {
        if (!json[member].Exists)
            json[member].Problem("is required");
        return json.OptionalTime(member) ?? default;
    }

    internal static Digest RequiredDigest(JsonCursor json, string member)
    {
        if (!Digest.TryParse(json.RequiredString(member, Any), out var digest))
            json[member].Problem("must be a digest");
        return digest;
    }

    private static ChangeRequest Read(string project, JsonCursor json)
    {
        json.IsObject(Members);
        return new ChangeRequest(
            json.RequiredString("id", Any),
            project,
            json.RequiredEnum<ChangeRequestState>("state"),
            json.OptionalString("title", Any),
            json.NullableString("ticket", Any),
            PartyJson.Read(json["requester"]),
            json.List("editors", Any).Select(PartyJson.Read).ToSequence(),
            ReadContent(json),
            RequirementJson.Read(json["requirement"]),
            RequiredDigest(json, "hash"),
            json.List("votes", Any).Select(VoteJson.Read).ToSequence(),
            json.List("progress", Any).Select(ReadProgress).ToSequence(),
            json.List("comments", Any).Select(ReadComment).ToSequence(),
            json.List("timers", Any).Select(ReadTimer).ToSequence(),
            RequiredTime(json, "createdAt"),
            json.OptionalTime("expiresAt"),
            json.RequiredInt("step", 0),
            json.OptionalString("remark", Any)
        )
        {
            DespiteFreezes = json.OptionalBool("despiteFreezes"),
            RequesterGroups = json.Strings("requesterGroups", Any, Any, required: true),
        };
    }

    private static RequestContent ReadContent(JsonCursor json) =>
        new(
            json.List("operations", Any, required: true).Select(item => item.Element.GetRawText()).ToSequence(),
            json.List("bases", Any, required: true)
                .Select(item => new ResourceBase(ReadName(item, "revision"), item.RequiredLong("revision", 0)))
                .ToSequence(),
            json.List("touched", Any, required: true)
                .Select(item => new TouchedPath(ReadName(item, "pointer"), item.OptionalString("pointer", Any)))
                .ToSequence(),
            json.List("environments", Any, required: true).Select(ReadEnvironment).ToSequence(),
            json["window"].Exists ? ReadWindow(json["window"]) : null
        );

    private static ResourceName ReadName(JsonCursor json, string other)
    {
        json.IsObject("key", "kind", "project", other);
        var kind = ResourceKinds.Parse(json.RequiredString("kind", Any));
        if (kind is null)
            json["kind"].Problem("is no kind of resource");
        return new ResourceName(kind ?? default, json.OptionalString("project", Any), json.RequiredString("key", Any));
    }

    private static TargetEnvironment ReadEnvironment(JsonCursor json)
    {
        json.IsObject("id", "key", "type");
        return new TargetEnvironment(
            json.RequiredString("key", Any),
            json.RequiredString("id", Any),
            json.RequiredEnum<EnvironmentType>("type")
        );
    }

    private static ScheduleWindow ReadWindow(JsonCursor json)
    {
        json.IsObject("from", "to");
        return new ScheduleWindow(RequiredTime(json, "from"), RequiredTime(json, "to"));
    }

    private static RequestComment ReadComment(JsonCursor json)
    {
        json.IsObject("at", "by", "text");
        return new RequestComment(PartyJson.Read(json["by"]), RequiredTime(json, "at"), json.RequiredString("text", Any));
    }

    private static StageProgress ReadProgress(JsonCursor json)
    {
        json.IsObject("escalations", "order", "waived");
        return new StageProgress(json.RequiredInt("order"), json.RequiredInt("escalations", 0), json.RequiredBool("waived"));
    }

    private static RequestTimer ReadTimer(JsonCursor json)
    {
        json.IsObject("attempt", "due", "kind", "of");
        return new RequestTimer(
            json.RequiredEnum<RequestTimerKind>("kind"),
            RequiredTime(json, "due"),
            json.RequiredInt("attempt", 0),
            json.RequiredString("of", Any)
        );
    }

    private static void WriteComment(Utf8JsonWriter writer, RequestComment comment)
    {
        writer.WriteStartObject();
        writer.WriteString("at", Rfc3339.Format(comment.At));
        writer.WritePropertyName("by");
        PartyJson.Write(writer, comment.By);
        writer.WriteString("text", comment.Text);
        writer.WriteEndObject();
    }

    private static void WriteProgress(Utf8JsonWriter writer, StageProgress progress)
    {
        writer.WriteStartObject();
        writer.WriteNumber("escalations", progress.Escalations);
        writer.WriteNumber("order", progress.Order);
        writer.WriteBoolean("waived", progress.Waived);
        writer.WriteEndObject();
    }

    private static void WriteTimer(Utf8JsonWriter writer, RequestTimer timer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("attempt", timer.Attempt);
        writer.WriteString("due", Rfc3339.Format(timer.Due));
        writer.WriteString("kind", WireNames.Of(timer.Kind));
        writer.WriteString("of", timer.Of);
        writer.WriteEndObject();
    }

    private static void WriteTouched(Utf8JsonWriter writer, TouchedPath touched)
    {
        writer.WriteStartObject();
        ContentHash.WriteName(writer, touched.Resource);
        writer.WriteString("pointer", touched.Pointer);
        writer.WriteEndObject();
    }
}
