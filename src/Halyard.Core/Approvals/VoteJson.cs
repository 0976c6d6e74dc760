using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <summary>Votes in the document of a change request.</summary>
internal static class VoteJson
{
    public static void Write(Utf8JsonWriter writer, Vote vote)
    {
        writer.WriteStartObject();
        writer.WriteString("at", Rfc3339.Format(vote.At));
        writer.WriteString("comment", vote.Comment);
        if (vote.For is { } other)
        {
            writer.WritePropertyName("for");
            PartyJson.Write(writer, other);
        }
        writer.WriteString("hash", vote.Hash.ToString());
        ChangeRequestJson.WriteList(writer, "holds", vote.Holds, (to, held) => to.WriteStringValue(held));
        writer.WriteString("kind", WireNames.Of(vote.Kind));
        writer.WritePropertyName("voter");
        PartyJson.Write(writer, vote.Voter);
        writer.WriteEndObject();
    }

    public static Vote Read(JsonCursor json)
    {
        json.IsObject("at", "comment", "for", "hash", "holds", "kind", "voter");
        return new Vote(
            PartyJson.Read(json["voter"]),
            json["for"].Exists ? PartyJson.Read(json["for"]) : null,
            json.RequiredEnum<VoteKind>("kind"),
            ChangeRequestJson.RequiredDigest(json, "hash"),
            json.OptionalString("comment", int.MaxValue),
            json.Strings("holds", int.MaxValue, int.MaxValue, required: true),
            ChangeRequestJson.RequiredTime(json, "at")
        );
    }
}

/// <summary>Parties in documents.</summary>
internal static class PartyJson
{
    public static void Write(Utf8JsonWriter writer, Party party)
    {
        writer.WriteStartObject();
        writer.WriteString("person", party.Person);
        writer.WriteString("subject", party.Subject);
        writer.WriteEndObject();
    }

    public static Party Read(JsonCursor json)
    {
        json.IsObject("person", "subject");
        return new Party(json.RequiredString("subject", int.MaxValue), json.RequiredString("person", int.MaxValue));
    }
}
