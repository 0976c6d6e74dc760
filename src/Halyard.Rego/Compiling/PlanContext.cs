namespace Halyard.Rego;

/// <summary>What the planners of one rule share.</summary>
internal sealed class PlanContext(
    Document root,
    Resolver resolver,
    List<RegoProblem> problems,
    HashSet<Document> needs,
    bool isStrict
)
{
    public Document Root => root;

    public List<RegoProblem> Problems => problems;

    public bool IsStrict => isStrict;

    public int NewSlot() => resolver.NewSlot();

    /// <summary>Notes that the rule needs a function.</summary>
    public void Depend(Document function) => needs.Add(function);

    /// <summary>Notes that the rule needs what a path below a document leads to.</summary>
    /// <param name="document">Where the path begins.</param>
    /// <param name="path">Its keys; null where a key is known only at run time.</param>
    public void Depend(Document document, ReadOnlySpan<RegoValue?> path)
    {
        if (document.HasValue)
            needs.Add(document);
        if (path.Length == 0 || document.HasValue)
        {
            foreach (var child in document.Children.Values)
                Depend(child, []);
        }
        else if (path[0] is not { } key)
        {
            foreach (var child in document.Children.Values)
                Depend(child, path[1..]);
        }
        else if (document.Child(key) is { } child)
        {
            Depend(child, path[1..]);
        }
    }
}
