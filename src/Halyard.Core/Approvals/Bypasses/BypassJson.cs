using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals.Bypasses;

/// <summary>Bypasses as documents. Reading is strict: what is missing, unknown or out of range means a damaged store.</summary>
public static class BypassJson
{
    private const int Any = int.MaxValue;

    private static readonly string[] Members =
    [
        "appliedAt",
        "confirmations",
        "createdAt",
        "durationSeconds",
        "environment",
        "flag",
        "flagId",
        "found",
        "groups",
        "id",
        "incident",
        "involved",
        "justification",
        "key",
        "kind",
        "lapsesAt",
        "made",
        "needs",
        "operations",
        "project",
        "ratifications",
        "remark",
        "remindAt",
        "requester",
        "requirement",
        "restore",
        "revertAt",
        "revertRequest",
        "review",
        "reviewDue",
        "severity",
        "state",
        "step",
        "undone",
        "verified",
    ];

    /// <summary>Reads what <see cref="Resource.ToDocument"/> wrote, or returns <see langword="null"/> for another kind.</summary>
    /// <exception cref="InvalidDataException">The document is not that of a bypass: the store is damaged.</exception>
    public static Resource? Read(ResourceName name, ReadOnlyMemory<byte> document)
    {
        if (name.Kind != ResourceKind.Bypass)
            return null;
        using var parsed = JsonDocument.Parse(document);
        var problems = new List<DefinitionProblem>();
        var bypass = Read(JsonCursor.Root(parsed.RootElement, problems));
        return problems.Count == 0 && bypass.Id == name.Key
            ? bypass
            : throw new InvalidDataException($"The stored document of {name} is damaged.");
    }

    internal static void Write(Utf8JsonWriter writer, EmergencyBypass bypass)
    {
        var (times, effect) = (bypass.Times, bypass.Effect);
        WriteTime(writer, "appliedAt", times.Applied);
        ChangeRequestJson.WriteList(writer, "confirmations", bypass.Confirmations, WriteAgreement);
        writer.WriteString("createdAt", Rfc3339.Format(times.Created));
        writer.WriteNumber("durationSeconds", (long)times.Duration.TotalSeconds);
        writer.WriteStartObject("environment");
        writer.WriteString("id", effect.Environment.Id);
        writer.WriteString("key", effect.Environment.Key);
        writer.WriteString("type", WireNames.Of(effect.Environment.Type));
        writer.WriteEndObject();
        writer.WriteString("flag", effect.Flag);
        writer.WriteString("flagId", effect.FlagId);
        writer.WriteNumber("found", effect.Found);
        WriteStrings(writer, "groups", bypass.Groups);
        writer.WriteString("id", bypass.Id);
        writer.WriteString("incident", bypass.Incident.Id);
        ChangeRequestJson.WriteList(writer, "involved", bypass.Involved, PartyJson.Write);
        writer.WriteString("justification", bypass.Justification);
        writer.WriteString("key", bypass.Name.Key);
        writer.WriteString("kind", WireNames.Of(bypass.Kind));
        WriteTime(writer, "lapsesAt", times.LapsesAt);
        writer.WriteNumber("made", effect.Made);
        WriteStrings(writer, "needs", bypass.Needs.Select(WireNames.Of).ToSequence());
        ContentHash.WriteOperations(writer, effect.Operations);
        writer.WriteString("project", bypass.Project);
        ChangeRequestJson.WriteList(writer, "ratifications", bypass.Ratifications, WriteAgreement);
        writer.WriteString("remark", bypass.Remark);
        WriteTime(writer, "remindAt", times.RemindAt);
        writer.WritePropertyName("requester");
        PartyJson.Write(writer, bypass.Requester);
        if (bypass.Requirement is { } requirement)
            RequirementJson.Write(writer, requirement);
        writer.WriteNumber("restore", effect.Restore);
        WriteTime(writer, "revertAt", times.RevertAt);
        if (bypass.RevertRequest is { } request)
            writer.WriteString("revertRequest", request);
        if (bypass.Review is { } review)
            WriteReview(writer, review);
        WriteTime(writer, "reviewDue", times.ReviewDue);
        writer.WriteString("severity", WireNames.Of(bypass.Incident.Severity));
        writer.WriteString("state", WireNames.Of(bypass.State));
        writer.WriteNumber("step", bypass.Step);
        writer.WriteNumber("undone", effect.Undone);
        writer.WriteBoolean("verified", bypass.Incident.IsVerified);
    }

