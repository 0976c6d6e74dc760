using Halyard.Core.Flags;

namespace Halyard.Core.Audit.Searching;

/// <summary>What entries are found by. The names stand in the database: they are never changed.</summary>
public static class Facets
{
    public const string Action = "action";
    public const string Actor = "actor";
    public const string ActorKind = "actor-kind";
    public const string Project = "project";
    public const string Environment = "environment";
    public const string ResourceKind = "resource-kind";
    public const string ResourceKey = "resource-key";
    public const string ResourceId = "resource-id";
    public const string Ticket = "ticket";
    public const string Incident = "incident";
    public const string ChangeRequest = "change-request";
    public const string Import = "import";

    /// <summary>Whom private values belong to. No entry is found by it: it numbers them, as the others do.</summary>
    public const string Subject = "subject";

    /// <summary>The few; the many that succeeded are those without it.</summary>
    public const string Failed = "failed";

    /// <summary>Part of an import.</summary>
    public const string Imported = "imported";

    /// <summary>The facets of one entry; a value may come twice.</summary>
    public static IEnumerable<(string Facet, string Value)> Of(EntryDraft draft)
    {
        var index = draft.Index;
        yield return (Action, index.Type);
        foreach (var action in index.Actions)
            yield return (Action, action);
        yield return (Actor, index.Actor);
        yield return (ActorKind, index.ActorKind);
        yield return (Project, index.Project);
        foreach (var environment in index.Environments)
            yield return (Environment, environment);
        foreach (var touched in index.Resources)
        {
            yield return (ResourceKind, touched.Name.Kind.Name());
            yield return (ResourceKey, KeyOf(touched.Name.Kind, touched.Name.Key));
            yield return (ResourceId, touched.Id);
        }
        if (index.Ticket is not null)
            yield return (Ticket, index.Ticket);
        if (index.Incident is not null)
            yield return (Incident, index.Incident);
        if (index.ChangeRequest is not null)
            yield return (ChangeRequest, index.ChangeRequest);
        if (index.Import is not null)
        {
            yield return (Import, index.Import);
            yield return (Imported, string.Empty);
        }
        if (!index.Succeeded)
            yield return (Failed, string.Empty);
    }

    /// <summary>Kind and key are one value: they must hold of the same resource. No kind's name has a slash.</summary>
    public static string KeyOf(ResourceKind kind, string key) => $"{kind.Name()}/{key}";
}
