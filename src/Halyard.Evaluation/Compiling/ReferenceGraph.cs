namespace Halyard.Evaluation;

/// <summary>What references lead to from one node.</summary>
/// <param name="InCycle">The node leads back to itself.</param>
/// <param name="Depth">The longest chain from here, this node included; cut off where a node is refused.</param>
/// <param name="Cost">How many nodes one evaluation may visit, each path counted.</param>
public readonly record struct Reach(bool InCycle, int Depth, long Cost)
{
    /// <summary>How many nodes one evaluation may visit at most.</summary>
    public const long MaxCost = 1_000;

    /// <summary>The node may not be evaluated.</summary>
    public bool IsRefused => InCycle || Depth > Definitions.Limits.Depth || Cost > MaxCost;

    /// <summary>Why the node is refused, or null; <paramref name="what"/> names the references.</summary>
    public string? Problem(string what) =>
        InCycle ? $"is part of a cycle of {what}"
        : Depth > Definitions.Limits.Depth ? $"begins a chain of more than {Definitions.Limits.Depth} {what}"
        : Cost > MaxCost ? $"leads to more than {MaxCost} {what}"
        : null;
}

/// <summary>
/// Finds cycles, depth and cost in references (Tarjan's strongly connected components). Iterative, because the chains that are
/// to be refused may be longer than the stack.
/// </summary>
public static class ReferenceGraph
{
    /// <summary>Analyses a graph of nodes 0…n−1.</summary>
    /// <param name="edges">For each node those it refers to; a node may be named several times.</param>
    public static Reach[] Analyse(IReadOnlyList<IReadOnlyList<int>> edges)
    {
        var reaches = new Reach[edges.Count];
        var order = new int[edges.Count];
        var low = new int[edges.Count];
        var open = new bool[edges.Count];
        var component = new Stack<int>();
        var path = new Stack<(int Node, int Next)>();
        var counter = 0;

        for (var root = 0; root < edges.Count; root++)
        {
            if (order[root] != 0)
                continue;
            Enter(root);
            while (path.TryPop(out var frame))
            {
                var (node, next) = frame;
                if (next < edges[node].Count)
                {
                    path.Push((node, next + 1));
                    var target = edges[node][next];
                    if (order[target] == 0)
                        Enter(target);
                    else if (open[target])
                        low[node] = Math.Min(low[node], order[target]);
                    continue;
                }
                if (path.TryPeek(out var parent))
                    low[parent.Node] = Math.Min(low[parent.Node], low[node]);
                if (low[node] == order[node])
                    Close(node);
            }
        }
        return reaches;

        void Enter(int node)
        {
            order[node] = low[node] = ++counter;
            open[node] = true;
            component.Push(node);
            path.Push((node, 0));
        }

        void Close(int node)
        {
            var isCycle = component.Peek() != node || edges[node].Contains(node);
            int member;
            do
            {
                member = component.Pop();
                open[member] = false;
                reaches[member] = isCycle ? new Reach(InCycle: true, 1, 1) : Follow(edges[member], reaches);
            } while (member != node);
        }
    }

    // Components close after those they refer to, so that the targets are known. A refused target answers at once.
    private static Reach Follow(IReadOnlyList<int> targets, Reach[] reaches)
    {
        var (depth, cost) = (0, 1L);
        foreach (var target in targets)
        {
            var refused = reaches[target].IsRefused;
            depth = Math.Max(depth, refused ? 1 : reaches[target].Depth);
            cost += refused ? 1 : reaches[target].Cost;
        }
        return new Reach(InCycle: false, depth + 1, cost);
    }
}
