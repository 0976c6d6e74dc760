using System.Net;
using System.Net.Sockets;
using Halyard.Core;
using Halyard.Server.Hosting;
using Halyard.Server.Publishing;
using Halyard.Server.Publishing.Anchoring;
using Halyard.Server.Publishing.Signing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Server.Tests.Publishing;

/// <summary>Publishing holds nothing up, whatever is away.</summary>
public sealed class PublishingServiceTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task SignerThatTakesConnectionsAndSaysNothing_DoesNotKeepTheServerFromStarting()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var signer = new RemoteSigner(
            new Uri($"http://{silent.LocalEndpoint}/"),
            "0123456789abcdef0123456789abcdef",
            TimeSpan.FromMilliseconds(50)
        );
        using var service = Service(signer);

        await service.StartAsync(World.Cancellation);
        await service.Ready.WaitAsync(World.Cancellation);

        await service.StopAsync(World.Cancellation);
    }

    [Fact]
    public async Task StartThatIsCancelled_IsNotTakenForASignerThatIsAway()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var signer = new RemoteSigner(new Uri($"http://{silent.LocalEndpoint}/"), "0123456789abcdef0123456789abcdef");
        using var service = Service(signer);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => service.StartAsync(cancelled.Token));
    }

    private PublishingService Service(ISigner? signer = null) =>
        new(
            _world.Store,
            _world.Publisher(signer: signer),
            new KeyRecorder(signer ?? _world.Signer, _world.Store, _world.Changes, Entropy.System),
            signer ?? _world.Signer,
            new AnchorSignal(),
            _world.Status,
            new PublishingOptions(),
            _world.Time,
            NullLogger<PublishingService>.Instance
        );
}
