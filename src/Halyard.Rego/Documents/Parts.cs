namespace Halyard.Rego;

/// <summary>Puts an object together from values at paths; two rules may not give one place different values.</summary>
internal sealed class Parts(Evaluation run)
{
    // A member is a value, the items of a growing set, or further parts.
    private readonly Dictionary<RegoValue, object> _members = [];

    public void Put(ReadOnlySpan<RegoValue> path, RegoValue value)
    {
        var parts = Descend(path);
        if (!parts._members.TryAdd(path[^1], value) && !value.Equals(parts._members[path[^1]]))
            throw Conflict();
    }

    public void Add(ReadOnlySpan<RegoValue> path, RegoValue item)
    {
        var parts = Descend(path);
        if (!parts._members.TryGetValue(path[^1], out var items))
            parts._members.Add(path[^1], items = new List<RegoValue>());
        (items as List<RegoValue> ?? throw Conflict()).Add(item);
    }

    public RegoObject Build()
    {
        var keys = new RegoValue[_members.Count];
        var values = new RegoValue[_members.Count];
        var at = 0;
        foreach (var (key, member) in _members)
        {
            keys[at] = key;
            values[at++] = member switch
            {
                Parts parts => parts.Build(),
                List<RegoValue> items => run.BuiltSet([.. items]),
                _ => (RegoValue)member,
            };
        }
        return (RegoObject)run.Built(RegoObject.OfOwned(keys, values), keys.Length);
    }

    private Parts Descend(ReadOnlySpan<RegoValue> path)
    {
        run.Meter.Reserve(64L * path.Length);
        var parts = this;
        foreach (var key in path[..^1])
        {
            if (!parts._members.TryGetValue(key, out var below))
                parts._members.Add(key, below = new Parts(run));
            parts = below as Parts ?? throw Conflict();
        }
        return parts;
    }

    private static RegoAbort Conflict() => new("eval_conflict_error", "object keys must be unique");
}
