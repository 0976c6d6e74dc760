namespace Halyard.Rego;

/// <summary>One evaluation of a rule or query: its variables by slot, and the world they are looked up in.</summary>
internal sealed class Frame(int slots, World world)
{
    public readonly RegoValue?[] Slots = slots == 0 ? [] : new RegoValue?[slots];

    /// <summary>What the running statement sees; <c>with</c> replaces it for a while.</summary>
    public World World = world;
}
