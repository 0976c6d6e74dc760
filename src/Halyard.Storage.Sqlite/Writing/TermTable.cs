using Halyard.Core.Flags;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>
/// Numbers for tenants, for the values that entries are found by and for what versions are of, so that rows of indexes are a few small
/// integers.
/// </summary>
internal sealed class TermTable(Database database)
{
    /// <summary>About 10 MB; beyond it the cache starts anew.</summary>
    private const int MaxTerms = 65_536;

    private readonly Dictionary<string, long> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<(long Tenant, string Facet, string Value), long> _terms = new(new ByValue());
    private readonly Dictionary<(long Tenant, string Id), long> _resources = [];

    /// <summary>The tenant's number, or <see langword="null"/> where it has none yet.</summary>
    public long? FindTenant(string name)
    {
        if (_tenants.TryGetValue(name, out var known))
            return known;
        var number = database["SELECT number FROM tenant WHERE name = ?"].Number(name);
        if (number is { } found)
            _tenants[name] = found;
        return number;
    }

    public long Tenant(string name)
    {
        if (FindTenant(name) is { } known)
            return known;
        var number = database["INSERT INTO tenant (name) VALUES (?) RETURNING number"].Number(name)!.Value;
        _tenants[name] = number;
        return number;
    }

    /// <summary>The number of a value, or <see langword="null"/> where it has none yet.</summary>
    public long? FindTerm(long tenant, string facet, string value) =>
        _terms.TryGetValue((tenant, facet, value), out var known)
            ? known
            : database["SELECT number FROM audit_term WHERE tenant = ? AND facet = ? AND value = ?"].Number(tenant, facet, value);

    public long Term(long tenant, string facet, string value)
    {
        if (_terms.TryGetValue((tenant, facet, value), out var known))
            return known;
        if (_terms.Count >= MaxTerms)
            _terms.Clear();
        var number =
            FindTerm(tenant, facet, value)
            ?? database["INSERT INTO audit_term (tenant, facet, value) VALUES (?, ?, ?) RETURNING number"]
                .Number(tenant, facet, value)!
                .Value;
        _terms[(tenant, facet, value)] = number;
        return number;
    }

    /// <summary>The number of a resource in all its versions; one that is deleted and created anew is another.</summary>
    public long Resource(long tenant, ResourceName name, string id)
    {
        if (_resources.TryGetValue((tenant, id), out var known))
            return known;
        if (_resources.Count >= MaxTerms)
            _resources.Clear();
        var number =
            database["SELECT number FROM versioned_resource WHERE tenant = ? AND id = ?"].Number(tenant, id)
            ?? database["INSERT INTO versioned_resource (tenant, id, kind, project, key) VALUES (?, ?, ?, ?, ?) RETURNING number"]
                .Number(tenant, id, name.Kind.Name(), name.Project, name.Key)!
                .Value;
        _resources[(tenant, id)] = number;
        return number;
    }

    /// <summary>After a rollback: numbers given in it do not exist.</summary>
    public void Forget()
    {
        _tenants.Clear();
        _terms.Clear();
        _resources.Clear();
    }

    /// <summary>Looks at the value first: facets are few, and nearly always the same object.</summary>
    private sealed class ByValue : IEqualityComparer<(long Tenant, string Facet, string Value)>
    {
        public bool Equals((long Tenant, string Facet, string Value) x, (long Tenant, string Facet, string Value) y) =>
            x.Value == y.Value && x.Facet == y.Facet && x.Tenant == y.Tenant;

        public int GetHashCode((long Tenant, string Facet, string Value) term) =>
            HashCode.Combine(term.Value.GetHashCode(StringComparison.Ordinal), term.Facet.Length, term.Tenant);
    }
}
