namespace Halyard.Rego;

/// <summary>What names mean in one module: its imports and the rules of its package.</summary>
internal sealed class Names(
    Document root,
    IReadOnlyList<RegoValue> package,
    IReadOnlyList<Import> imports,
    IReadOnlySet<string> rules
)
{
    private readonly Dictionary<string, Import> _imports = imports
        .GroupBy(import => import.Alias, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);

    /// <summary>What a name that is no variable stands for: a reference into <c>data</c> or <c>input</c>; null when it is a variable.</summary>
    public Term? Global(string name, Place place)
    {
        if (name is "input" or "data")
            return new Root(place, name == "input");
        var path =
            _imports.TryGetValue(name, out var import) ? import.Path
            : rules.Contains(name) ? [RegoValue.Of("data"), .. package, RegoValue.Of(name)]
            : null;
        if (path is null)
            return null;
        var head = new Root(place, path[0].Equals(RegoValue.Of("input")));
        return path.Count == 1 ? head : new Reference(place, head, [.. path.Skip(1).Select(key => new Constant(place, key))]);
    }

    /// <summary>The function of a dotted name: a <see cref="Document"/> or a <see cref="Builtin"/>; null when there is none.</summary>
    public object? Function(string dotted, Place place)
    {
        var parts = dotted.Split('.');
        var path = Global(parts[0], place) switch
        {
            Root { IsInput: false } => parts.Skip(1).Select(RegoValue.Of),
            Reference { Head: Root { IsInput: false } } reference => reference
                .Path.Select(term => ((Constant)term).Value)
                .Concat(parts.Skip(1).Select(RegoValue.Of)),
            _ => null,
        };
        if (path is null)
            return BuiltinTable.Find(dotted);
        var document = root;
        foreach (var key in path)
        {
            if (document?.Child(key) is not { } child)
                return null;
            document = child;
        }
        return document.Function is null ? null : document;
    }
}