    private static EmergencyBypass Read(JsonCursor json)
    {
        json.IsObject(Members);
        return new EmergencyBypass(
            json.RequiredString("id", Any),
            json.RequiredString("project", Any),
            json.RequiredEnum<BypassState>("state"),
            json.RequiredEnum<BypassKind>("kind"),
            new BypassIncident(
                json.RequiredString("incident", Any),
                json.RequiredEnum<Severity>("severity"),
                json.RequiredBool("verified")
            ),
            json.OptionalString("justification", Any),
            ReadEffect(json),
            PartyJson.Read(json["requester"]),
            json.Strings("groups", Any, Any, required: true),
            json.List("needs", Any, required: true).Select(ReadNeed).ToSequence(),
            json.List("confirmations", Any, required: true).Select(ReadAgreement).ToSequence(),
            json["requirement"].Exists ? RequirementJson.Read(json["requirement"]) : null,
            json.List("ratifications", Any, required: true).Select(ReadAgreement).ToSequence(),
            json["review"].Exists ? ReadReview(json["review"]) : null,
            new BypassTimes(
                ChangeRequestJson.RequiredTime(json, "createdAt"),
                TimeSpan.FromSeconds(json.RequiredLong("durationSeconds", 0, (long)BypassTerms.MaxDuration.TotalSeconds)),
                json.OptionalTime("lapsesAt"),
                json.OptionalTime("appliedAt"),
                json.OptionalTime("revertAt"),
                json.OptionalTime("reviewDue"),
                json.OptionalTime("remindAt")
            ),
            json.RequiredInt("step", 1),
            json.OptionalString("remark", Any)
        )
        {
            Involved = json.List("involved", Any).Select(PartyJson.Read).ToSequence(),
            RevertRequest = json.NullableString("revertRequest", Any),
        };
    }

    private static BypassEffect ReadEffect(JsonCursor json)
    {
        var environment = json["environment"];
        environment.IsObject("id", "key", "type");
        return new BypassEffect(
            json.RequiredString("flag", Any),
            json.RequiredString("flagId", Any),
            new TargetEnvironment(
                environment.RequiredString("key", Any),
                environment.RequiredString("id", Any),
                environment.RequiredEnum<EnvironmentType>("type")
            ),
            json.List("operations", Any, required: true).Select(item => item.Element.GetRawText()).ToSequence(),
            json.RequiredLong("found", 0),
            json.RequiredLong("restore", 0),
            json.RequiredLong("made", 0),
            json.OptionalLong("undone", 0, 0)
        );
    }

    private static BypassNeed ReadNeed(JsonCursor json)
    {
        if (WireNames.TryParse<BypassNeed>(json.Text(Any, 1), out var need))
            return need;
        json.Problem("is no need");
        return default;
    }

    private static void WriteAgreement(Utf8JsonWriter writer, Agreement agreement)
    {
        writer.WriteStartObject();
        writer.WriteString("at", Rfc3339.Format(agreement.At));
        writer.WritePropertyName("by");
        PartyJson.Write(writer, agreement.By);
        writer.WriteString("comment", agreement.Comment);
        WriteStrings(writer, "holds", agreement.Holds);
        writer.WriteEndObject();
    }

    private static Agreement ReadAgreement(JsonCursor json)
    {
        json.IsObject("at", "by", "comment", "holds");
        return new Agreement(
            PartyJson.Read(json["by"]),
            json.Strings("holds", Any, Any, required: true),
            json.OptionalString("comment", Any),
            ChangeRequestJson.RequiredTime(json, "at")
        );
    }

    private static void WriteReview(Utf8JsonWriter writer, BypassReview review)
    {
        writer.WriteStartObject("review");
        ChangeRequestJson.WriteList(
            writer,
            "actionItems",
            review.ActionItems,
            (to, item) =>
            {
                to.WriteStartObject();
                to.WriteString("text", item.Text);
                if (item.Ticket is not null)
                    to.WriteString("ticket", item.Ticket);
                to.WriteEndObject();
            }
        );
        writer.WriteString("at", Rfc3339.Format(review.At));
        writer.WritePropertyName("by");
        PartyJson.Write(writer, review.By);
        writer.WriteString("findings", review.Findings);
        writer.WriteEndObject();
    }

    private static BypassReview ReadReview(JsonCursor json)
    {
        json.IsObject("actionItems", "at", "by", "findings");
        return new BypassReview(
            PartyJson.Read(json["by"]),
            json.OptionalString("findings", Any),
            json.List("actionItems", Any, required: true).Select(ReadItem).ToSequence(),
            ChangeRequestJson.RequiredTime(json, "at")
        );
    }

    private static ActionItem ReadItem(JsonCursor json)
    {
        json.IsObject("text", "ticket");
        return new ActionItem(json.OptionalString("text", Any), json.NullableString("ticket", Any));
    }

    private static void WriteTime(Utf8JsonWriter writer, string member, DateTimeOffset? time)
    {
        if (time is { } given)
            writer.WriteString(member, Rfc3339.Format(given));
    }

    private static void WriteStrings(Utf8JsonWriter writer, string member, Sequence<string> values) =>
        ChangeRequestJson.WriteList(writer, member, values, (to, value) => to.WriteStringValue(value));
}
