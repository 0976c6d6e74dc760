using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Tests.Publishing.Signing;

/// <summary>The signer in the server's process is opened when it is needed, and again where it could not be.</summary>
public sealed class LocalSignerTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task KeyThatCannotBeOpened_IsTriedAgainByTheNextCall()
    {
        var opened = 0;
        using var signer = new LocalSigner(
            _world.KeyPath,
            () => opened++ == 0 ? throw new IOException("the disk is away") : _world.Signer
        );
        await _world.GrowToAsync(3);

        (await Should.ThrowAsync<IOException>(PublishAsync)).Message.ShouldBe("the disk is away");
        await PublishAsync();
        await _world.GrowToAsync(6);
        await PublishAsync();

        opened.ShouldBe(2, "once opened it stays open");
        (await _world.NewestAsync()).Checkpoint.Size.ShouldBe(6);

        Task PublishAsync() => _world.Publisher(signer: signer).PublishAsync(World.Tenant, World.Cancellation).AsTask();
    }
}
