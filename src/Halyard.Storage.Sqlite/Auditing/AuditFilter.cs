using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>A query's filters as term numbers: an entry must have one of each of <see cref="AllOf"/>, and none of <see cref="NoneOf"/>.</summary>
internal sealed class AuditFilter(Database database, long tenant)
{
    private readonly List<long[]> _allOf = [];
    private readonly List<long> _noneOf = [];

    public IReadOnlyList<long[]> AllOf => _allOf;

    public IReadOnlyList<long> NoneOf => _noneOf;

    /// <summary>True where a filter names a value that no entry of the tenant ever had.</summary>
    public bool IsHopeless => _allOf.Exists(terms => terms.Length == 0);

    public static AuditFilter Of(Database database, long tenant, AuditQuery query)
    {
        var filter = new AuditFilter(database, tenant);
        filter.RequireIfSet(Facets.Project, query.Project);
        filter.RequireResource(query);
        filter.RequireIfSet(Facets.ResourceId, query.ResourceId);
        if (query.Actions.Count > 0)
            filter.RequireAny(Facets.Action, query.Actions);
        filter.RequireIfSet(Facets.Actor, query.Actor);
        filter.RequireIfSet(Facets.ActorKind, query.ActorKind);
        filter.RequireIfSet(Facets.Environment, query.Environment);
        filter.RequireIfSet(Facets.Ticket, query.Ticket);
        filter.RequireIfSet(Facets.Incident, query.Incident);
        filter.RequireIfSet(Facets.ChangeRequest, query.ChangeRequest);
        filter.RequireIfSet(Facets.Import, query.Import);
        filter.RequireMark(Facets.Imported, query.Imported);
        filter.RequireMark(Facets.Failed, !query.Succeeded);
        return filter;
    }

    /// <summary>Whether an entry with these terms passes.</summary>
    public bool Accepts(ReadOnlySpan<long> terms)
    {
        foreach (var any in _allOf)
        {
            if (!terms.ContainsAny(any))
                return false;
        }
        foreach (var none in _noneOf)
        {
            if (terms.Contains(none))
                return false;
        }
        return true;
    }

    /// <summary>The number of a value, or <see langword="null"/> where no entry ever had it.</summary>
    private long? Term(string facet, string value) =>
        database["SELECT number FROM audit_term WHERE tenant = ? AND facet = ? AND value = ?"].Number(tenant, facet, value);

    private void RequireResource(AuditQuery query)
    {
        if (query.ResourceKey is not { } key)
            RequireIfSet(Facets.ResourceKind, query.ResourceKind?.Name());
        else if (query.ResourceKind is { } kind)
            RequireIfSet(Facets.ResourceKey, Facets.KeyOf(kind, key));
        else
            RequireAny(Facets.ResourceKey, Enum.GetValues<ResourceKind>().Select(any => Facets.KeyOf(any, key)));
    }

    private void RequireIfSet(string facet, string? value)
    {
        if (value is not null)
            RequireAny(facet, [value]);
    }

    private void RequireAny(string facet, IEnumerable<string> values) =>
        _allOf.Add([.. values.Select(value => Term(facet, value)).OfType<long>().Distinct()]);

    private void RequireMark(string facet, bool? present)
    {
        if (present == true)
            RequireAny(facet, [string.Empty]);
        else if (present == false && Term(facet, string.Empty) is { } term)
            _noneOf.Add(term);
    }
}
