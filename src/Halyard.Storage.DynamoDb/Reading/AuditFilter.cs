using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Storage.DynamoDb.Logs;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>A query's filters as terms: an entry must have one of each list, none of the others, and the words.</summary>
internal sealed class AuditFilter
{
    private readonly AuditQuery _query;
    private readonly List<string[]> _allOf = [];
    private readonly List<string> _noneOf = [];

    public AuditFilter(AuditQuery query)
    {
        _query = query;
        Text = query.Text is null ? null : TextQuery.Parse(query.Text);
        RequireIfSet(Facets.Project, query.Project);
        RequireResource();
        RequireIfSet(Facets.ResourceId, query.ResourceId);
        if (query.Actions.Count > 0)
            RequireAny(Facets.Action, query.Actions);
        RequireIfSet(Facets.Actor, query.Actor);
        RequireIfSet(Facets.ActorKind, query.ActorKind);
        RequireIfSet(Facets.Environment, query.Environment);
        RequireIfSet(Facets.Ticket, query.Ticket);
        RequireIfSet(Facets.Incident, query.Incident);
        RequireIfSet(Facets.ChangeRequest, query.ChangeRequest);
        RequireIfSet(Facets.Import, query.Import);
        RequireMark(Facets.Imported, query.Imported);
        RequireMark(Facets.Failed, !query.Succeeded);
    }

    /// <summary>An entry must have one of each.</summary>
    public IReadOnlyList<string[]> AllOf => _allOf;

    /// <summary>It must have none of them.</summary>
    public IReadOnlyList<string> NoneOf => _noneOf;

    /// <summary>What free text asks for, or <see langword="null"/>.</summary>
    public TextQuery? Text { get; }

    /// <summary>Whether free text is looked for in reasons.</summary>
    public bool SearchesReasons => _query.SearchesReasons;

    /// <summary>Whether the time of an entry matters.</summary>
    public bool HasTimes => _query.From is not null || _query.To is not null;

    /// <summary>Whether entries must be looked at: without it every entry matches.</summary>
    public bool IsEmpty => _allOf.Count == 0 && _noneOf.Count == 0 && Text is null && !HasTimes;

    /// <summary>Whether no entry can match.</summary>
    public bool IsHopeless => Text is { Phrases.Count: 0 } || _query.From >= _query.To;

    public bool IsInTime(DateTimeOffset effectiveAt) => !(effectiveAt < _query.From) && !(effectiveAt >= _query.To);

    /// <summary>Whether something between two times may be in time that themselves are not.</summary>
    public bool IsAround(DateTimeOffset earliest, DateTimeOffset latest) => !(latest < _query.From) && !(earliest >= _query.To);

    public bool Matches(LogIndex.IndexedEntry entry) =>
        IsInTime(entry.Record.EffectiveAt)
        && _allOf.TrueForAll(any => any.Any(term => Has(entry, term)))
        && !_noneOf.Exists(term => Has(entry, term))
        && (Text is null || Text.Matches(entry.Record.Content, SearchesReasons ? entry.Reason ?? "" : ""));

    private static bool Has(LogIndex.IndexedEntry entry, string term) =>
        entry.Record.Terms.Contains(term, StringComparer.Ordinal);

    private void RequireResource()
    {
        if (_query.ResourceKey is not { } key)
            RequireIfSet(Facets.ResourceKind, _query.ResourceKind?.Name());
        else if (_query.ResourceKind is { } kind)
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
        _allOf.Add([.. values.Select(value => LogRecord.TermOf(facet, value)).Distinct(StringComparer.Ordinal)]);

    private void RequireMark(string facet, bool? present)
    {
        if (present == true)
            RequireAny(facet, [string.Empty]);
        else if (present == false)
            _noneOf.Add(LogRecord.TermOf(facet, string.Empty));
    }
}
