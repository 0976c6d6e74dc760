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

    [Fact]
    public async Task Contradiction_IsOneEntry_HoweverOftenItIsNoticed_AndAnotherOneOnceItIsOver()
    {
        await _world.GrowToAsync(5);
        using var service = Service();
        await service.PublishAllAsync(World.Cancellation);
        (await _world.AlarmsToldAsync()).ShouldBeEmpty();
        var newest = await _world.FileAsync(CheckpointFile.Newest);
        await PutAsync("nonsense"u8.ToArray());

        // What each tells makes the log longer, and the next notices again.
        for (var round = 0; round < 3; round++)
            await service.PublishAllAsync(World.Cancellation);

        var told = (await _world.AlarmsToldAsync()).ShouldHaveSingleItem();
        told.ShouldContain("\"place\":\"publishing\"");
        told.ShouldContain("\"kind\":\"system\"");
        await PutAsync(newest);
        await service.PublishAllAsync(World.Cancellation);
        _world.Status.Alarms.ShouldBeEmpty();
        _world.Time.Now += TimeSpan.FromDays(2);
        await PutAsync("nonsense"u8.ToArray());
        await service.PublishAllAsync(World.Cancellation);
        (await _world.AlarmsToldAsync()).Count.ShouldBe(2);

        ValueTask PutAsync(byte[] content) =>
            _world.Objects.ReplaceAsync(PublishedLog.FolderOf(World.Tenant) + CheckpointFile.Newest, content, World.Cancellation);
    }

    [Fact]
    public async Task SignerThatRefusesEachSize_IsOneEntry_AndNotOneForEachEntryThatSaysSo()
    {
        await _world.GrowToAsync(5);
        using var service = Service(new RefusingSigner(_world.Signer));

        for (var round = 0; round < 4; round++)
            await service.PublishAllAsync(World.Cancellation);

        (await _world.AlarmsToldAsync()).ShouldHaveSingleItem().ShouldContain("the log forked");
    }

    private sealed class RefusingSigner(ISigner inner) : ISigner
    {
        public ValueTask<IReadOnlyList<Ledger.NoteKey>> KeysAsync(CancellationToken cancellationToken) =>
            inner.KeysAsync(cancellationToken);

        public ValueTask<SigningAnswer> SignAsync(SigningRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult<SigningAnswer>(new SigningAnswer.Refused("the log forked"));
    }

    private PublishingService Service(ISigner? signer = null) =>
        new(
            _world.Store,
            _world.Publisher(signer: signer),
            new KeyRecorder(signer ?? _world.Signer, _world.Store, _world.Changes, Entropy.System),
            signer ?? _world.Signer,
            new AnchorSignal(),
            _world.Status,
            _world.Alarms,
            new PublishingOptions(),
            _world.Time,
            NullLogger<PublishingService>.Instance
        );
}
