namespace Halyard.Rego;

/// <summary>Functions that <c>with</c> replaced: by a value or by another function. An immutable list, the latest first.</summary>
/// <param name="Target">The function replaced: a <see cref="Document"/> or a <see cref="Builtin"/>.</param>
/// <param name="Value">The value that every call gives; null when a function stands in.</param>
/// <param name="Function">The function that stands in: a <see cref="Document"/> or a <see cref="Builtin"/>.</param>
/// <param name="Rest">The replacements before it.</param>
internal sealed record Mocks(object Target, RegoValue? Value, object? Function, Mocks? Rest)
{
    public Mocks? Find(object target)
    {
        for (var mock = this; mock is not null; mock = mock.Rest)
        {
            if (ReferenceEquals(mock.Target, target))
                return mock;
        }
        return null;
    }

    /// <summary>The list without the target, for the body of what stands in for it.</summary>
    public static Mocks? Without(Mocks? mocks, object target) =>
        mocks is null ? null
        : ReferenceEquals(mocks.Target, target) ? Without(mocks.Rest, target)
        : mocks with { Rest = Without(mocks.Rest, target) };
}
