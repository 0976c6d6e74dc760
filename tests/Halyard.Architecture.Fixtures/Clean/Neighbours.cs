using Halyard.Architecture.Fixtures.ForbiddenFruit;

namespace Halyard.Architecture.Fixtures.ForbiddenFruit
{
    /// <summary>In a namespace whose name only begins like the forbidden one.</summary>
    public sealed class Apple
    {
        public int Seeds { get; init; }
    }
}

namespace Halyard.Architecture.Fixtures.Clean
{
    /// <summary>Uses everything but what is forbidden; a report about it would be a false alarm.</summary>
    public sealed class Orchard
    {
        public IEnumerable<Apple> Pick(int count)
        {
            for (var i = 0; i < count; i++)
                yield return new Apple { Seeds = i };
        }

        public async Task<int> CountAsync()
        {
            await Task.Yield();
            return Pick(3).Count(apple => apple is { Seeds: > 0 });
        }
    }
}
