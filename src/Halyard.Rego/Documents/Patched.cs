namespace Halyard.Rego;

/// <summary>Values with a part replaced, as <c>with</c> replaces it: what is no object on the way becomes one.</summary>
internal static class Patched
{
    public static RegoValue Put(Evaluation run, RegoValue? root, ReadOnlySpan<RegoValue> path, RegoValue value)
    {
        if (path.Length == 0)
            return value;
        var members = new RegoObjectBuilder();
        if (root is RegoObject before)
        {
            run.Meter.Spend(before.Count);
            foreach (var (key, member) in before)
                members.Set(key, member);
        }
        members.Set(path[0], Put(run, members.Get(path[0]), path[1..], value));
        return run.Built(members.Build(), 2 * members.Count);
    }
}
