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
            context.Weigh(vertex);
            if (graph.Get(vertex) is not { } edges || !reached.Add(vertex))
                continue;
            context.Reserve(64 + 8L * Collections.Items(edges).Length);
            foreach (var neighbour in Collections.Items(edges))
                open.Enqueue(neighbour);
        }
        return context.GiveSet([.. reached]);
    }

    // Ways on to where they end: at a vertex without edges, before one that is not in the graph, or before one already gone through
    // since the first step from the start. So each vertex is gone through once for each first step.
    private static RegoSet ReachablePaths(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var graph = (RegoObject)arguments[0];
        var paths = new HashSet<RegoValue>();
        foreach (var start in Collections.Items(arguments[1]))
        {
            if (graph.Get(start) is not { } edges)
                continue;
            if (Collections.Items(edges).Length == 0)
                paths.Add(RegoArray.Of(start));
            foreach (var neighbour in Collections.Items(edges))
                Follow(context, graph, start, neighbour, paths);
        }
        return context.GiveSet([.. paths]);
    }

    private static void Follow(
        BuiltinContext context,
        RegoObject graph,
        RegoValue start,
        RegoValue first,
        HashSet<RegoValue> paths
    )
    {
        var path = new List<RegoValue> { start };
        var reached = new HashSet<RegoValue> { start };
        // The vertices of the path with how many of their edges have been followed; no recursion, for paths may be long.
        var open = new Stack<(RegoValue Edges, int Next)>();
        Enter(first);
        while (open.TryPop(out var at))
        {
            context.Spend(1);
            var edges = Collections.Items(at.Edges);
            if (at.Next == edges.Length)
            {
                path.RemoveAt(path.Count - 1);
                continue;
            }
            open.Push((at.Edges, at.Next + 1));
            context.Weigh(edges[at.Next]);
            if (reached.Contains(edges[at.Next]))
            {
                paths.Add(context.Give([.. path]));
                continue;
            }
            reached.Add(path[^1]);
            Enter(edges[at.Next]);
        }

        void Enter(RegoValue vertex)
        {
            context.Weigh(vertex);
            context.Reserve(64);
            var edges = graph.Get(vertex);
            if (edges is not null)
            {
                path.Add(vertex);
                open.Push((edges, 0));
            }
            if (edges is null || Collections.Items(edges).Length == 0)
                paths.Add(context.Give([.. path]));
        }
    }
}
