namespace Halyard.Rego;

/// <summary>Graphs written as an object: each vertex with an array or a set of the vertices it leads to.</summary>
internal static class Graphs
{
    private static readonly RegoType Vertices = RegoType.AnyOf(RegoType.Array, RegoType.Set);
    private static readonly RegoType Graph = RegoType.ObjectOfTypes(RegoType.Any, RegoType.Any);

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("graph.reachable", [Graph, Vertices], RegoType.Set, Reachable),
        new("graph.reachable_paths", [Graph, Vertices], RegoType.SetOfType(RegoType.Array), ReachablePaths),
    ];

    private static RegoSet Reachable(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var graph = (RegoObject)arguments[0];
        var reached = new HashSet<RegoValue>();
        var open = new Queue<RegoValue>(Collections.Items(arguments[1]).ToArray());
        while (open.TryDequeue(out var vertex))
        {
            context.Spend(1);
            if (graph.Get(vertex) is not { } edges || !reached.Add(vertex))
                continue;
            context.Reserve(64 + 8L * Collections.Items(edges).Length);
            foreach (var neighbour in Collections.Items(edges))
                open.Enqueue(neighbour);
        }
        return context.GiveSet([.. reached]);
    }

    // Every way on to where it ends: at a vertex without edges, before one that is not in the graph, or before a repetition.
    private static RegoSet ReachablePaths(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var graph = (RegoObject)arguments[0];
        var paths = new HashSet<RegoValue>();
        foreach (var start in Collections.Items(arguments[1]).ToArray())
        {
            if (graph.Get(start) is { } edges)
                Follow(context, graph, start, edges, paths);
        }
        return context.GiveSet([.. paths]);
    }

    private static void Follow(
        BuiltinContext context,
        RegoObject graph,
        RegoValue start,
        RegoValue startEdges,
        HashSet<RegoValue> paths
    )
    {
        var path = new List<RegoValue> { start };
        var onPath = new HashSet<RegoValue> { start };
        // For each vertex of the path its edges and how many of them have been followed; no recursion, for paths may be long.
        var open = new Stack<(RegoValue Edges, int Next)>([(startEdges, 0)]);
        while (open.TryPop(out var at))
        {
            var edges = Collections.Items(at.Edges);
            context.Spend(1);
            if (edges.Length == 0)
                paths.Add(context.Give([.. path]));
            if (at.Next >= edges.Length)
            {
                onPath.Remove(path[^1]);
                path.RemoveAt(path.Count - 1);
                continue;
            }
            var neighbour = edges[at.Next];
            open.Push((at.Edges, at.Next + 1));
            if (onPath.Contains(neighbour) || graph.Get(neighbour) is not { } further)
            {
                paths.Add(context.Give([.. path]));
                continue;
            }
            path.Add(neighbour);
            onPath.Add(neighbour);
            open.Push((further, 0));
        }
    }
}
