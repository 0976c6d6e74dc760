using System.Text;

namespace Halyard.Rego;

/// <summary>
/// A package on the way of a reference: keys lead further down, rules below are evaluated when they are reached. It stands in
/// slots between two steps of a reference and is made a value at its end; policies never see it.
/// </summary>
internal sealed class VirtualDocument(Document document, RegoValue? given, Overlay? overlay) : RegoValue
{
    public override RegoKind Kind => RegoKind.Object;

    /// <summary>The root: all of <c>data</c>.</summary>
    public static RegoValue Root(World world) =>
        world.Overlay is { IsWhole: true } ? world.Data : new VirtualDocument(world.Run.Policy.Root, world.Data, world.Overlay);

    /// <summary>What is at a key: a value, a further package, or null.</summary>
    public RegoValue? Get(World world, RegoValue key)
    {
        var below = given is null ? null : Stored(given, key);
        var hidden = overlay?.Child(key);
        if (hidden is { IsWhole: true } || document.Child(key) is not { } child)
            return below;
        return child.HasValue ? world.ValueOf(child)
            : child.Function is not null ? below
            : new VirtualDocument(child, below, hidden);
    }

    /// <summary>What a stored document holds at a key. Names of documents are texts: data.a[2] means data.a["2"].</summary>
    public static RegoValue? Stored(RegoValue document, RegoValue key) =>
        document switch
        {
            RegoObject members => members.Get(key) ?? (key is RegoNumber number ? members.Get(number.Text) : null),
            RegoArray array => array.At(key),
            RegoSet set => set.Contains(key) ? key : null,
            _ => null,
        };

    /// <summary>Every key below, sorted.</summary>
    public IEnumerable<RegoValue> Keys()
    {
        var keys = new SortedSet<RegoValue>(document.Children.Keys);
        if (given is RegoObject members)
            keys.UnionWith(members.Keys.ToArray());
        return keys;
    }

    /// <summary>All of it as a value; a stored document stands before a rule of the same name.</summary>
    public RegoValue Force(World world)
    {
        Evaluation.EnsureDepth();
        var members = new RegoObjectBuilder();
        if (given is RegoObject stored)
        {
            foreach (var (key, value) in stored)
                members.Set(key, value);
        }
        else if (given is not null)
        {
            return given;
        }
        foreach (var (key, child) in document.Children)
        {
            var value = Get(world, key);
            if (value is VirtualDocument package)
                members.Set(key, package.Force(world));
            else if (value is not null && members.Get(key) is null)
                members.Set(key, value);
        }
        return world.Run.Built(members.Build(), members.Count);
    }

    internal override void AppendTo(StringBuilder text) => text.Append(document.Path);

    private protected override int CompareSameKind(RegoValue other) => 0;

    private protected override bool EqualsSameKind(RegoValue other) => false;

    private protected override int ComputeHash() => 1;
}
