using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;

namespace Halyard.Storage.Conformance.InMemory;

/// <summary>What each filter of <see cref="AuditQuery"/> means, in the plainest form.</summary>
public static class AuditOracle
{
    /// <summary>True where the entry passes every filter; cursor and limit are not looked at.</summary>
    public static bool Matches(EntryIndex entry, DateTimeOffset effectiveAt, AuditQuery query) =>
        Is(query.Project, entry.Project)
        && MatchesResources(entry, query)
        && (query.Actions.Count == 0 || query.Actions.Contains(entry.Type) || query.Actions.Any(entry.Actions.Contains))
        && (query.Succeeded is null || query.Succeeded == entry.Succeeded)
        && Is(query.Actor, entry.Actor)
        && Is(query.ActorKind, entry.ActorKind)
        && (query.Environment is null || entry.Environments.Contains(query.Environment))
        && Is(query.Ticket, entry.Ticket)
        && Is(query.Incident, entry.Incident)
        && Is(query.ChangeRequest, entry.ChangeRequest)
        && (query.Imported is null || query.Imported == entry.Import is not null)
        && Is(query.Import, entry.Import)
        && (query.From is null || effectiveAt >= query.From)
        && (query.To is null || effectiveAt < query.To)
        && (query.Text is null || TextOracle.Matches(Searched(entry.Text, query), query.Text));

    private static EntryText Searched(EntryText text, AuditQuery query) =>
        query.SearchesReasons ? text : text with { Reason = "" };

    private static bool MatchesResources(EntryIndex entry, AuditQuery query)
    {
        var named =
            (query.ResourceKind is null && query.ResourceKey is null)
            || entry.Resources.Any(touched =>
                (query.ResourceKind is null || touched.Name.Kind == query.ResourceKind) && Is(query.ResourceKey, touched.Name.Key)
            );
        return named && (query.ResourceId is null || entry.Resources.Any(touched => touched.Id == query.ResourceId));
    }

    private static bool Is(string? wanted, string? actual) => wanted is null || wanted == actual;
}
