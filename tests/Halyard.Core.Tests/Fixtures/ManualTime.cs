namespace Halyard.Core.Tests.Fixtures;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 10, 11, 12, 345, 678, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
