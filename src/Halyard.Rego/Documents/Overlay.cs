namespace Halyard.Rego;

/// <summary>
/// Paths of the data that <c>with</c> replaced, as a tree: at its leaves the data stands alone and hides the rules. Immutable.
/// </summary>
internal sealed record Overlay(bool IsWhole, IReadOnlyDictionary<RegoValue, Overlay> Children)
{
    public static Overlay Whole { get; } = new(IsWhole: true, new Dictionary<RegoValue, Overlay>());

    public static Overlay Hide(Overlay? overlay, ReadOnlySpan<RegoValue> path)
    {
        if (path.Length == 0 || overlay is { IsWhole: true })
            return Whole;
        var children = overlay is null ? [] : new Dictionary<RegoValue, Overlay>(overlay.Children);
        children[path[0]] = Hide(children.GetValueOrDefault(path[0]), path[1..]);
        return new Overlay(IsWhole: false, children);
    }

    public Overlay? Child(RegoValue key) => IsWhole ? this : Children.GetValueOrDefault(key);
}
