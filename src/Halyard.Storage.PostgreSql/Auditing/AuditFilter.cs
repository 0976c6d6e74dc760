using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;

namespace Halyard.Storage.PostgreSql.Auditing;

/// <summary>A query's filters as terms: an entry must have one of each of <see cref="AllOf"/>, and none of <see cref="NoneOf"/>.</summary>
internal sealed class AuditFilter
{
    private readonly List<Guid[]> _allOf = [];
    private readonly List<Guid> _noneOf = [];

    public IReadOnlyList<Guid[]> AllOf => _allOf;

    public IReadOnlyList<Guid> NoneOf => _noneOf;

    /// <summary>Every term in it.</summary>
    public Guid[] Terms => [.. _allOf.SelectMany(any => any).Concat(_noneOf).Distinct()];

    public static AuditFilter Of(AuditQuery query)
    {
        var filter = new AuditFilter();
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
        _allOf.Add([.. values.Select(value => Writing.Terms.Of(facet, value)).Distinct()]);

    private void RequireMark(string facet, bool? present)
    {
        if (present == true)
            RequireAny(facet, [string.Empty]);
        else if (present == false)
            _noneOf.Add(Writing.Terms.Of(facet, string.Empty));
    }
}
