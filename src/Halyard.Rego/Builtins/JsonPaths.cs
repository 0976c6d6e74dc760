namespace Halyard.Rego;

/// <summary>Parts of a document by paths: kept alone, left out, changed by a patch (RFC 6902).</summary>
internal static class JsonPaths
{
    private static readonly RegoType Path = RegoType.AnyOf(RegoType.String, RegoType.Array);
    private static readonly RegoType Paths = RegoType.AnyOf(RegoType.SetOfType(Path), RegoType.ArrayOfType(Path));

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("json.filter", [RegoType.Object, Paths], RegoType.Any, Filter),
        new("json.remove", [RegoType.Object, Paths], RegoType.Any, Remove),
        new("json.patch", [RegoType.Any, RegoType.ArrayOfType(RegoType.Object)], RegoType.Any, Patch),
    ];

    /// <summary>The steps of a path: an array as it is, a text cut at slashes (RFC 6901); null if it is neither.</summary>
    public static RegoValue[]? Steps(BuiltinContext context, RegoValue path)
    {
        if (path is RegoArray array)
            return array.AsSpan().ToArray();
        if (path is not RegoString text)
            return null;
        context.Spend(1 + text.Value.Length);
        context.Reserve(32L * text.Value.Length);
        if (text.Value.Length == 0)
            return [];
        var parts = text.Value.TrimStart('/').Split('/');
        return
        [
            .. parts.Select(part =>
                RegoValue.Of(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))
            ),
        ];
    }

    private static RegoValue? Filter(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        Tree(context, arguments[1]) is { } tree ? Kept(context, arguments[0], tree) : null;

    private static RegoValue? Remove(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        Tree(context, arguments[1]) is { } tree ? Rest(context, arguments[0], tree) : null;

    // The paths put together: what they lead through, and at the end of each null, which stands for everything below.
    private static RegoNode? Tree(BuiltinContext context, RegoValue paths)
    {
        var root = new RegoNode();
        foreach (var path in Collections.Items(paths))
        {
            if (Steps(context, path) is not { } steps)
            {
                context.FailType(
                    "operand 2 must be one of {set, array} containing string paths or array of path segments but got "
                        + path.KindName
                );
                return null;
            }
            if (steps.Length == 0)
                continue;
            if (steps.Length > RegoValue.MaxDepth)
            {
                context.Fail("a path is too long");
                return null;
            }
            context.Spend(steps.Length);
            context.Reserve(128L * steps.Length);
            var node = root;
            foreach (var step in steps)
                node = node.Child(step);
            node.IsWhole = true;
        }
        return root;
    }

    private static RegoValue? Kept(BuiltinContext context, RegoValue value, RegoNode node)
    {
        if (node.IsWhole)
            return value;
        context.Spend(1 + node.Children.Count);
        switch (value)
        {
            case RegoObject members:
                var kept = new RegoObjectBuilder();
                foreach (var (key, child) in node.Children)
                {
                    if (members.Get(key) is { } member && Kept(context, member, child) is { } part)
                        kept.Set(key, part);
                }
                return context.Give(kept);
            case RegoSet set:
                return context.GiveSet([
                    .. node
                        .Children.Where(child => set.Contains(child.Key))
                        .Select(child => Kept(context, child.Key, child.Value))
                        .OfType<RegoValue>(),
                ]);
            case RegoArray array:
                return context.Give([
                    .. array.Select((item, i) => node.At(i) is { } child ? Kept(context, item, child) : null).OfType<RegoValue>(),
                ]);
            default:
                return value;
        }
    }

    private static RegoValue? Rest(BuiltinContext context, RegoValue value, RegoNode? node)
    {
        if (node is null)
            return value;
        if (node.IsWhole)
            return null;
        switch (value)
        {
            case RegoObject members:
                var rest = new RegoObjectBuilder();
                foreach (var (key, member) in members)
                {
                    if (Rest(context, member, node.Children.GetValueOrDefault(key)) is { } part)
                        rest.Set(key, part);
                }
                return context.Give(rest);
            case RegoSet set:
                return context.GiveSet([
                    .. set.Select(item => Rest(context, item, node.Children.GetValueOrDefault(item))).OfType<RegoValue>(),
                ]);
            case RegoArray array:
                return context.Give([.. array.Select((item, i) => Rest(context, item, node.At(i))).OfType<RegoValue>()]);
            default:
                return value;
        }
    }

    // A patch that cannot be applied leaves the expression undefined; it is no error.
    private static RegoValue? Patch(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var document = arguments[0];
        foreach (var operation in (RegoArray)arguments[1])
        {
            if (operation is not RegoObject members || JsonPatch.Apply(context, document, members) is not { } changed)
                return null;
            // A document can be copied into itself.
            if (changed.Depth > RegoValue.MaxDepth)
                return context.Fail($"the document nests deeper than {RegoValue.MaxDepth}");
            document = changed;
        }
        return document;
    }

    /// <summary>Where paths lead.</summary>
    private sealed class RegoNode
    {
        public Dictionary<RegoValue, RegoNode> Children { get; } = [];

        /// <summary>Whether a path ends here, so that everything below belongs to it.</summary>
        public bool IsWhole { get; set; }

        public RegoNode Child(RegoValue key)
        {
            if (!Children.TryGetValue(key, out var child))
                Children.Add(key, child = new RegoNode());
            return child;
        }

        /// <summary>What stands for a place of an array, which paths write as a text or as a number.</summary>
        public RegoNode? At(int index) =>
            Children.GetValueOrDefault(RegoValue.Of(index.ToString())) ?? Children.GetValueOrDefault(RegoValue.Of(index));
    }
}
