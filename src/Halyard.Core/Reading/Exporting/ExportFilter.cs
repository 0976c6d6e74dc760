using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Reading.Exporting;

/// <summary>
/// The filters of an audit query as JSON. Free text is not among them: what is exported comes from the log, never from a search.
/// </summary>
public static class ExportFilter
{
    private const int MaxActions = 100;
    private const int MaxText = 256;

    private static readonly string[] Members =
    [
        "actions",
        "actor",
        "actorKind",
        "changeRequest",
        "environment",
        "flag",
        "from",
        "import",
        "imported",
        "incident",
        "key",
        "kind",
        "project",
        "resource",
        "succeeded",
        "ticket",
        "to",
    ];

    /// <summary>Reads the filters, each with the meaning that it has in a query; an absent object filters nothing.</summary>
    public static AuditQuery Read(JsonCursor json)
    {
        if (!json.Exists || !json.IsObject(Members))
            return new AuditQuery();
        var flag = json.NullableString("flag", MaxText, 1);
        var kind = Kind(json["kind"]);
        var key = json.NullableString("key", MaxText, 1);
        if (key is not null && kind is null)
            json["key"].Problem("needs a kind");
        if (flag is not null && (kind is not null || key is not null))
            json["flag"].Problem("stands alone: it means kind flag and key");
        return new AuditQuery
        {
            Actions = Actions(json),
            Actor = json.NullableString("actor", MaxText, 1),
            ActorKind = json["actorKind"].Exists ? WireNames.Of(json.RequiredEnum<Access.ActorKind>("actorKind")) : null,
            ChangeRequest = json.NullableString("changeRequest", MaxText, 1),
            Environment = json.NullableString("environment", MaxText, 1),
            From = json.OptionalTime("from"),
            Import = json.NullableString("import", MaxText, 1),
            Imported = Truth(json, "imported"),
            Incident = json.NullableString("incident", MaxText, 1),
            Project = json.NullableString("project", MaxText, 1),
            ResourceId = json.NullableString("resource", MaxText, 1),
            ResourceKey = flag ?? key,
            ResourceKind = flag is null ? kind : ResourceKind.Flag,
            Succeeded = Truth(json, "succeeded"),
            Ticket = json.NullableString("ticket", MaxText, 1),
            To = json.OptionalTime("to"),
        };
    }

    /// <summary>Writes the filters that are set, so that <see cref="Read"/> gives them back.</summary>
    public static void Write(CanonicalWriter writer, AuditQuery filter)
    {
        writer.StartObject();
        if (filter.Actions.Count > 0)
        {
            writer.Name("actions").StartArray();
            foreach (var action in filter.Actions)
                writer.String(action);
            writer.EndArray();
        }
        WriteText(writer, "actor", filter.Actor);
        WriteText(writer, "actorKind", filter.ActorKind);
        WriteText(writer, "changeRequest", filter.ChangeRequest);
        WriteText(writer, "environment", filter.Environment);
        WriteText(writer, "from", filter.From is { } from ? Rfc3339.Format(from) : null);
        WriteText(writer, "import", filter.Import);
        WriteTruth(writer, "imported", filter.Imported);
        WriteText(writer, "incident", filter.Incident);
        WriteText(writer, "key", filter.ResourceKey);
        WriteText(writer, "kind", filter.ResourceKind?.Name());
        WriteText(writer, "project", filter.Project);
        WriteText(writer, "resource", filter.ResourceId);
        WriteTruth(writer, "succeeded", filter.Succeeded);
        WriteText(writer, "ticket", filter.Ticket);
        WriteText(writer, "to", filter.To is { } to ? Rfc3339.Format(to) : null);
        writer.EndObject();
    }

    private static IReadOnlyList<string> Actions(JsonCursor json)
    {
        var actions = new List<string>();
        foreach (var item in json.List("actions", MaxActions))
        {
            var action = item.Text(MaxText, 1);
            var meant = Catalogue.Expand(action).Where(Catalogue.Contains).ToList();
            if (action.Length > 0 && meant.Count == 0)
                item.Problem($"'{action}' is not in the catalogue");
            actions.AddRange(meant);
        }
        return [.. actions.Distinct(StringComparer.Ordinal)];
    }

    private static ResourceKind? Kind(JsonCursor json)
    {
        if (!json.Exists)
            return null;
        var name = json.Text(MaxText, 1);
        var kind = ResourceKinds.Parse(name);
        if (kind is null && name.Length > 0)
            json.Problem($"'{name}' is not a kind of resource");
        return kind;
    }

    private static bool? Truth(JsonCursor json, string member) => json[member].Exists ? json.RequiredBool(member) : null;

    private static void WriteText(CanonicalWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.Name(name).String(value);
    }

    private static void WriteTruth(CanonicalWriter writer, string name, bool? value)
    {
        if (value is { } truth)
            writer.Name(name).Boolean(truth);
    }
}
