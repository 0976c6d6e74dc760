using System.Text.Json;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <summary>What a change needs, in the document of its request: times in whole seconds.</summary>
internal static class RequirementJson
{
    private const int Any = int.MaxValue;

    // A century; more is no time that anybody meant.
    private const long MaxSeconds = 100L * 366 * 24 * 3_600;

    public static void Write(Utf8JsonWriter writer, Requirement requirement)
    {
        writer.WriteStartObject("requirement");
        WriteStrings(writer, "checks", requirement.Checks);
        if (requirement.ExpiresAfter is { } after)
            writer.WriteNumber("expiresAfterSeconds", Seconds(after));
        writer.WriteString("policies", requirement.Policies.ToString());
        WriteStrings(writer, "rules", requirement.Rules);
        ChangeRequestJson.WriteList(writer, "stages", requirement.Stages, WriteStage);
        writer.WriteStartObject("votes");
        writer.WriteBoolean("anyRejectCloses", requirement.Votes.AnyRejectCloses);
        writer.WriteBoolean("distinctAcrossStages", requirement.Votes.DistinctAcrossStages);
        writer.WriteBoolean("frozen", requirement.Votes.Frozen);
        writer.WriteBoolean("keepOnRebase", requirement.Votes.KeepOnRebase);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static Requirement Read(JsonCursor json)
    {
        json.IsObject("checks", "expiresAfterSeconds", "policies", "rules", "stages", "votes");
        var votes = json["votes"];
        votes.IsObject("anyRejectCloses", "distinctAcrossStages", "frozen", "keepOnRebase");
        return new Requirement(
            json.List("stages", Any, required: true).Select(ReadStage).ToSequence(),
            Strings(json, "checks"),
            json["expiresAfterSeconds"].Exists
                ? TimeSpan.FromSeconds(json.RequiredLong("expiresAfterSeconds", 0, MaxSeconds))
                : null,
            new VoteRules(
                votes.RequiredBool("anyRejectCloses"),
                votes.RequiredBool("keepOnRebase"),
                votes.RequiredBool("frozen"),
                votes.RequiredBool("distinctAcrossStages")
            ),
            Strings(json, "rules"),
            ChangeRequestJson.RequiredDigest(json, "policies")
        );
    }

    private static RequiredStage ReadStage(JsonCursor json)
    {
        json.IsObject("escalateTo", "groups", "name", "onTimeout", "order", "timeoutSeconds");
        return new RequiredStage(
            json.OptionalString("name", Any),
            json.RequiredInt("order"),
            json.List("groups", Any, required: true).Select(ReadGroup).ToSequence(),
            TimeSpan.FromSeconds(json.RequiredLong("timeoutSeconds", 0, MaxSeconds)),
            json.RequiredEnum<TimeoutAction>("onTimeout"),
            Strings(json, "escalateTo")
        );
    }

    private static QuorumGroup ReadGroup(JsonCursor json)
    {
        json.IsObject("count", "from");
        return new QuorumGroup(json.RequiredInt("count", 1), Strings(json, "from"));
    }

    private static void WriteStage(Utf8JsonWriter writer, RequiredStage stage)
    {
        writer.WriteStartObject();
        WriteStrings(writer, "escalateTo", stage.EscalateTo);
        ChangeRequestJson.WriteList(writer, "groups", stage.Groups, WriteGroup);
        writer.WriteString("name", stage.Name);
        writer.WriteString("onTimeout", WireNames.Of(stage.OnTimeout));
        writer.WriteNumber("order", stage.Order);
        writer.WriteNumber("timeoutSeconds", Seconds(stage.Timeout));
        writer.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter writer, QuorumGroup group)
    {
        writer.WriteStartObject();
        writer.WriteNumber("count", group.Count);
        WriteStrings(writer, "from", group.From);
        writer.WriteEndObject();
    }

    // Rounded up: a limit of half a second is no "no limit".
    private static long Seconds(TimeSpan time) => Math.Clamp((long)Math.Ceiling(time.TotalSeconds), 0, MaxSeconds);

    private static Sequence<string> Strings(JsonCursor json, string member) => json.Strings(member, Any, Any, required: true);

    private static void WriteStrings(Utf8JsonWriter writer, string member, Sequence<string> values) =>
        ChangeRequestJson.WriteList(writer, member, values, (to, value) => to.WriteStringValue(value));
}
