namespace Halyard.Rego;

/// <summary>Finds documents that need themselves.</summary>
internal static class Recursion
{
    /// <summary>Notes the cycles, and says in which order documents come after those that they need.</summary>
    public static IReadOnlyList<Document> Check(
        IReadOnlyDictionary<Document, HashSet<Document>> needs,
        ILookup<Document, Place> places,
        List<RegoProblem> problems
    )
    {
        var finished = new OrderedDictionary<Document, bool>();
        foreach (var start in needs.Keys)
            Visit(start, needs, finished, places, problems);
        return [.. finished.Keys];
    }

    // By hand instead of by recursion: a hostile policy makes a chain of any length.
    private static void Visit(
        Document start,
        IReadOnlyDictionary<Document, HashSet<Document>> needs,
        OrderedDictionary<Document, bool> finished,
        ILookup<Document, Place> places,
        List<RegoProblem> problems
    )
    {
        var path = new List<Document>();
        var onPath = new HashSet<Document>();
        var waiting = new Stack<(Document Document, bool IsLeaving)>();
        waiting.Push((start, false));
        while (waiting.TryPop(out var next))
        {
            var document = next.Document;
            if (next.IsLeaving)
            {
                path.RemoveAt(path.Count - 1);
                onPath.Remove(document);
                finished.TryAdd(document, true);
            }
            else if (onPath.Contains(document))
            {
                var cycle = path.SkipWhile(step => step != document).Append(document).Select(step => step.Path);
                problems.Add(
                    places[document]
                        .First()
                        .Problem("rego_recursion_error", $"rule {document.Path} is recursive: {string.Join(" -> ", cycle)}")
                );
            }
            else if (!finished.ContainsKey(document))
            {
                path.Add(document);
                onPath.Add(document);
                waiting.Push((document, true));
                foreach (var needed in Needed(document, needs))
                    waiting.Push((needed, false));
            }
        }
    }

    private static IEnumerable<Document> Needed(Document document, IReadOnlyDictionary<Document, HashSet<Document>> needs) =>
        (needs.TryGetValue(document, out var needed) ? needed : []).Concat(document.HasValue ? Below(document) : []);

    private static IEnumerable<Document> Below(Document document) =>
        document.Children.Values.SelectMany(child => child.Rules is null ? Below(child) : [child]);
}
