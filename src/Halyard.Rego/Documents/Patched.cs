namespace Halyard.Rego;

/// <summary>Values with a part replaced, as <c>with</c> replaces it: what is no object on the way becomes one.</summary>
internal static class Patched
{
    public static RegoValue Put(RegoValue? root, ReadOnlySpan<RegoValue> path, RegoValue value)
    {
        if (path.Length == 0)
            return value;
        var members = new RegoObjectBuilder();
        if (root is RegoObject before)
        {
            foreach (var (key, member) in before)
                members.Set(key, member);
        }
        members.Set(path[0], Put(members.Get(path[0]), path[1..], value));
        return members.Build();
    }
}
