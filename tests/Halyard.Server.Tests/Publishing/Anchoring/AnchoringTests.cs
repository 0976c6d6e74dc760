using Halyard.Core;
using Halyard.Ledger;
using Halyard.Server.Publishing;
using Halyard.Server.Publishing.Anchoring;
using Halyard.Server.Publishing.Objects;
using Halyard.Storage.Conformance.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Halyard.Server.Tests.Publishing.Anchoring;

/// <summary>Every checkpoint is handed over, in order, whatever happens on the way; a fork is noticed where it is held.</summary>
public sealed class AnchoringTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task EveryCheckpoint_IsAnchoredOnce_AsItWasPublished()
    {
        var anchor = new RecordingAnchor();
        foreach (var size in new long[] { 3, 9, 10, 99, 100, 101 })
        {
            await _world.GrowToAsync(size);
            await _world.PublishAsync();
        }
        (await CatchUpAsync(anchor)).ShouldBe(101);
        await _world.GrowToAsync(120);
        await _world.PublishAsync();

        (await CatchUpAsync(anchor)).ShouldBe(120);
        (await CatchUpAsync(anchor)).ShouldBe(120);

        anchor.Sizes.ShouldBe([3, 9, 10, 99, 100, 101, 120]);
        anchor.Notes[^1].ToBytes().ShouldBe(await _world.FileAsync(CheckpointFile.Newest));
    }

    [Fact]
    public async Task AnchorThatFails_GoesOnWhereItStopped()
    {
        var anchor = new RecordingAnchor { FailsAt = 9 };
        foreach (var size in new long[] { 3, 9, 10 })
        {
            await _world.GrowToAsync(size);
            await _world.PublishAsync();
        }

        await Should.ThrowAsync<HttpRequestException>(async () => await CatchUpAsync(anchor));
        anchor.Sizes.ShouldBe([3]);
        anchor.FailsAt = 0;

        (await CatchUpAsync(anchor)).ShouldBe(10);
        anchor.Sizes.ShouldBe([3, 9, 10]);
    }

    [Fact]
    public async Task Fork_IsNoticedByTheFolderThatHoldsTheOtherHistory()
    {
        var folder = new ObjectAnchor("folder", new FolderObjects(Path.Combine(_world.Folder, "anchor"), Entropy.System));
        await _world.GrowToAsync(10);
        await _world.PublishAsync();
        await CatchUpAsync(folder);
        using var forked = new World();
        await forked.GrowToAsync(10);
        await forked.PublishAsync();

        var alarm = await Should.ThrowAsync<LedgerAlarmException>(async () =>
            await new LogAnchor(World.Tenant, 1, folder, forked.Store, forked.Objects).CatchUpAsync(_ => { }, World.Cancellation)
        );

        alarm.Message.ShouldContain("forked");
    }

    [Fact]
    public async Task Fork_IsOneEntryOfTheLog_HoweverOftenItIsNoticed()
    {
        var folder = new ObjectAnchor("folder", new InMemoryObjects());
        using (var other = new World())
        {
            await other.GrowToAsync(10);
            await other.PublishAsync();
            await new LogAnchor(World.Tenant, 1, folder, other.Store, other.Objects).CatchUpAsync(_ => { }, World.Cancellation);
        }
        await _world.GrowToAsync(10);
        await _world.PublishAsync();
        var service = Service(folder);

        await service.CatchUpAsync(folder, World.Cancellation);
        await service.CatchUpAsync(folder, World.Cancellation);

        var told = (await _world.AlarmsToldAsync()).ShouldHaveSingleItem();
        told.ShouldContain("anchor 'folder'");
        told.ShouldContain("forked");
    }

    [Fact]
    public async Task SameCheckpoint_UnderAnotherSignature_IsNoFork()
    {
        var anchor = new ObjectAnchor("folder", new InMemoryObjects());
        await _world.GrowToAsync(10);
        await _world.PublishAsync();
        var (note, checkpoint) = await _world.NewestAsync();
        using var ring = _world.Ring();
        var again = ring.Current.Sign(checkpoint.ToText());
        again.ToString().ShouldNotBe(note.ToString());

        await anchor.AnchorAsync("a", note, World.Cancellation);
        await anchor.AnchorAsync("a", again, World.Cancellation);

        (await anchor.Objects.ReadAsync("a", World.Cancellation)).ShouldBe(note.ToBytes());
    }

    [Fact]
    public async Task FailingAnchor_ShowsItsErrorAndLag_AndDelaysNoOther()
    {
        await _world.GrowToAsync(10);
        await _world.PublishAsync();
        var (broken, good) = (new RecordingAnchor { FailsAt = 10, Name = "broken" }, new RecordingAnchor());
        var service = Service(broken, good);

        await service.CatchUpAsync(broken, World.Cancellation);
        await service.CatchUpAsync(good, World.Cancellation);

        var failed = _world.Status.Of(World.Tenant, "broken");
        failed.Error.ShouldBe("no");
        failed.Alarm.ShouldBeNull();
        _world.Status.Of(World.Tenant, "recording").Size.ShouldBe(10);
        broken.FailsAt = 0;
        await service.CatchUpAsync(broken, World.Cancellation);
        _world.Status.Of(World.Tenant, "broken").ShouldBe(new AnchorStatus(10, _world.Time.Now, null, null));
    }

    [Fact]
    public async Task Webhook_GetsTheNoteAsText()
    {
        await _world.GrowToAsync(4);
        await _world.PublishAsync();
        var got = new List<(string? Type, string Body)>();
        await using var receiver = await ReceiverAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            got.Add((context.Request.ContentType, await reader.ReadToEndAsync(World.Cancellation)));
        });
        using var webhook = new WebhookAnchor(new Uri(receiver.Urls.Single()));

        (await CatchUpAsync(webhook)).ShouldBe(4);

        var (type, body) = got.ShouldHaveSingleItem();
        type.ShouldBe("text/plain; charset=utf-8");
        body.ShouldBe((await _world.NewestAsync()).Note.ToString());
    }

    [Theory]
    [InlineData(302)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Webhook_ThatDoesNotTakeIt_IsAskedAgain(int status)
    {
        await _world.GrowToAsync(4);
        await _world.PublishAsync();
        var asked = 0;
        await using var receiver = await ReceiverAsync(context =>
        {
            context.Response.StatusCode = asked++ == 0 ? status : 204;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        using var webhook = new WebhookAnchor(new Uri(receiver.Urls.Single()));

        await Should.ThrowAsync<HttpRequestException>(async () => await CatchUpAsync(webhook));
        (await CatchUpAsync(webhook)).ShouldBe(4);

        asked.ShouldBe(2);
    }

    private ValueTask<long> CatchUpAsync(IAnchor anchor) =>
        new LogAnchor(World.Tenant, 1, anchor, _world.Store, _world.Objects).CatchUpAsync(_ => { }, World.Cancellation);

    private AnchoringService Service(params IReadOnlyList<IAnchor> anchors) =>
        new(
            _world.Store,
            new PublishedObjects(_world.Objects),
            new Anchors(anchors),
            new AnchorSignal(),
            _world.Status,
            _world.Alarms,
            new Server.Hosting.PublishingOptions(),
            _world.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<AnchoringService>.Instance
        );

    private static async Task<WebApplication> ReceiverAsync(RequestDelegate receive)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(receive);
        await app.StartAsync(World.Cancellation);
        return app;
    }

    private sealed class RecordingAnchor : IAnchor
    {
        public string Name { get; init; } = "recording";

        public long FailsAt { get; set; }

        public List<Note> Notes { get; } = [];

        public List<long> Sizes { get; } = [];

        public ValueTask AnchorAsync(string path, Note note, CancellationToken cancellationToken)
        {
            Checkpoint.TryParse(note.Text, out var checkpoint, out _).ShouldBeTrue();
            path.ShouldBe($"acme/admin/checkpoints/{checkpoint.Size:D20}");
            if (checkpoint.Size == FailsAt)
                throw new HttpRequestException("no");
            Notes.Add(note);
            Sizes.Add(checkpoint.Size);
            return ValueTask.CompletedTask;
        }
    }
}
