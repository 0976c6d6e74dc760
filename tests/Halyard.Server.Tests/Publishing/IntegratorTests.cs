using Halyard.Ledger;
using Halyard.Server.Publishing;
using Halyard.Server.Publishing.Signing;
using Halyard.Storage.Conformance.Objects;

namespace Halyard.Server.Tests.Publishing;

/// <summary>What is published follows from the log alone, whoever writes it, how often, and wherever it was stopped.</summary>
public sealed class IntegratorTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(new long[] { 1 })]
    [InlineData(new long[] { 1, 2, 3, 255, 256, 257 })]
    [InlineData(new long[] { 256, 512, 513 })]
    [InlineData(new long[] { 300, 700 })]
    public async Task Log_PublishedInSteps_HasEveryFileOfItsSize(long[] sizes)
    {
        foreach (var size in sizes)
        {
            await _world.GrowToAsync(size);
            (await _world.PublishAsync()).Size.ShouldBe(size);
        }

        await _world.ShouldBePublishedAsync(sizes[^1]);
    }

    [Fact]
    public async Task Publishing_Again_ChangesNoByte()
    {
        await _world.GrowToAsync(300);
        await _world.PublishAsync();
        var before = await AllAsync(_world.Objects);

        await _world.PublishAsync();

        (await AllAsync(_world.Objects)).ShouldBe(before);
    }

    [Fact]
    public async Task TwoAtOnce_WithoutALease_WriteTheSameBytes()
    {
        for (var size = 40; size <= 600; size += 70)
        {
            await _world.GrowToAsync(size);
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => _world.PublishAsync(), World.Cancellation)));
        }

        await _world.PublishAsync();
        await _world.ShouldBePublishedAsync(await _world.SizeAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task TwoAtOnce_KilledAtRandom_WriteTheSameBytes(int seed)
    {
        var chance = new Random(seed);
        var gate = new Lock();
        var kills = 0;
        bool Dies()
        {
            lock (gate)
            {
#pragma warning disable CA5394 // Chance with a seed makes a failing run repeatable.
                if (chance.Next(12) != 0)
#pragma warning restore CA5394
                    return false;
                kills++;
                return true;
            }
        }

        for (var size = 30; size <= 560; size += 90)
        {
            await _world.GrowToAsync(size);
            for (var round = 0; round < 4; round++)
                await Task.WhenAll(RunUntilKilledAsync(), RunUntilKilledAsync());
        }

        kills.ShouldBeGreaterThan(10);
        await _world.PublishAsync();
        await _world.ShouldBePublishedAsync(await _world.SizeAsync());

        async Task RunUntilKilledAsync()
        {
            var objects = new KilledObjects(_world.Objects, Dies);
            var integrator = _world.Integrator(objects, new KilledSigner(_world.Signer, Dies));
            try
            {
                await Task.Run(() => _world.PublishAsync(integrator, objects), World.Cancellation);
            }
            catch (KilledException)
            {
                // The next one goes on.
            }
        }
    }

    [Fact]
    public async Task FolderThatWasLost_IsWrittenAgain_AndTheSignerIsNotFooled()
    {
        await _world.GrowToAsync(270);
        await _world.PublishAsync();
        await _world.GrowToAsync(300);
        var empty = new InMemoryObjects();

        (await _world.PublishAsync(objects: empty)).Size.ShouldBe(300);

        await _world.ShouldBePublishedAsync(300, empty);
    }

    [Fact]
    public async Task LongLog_IsPublishedInSteps_WithACheckpointAtEach()
    {
        await _world.GrowToAsync(700);

        (await _world.PublishAsync(_world.Integrator(step: 256))).Size.ShouldBe(700);

        await _world.ShouldBePublishedAsync(700);
        (await _world.FilesAsync())
            .Keys.Where(path => path.StartsWith(CheckpointFile.Folder, StringComparison.Ordinal))
            .ShouldBe([CheckpointFile.PathOf(256), CheckpointFile.PathOf(512), CheckpointFile.PathOf(700)]);
    }

    [Fact]
    public async Task LongLog_ThatWasLost_IsWrittenAgainUpToWhatIsSignedBeforeAnythingIsSigned()
    {
        await _world.GrowToAsync(600);
        await _world.PublishAsync();
        await _world.GrowToAsync(700);
        var empty = new InMemoryObjects();

        (await _world.PublishAsync(_world.Integrator(empty, step: 256), empty)).Size.ShouldBe(700);

        await _world.ShouldBePublishedAsync(700, empty);
    }

    [Fact]
    public async Task SignatureThatWasLostOnTheWay_IsGivenAgainTheSame()
    {
        await _world.GrowToAsync(10);
        var once = true;
        bool After()
        {
            // The first question is before it signs, the second after.
            once = !once;
            return once;
        }
        await Should.ThrowAsync<KilledException>(async () =>
            await _world.PublishAsync(_world.Integrator(signer: new KilledSigner(_world.Signer, After)))
        );
        var signed = await _world.Signer.SignAsync(
            new SigningRequest(
                World.Origin,
                10,
                10,
                (await _world.Store.HeadAsync(World.Tenant, World.Cancellation))!.Range.Root,
                []
            ),
            World.Cancellation
        );

        await _world.PublishAsync();

        (await _world.FileAsync(CheckpointFile.Newest)).ShouldBe(signed.ShouldBeOfType<SigningAnswer.Signed>().Note.ToBytes());
    }

    [Theory]
    [InlineData("tile/0/000.p/20")]
    [InlineData("tile/entries/000.p/20")]
    [InlineData("checkpoints/00000000000000000020")]
    public async Task FileWithOtherBytes_StopsItInWords_AndStays(string path)
    {
        await _world.GrowToAsync(10);
        await _world.PublishAsync();
        await _world.GrowToAsync(20);
        var other = path.StartsWith("checkpoints", StringComparison.Ordinal)
            ? (await _world.FileAsync(CheckpointFile.Newest))
            : "other"u8.ToArray();
        await _world.Objects.CreateAsync(PublishedLog.FolderOf(World.Tenant) + path, other, World.Cancellation);

        var alarm = await Should.ThrowAsync<LedgerAlarmException>(async () => await _world.PublishAsync());

        alarm.Message.ShouldContain(path);
        (await _world.FileAsync(path)).ShouldBe(other);
        (await _world.NewestAsync()).Checkpoint.Size.ShouldBe(10);
    }

    [Fact]
    public async Task StoreThatWasPutBack_IsNotPublished_AndTheLossIsNamed()
    {
        await _world.GrowToAsync(20);
        await _world.PublishAsync();
        using var restored = new World();
        await restored.GrowToAsync(15);

        var alarm = await Should.ThrowAsync<LedgerAlarmException>(async () =>
            await PublishedLog.LoadAsync(World.Tenant, _world.Objects, restored.Store, restored.Proofs, World.Cancellation)
        );

        alarm.Message.ShouldContain("15 to 19 are lost");
    }

    [Fact]
    public async Task LogThatWasRewritten_IsNotPublished()
    {
        await _world.GrowToAsync(20);
        await _world.PublishAsync();
        using var rewritten = new World();
        await rewritten.GrowToAsync(30);

        (
            await Should.ThrowAsync<LedgerAlarmException>(async () =>
                await PublishedLog.LoadAsync(World.Tenant, _world.Objects, rewritten.Store, rewritten.Proofs, World.Cancellation)
            )
        ).Message.ShouldContain("rewritten");
        // Nor where what was published is gone: the signer remembers.
        (
            await Should.ThrowAsync<LedgerAlarmException>(async () =>
                await rewritten.PublishAsync(rewritten.Integrator(signer: _world.Signer))
            )
        ).Message.ShouldContain("are not those that were signed");
    }

    [Fact]
    public async Task LeaseThatIsLost_EndsBeforeACheckpointIsPublished()
    {
        await _world.GrowToAsync(20);
        var head = (await _world.Store.HeadAsync(World.Tenant, World.Cancellation)).ShouldNotBeNull();

        var published = await _world
            .Integrator()
            .PublishAsync(PublishedLog.Nothing, head, () => ValueTask.FromResult(false), World.Cancellation);

        published.ShouldBe(PublishedLog.Nothing);
        (await AllAsync(_world.Objects)).Keys.ShouldAllBe(path => path.Contains("/tile/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ArchiveVerifier_OfAStranger_AcceptsWhatIsPublished()
    {
        await _world.GrowToAsync(3);
        await _world.PublishAsync();
        await _world.GrowToAsync(520);
        await _world.PublishAsync();
        var keys = System.Text.Encoding.UTF8.GetString(await _world.FileAsync(KeyFile.Name));
        LogKeys.TryParse(keys, out var known, out _).ShouldBeTrue();

        var files = new PublishedFiles(await _world.FilesAsync());
        var verdict = ArchiveVerifier.Run(files, new ArchiveQuestion(World.Origin, known), World.Cancellation);

        verdict.ShouldBeOfType<ArchiveVerdict.Verified>();
    }

    private static async Task<Dictionary<string, string>> AllAsync(InMemoryObjects objects)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var path in objects.ListAsync("", World.Cancellation))
            all[path] = Convert.ToHexString((await objects.ReadAsync(path, World.Cancellation))!);
        return all;
    }

    private sealed class PublishedFiles(IReadOnlyDictionary<string, byte[]> files) : ILedgerFiles
    {
        public byte[]? Read(string path, int maxLength) => files.GetValueOrDefault(path);

        public IReadOnlyList<string> List(string folder) =>
            [
                .. files
                    .Keys.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal))
                    .Select(path => path[(folder.Length + 1)..])
                    .Where(name => !name.Contains('/', StringComparison.Ordinal)),
            ];
    }
}
