namespace Halyard.Rego;

/// <summary>One thing that <c>with</c> replaces.</summary>
internal abstract class Change
{
    /// <summary>The world with the replacement; null when what replaces is undefined.</summary>
    public abstract World? Apply(Frame frame, World world);
}

internal sealed class InputChange(Node[] path, Node value) : Change
{
    public override World? Apply(Frame frame, World world) =>
        Several.Evaluate(path, frame) is { } keys && value.Evaluate(frame) is { } replacement
            ? world.WithInput(Patched.Put(world.Run, world.Input, keys, replacement))
            : null;
}

internal sealed class DataChange(Node[] path, Node value) : Change
{
    public override World? Apply(Frame frame, World world) =>
        Several.Evaluate(path, frame) is { } keys && value.Evaluate(frame) is { } replacement
            ? world.WithData(Patched.Put(world.Run, world.Data, keys, replacement), Overlay.Hide(world.Overlay, keys))
            : null;
}

/// <summary>Replaces a function by a value or by another function.</summary>
internal sealed class FunctionChange(object target, Node? value, object? function) : Change
{
    public override World? Apply(Frame frame, World world)
    {
        if (value is null)
            return world.WithMocks(new Mocks(target, null, function, world.Mocks));
        return value.Evaluate(frame) is { } replacement
            ? world.WithMocks(new Mocks(target, replacement, null, world.Mocks))
            : null;
    }
}
