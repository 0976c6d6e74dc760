using Halyard.Server.Publishing;

namespace Halyard.Server.Tests.Publishing;

/// <summary>One process at a time publishes a log.</summary>
public sealed class LogPublisherTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Publisher_NamesItsKeyAndPublishesUpToTheHead()
    {
        await _world.GrowToAsync(5);

        (await _world.Publisher().PublishAsync(World.Tenant, World.Cancellation)).ShouldBeTrue();

        await _world.ShouldBePublishedAsync(6);
        _world.Status.Of(World.Tenant).Log!.Size.ShouldBe(6);
    }

    [Fact]
    public async Task Lease_HeldByAnother_KeepsOthersWaitingUntilItEnds()
    {
        await _world.GrowToAsync(5);
        var publisher = _world.Publisher();
        await publisher.PublishAsync(World.Tenant, World.Cancellation);
        await _world.GrowToAsync(10);
        var crashed = new LogLease(_world.Store, World.Tenant, "node_crashed", _world.Time);
        (await crashed.TryTakeAsync(World.Cancellation)).ShouldBeTrue();

        (await publisher.PublishAsync(World.Tenant, World.Cancellation)).ShouldBeFalse();
        (await _world.NewestAsync()).Checkpoint.Size.ShouldBe(6);

        _world.Time.Now += LogLease.Term;
        (await publisher.PublishAsync(World.Tenant, World.Cancellation)).ShouldBeTrue();
        (await _world.NewestAsync()).Checkpoint.Size.ShouldBe(10);
    }

    [Fact]
    public async Task Lease_TakenOver_CanNeitherBeRenewedNorReleasedByWhoeverLostIt()
    {
        var slow = new LogLease(_world.Store, World.Tenant, "node_slow", _world.Time);
        var other = new LogLease(_world.Store, World.Tenant, "node_other", _world.Time);
        (await slow.TryTakeAsync(World.Cancellation)).ShouldBeTrue();
        (await other.TryTakeAsync(World.Cancellation)).ShouldBeFalse();
        _world.Time.Now += LogLease.Term;
        (await other.TryTakeAsync(World.Cancellation)).ShouldBeTrue();

        (await slow.RenewAsync(World.Cancellation)).ShouldBeFalse();
        await slow.ReleaseAsync(World.Cancellation);

        (await other.RenewAsync(World.Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task Lease_GivenBack_IsFreeAtOnce()
    {
        var first = new LogLease(_world.Store, World.Tenant, "node_first", _world.Time);
        (await first.TryTakeAsync(World.Cancellation)).ShouldBeTrue();

        await first.ReleaseAsync(World.Cancellation);

        (
            await new LogLease(_world.Store, World.Tenant, "node_next", _world.Time).TryTakeAsync(World.Cancellation)
        ).ShouldBeTrue();
    }
}
