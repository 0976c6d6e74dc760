using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;
using Halyard.Server.Publishing;
using Halyard.Server.Publishing.Signing;
using Halyard.Storage.Conformance.InMemory;
using Halyard.Storage.Conformance.Objects;

namespace Halyard.Server.Tests.Publishing;

/// <summary>A log in memory with the real pipeline, the real signer in a folder of its own, and objects in memory.</summary>
internal sealed class World : IDisposable
{
    public const string Tenant = "acme";
    public const string Host = "flags.test";
    public const string Origin = "flags.test/acme/admin";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-publishing-");

    // Making a key is slow on purpose, and once is enough.
    private static readonly Lazy<Dictionary<string, string>> MadeKey = new(MakeKey);

    public World()
    {
        foreach (var (ending, text) in MadeKey.Value)
            PrivateFile.Write(KeyPath + ending, text);
        Signer = new Signer(Ring(), SignerState.Open(Path.Combine(_folder.FullName, "state"), Entropy.System));
        Changes = new ChangeService(
            Store,
            Vault,
            RegoAuthorizer.On(Store, Time),
            Time,
            Entropy.System,
            new LogOrigins(Host),
            new SystemTimeZones()
        );
        Proofs = new ProofReader(Store);
    }

    public ManualTime Time { get; } = new();

    public InMemoryStore Store { get; } = new();

    public PersonalVault Vault { get; } = new(new InMemorySubjectKeys(), Entropy.System);

    public InMemoryObjects Objects { get; } = new();

    public ProofReader Proofs { get; }

    public ChangeService Changes { get; }

    public Signer Signer { get; private set; }

    public string Folder => _folder.FullName;

    public string KeyPath => Path.Combine(_folder.FullName, "key.pem");

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public LedgerStatus Status => field ??= new LedgerStatus(Time);

    public AlarmRecorder Alarms =>
        field ??= new AlarmRecorder(
            Changes,
            Time,
            Entropy.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<AlarmRecorder>.Instance
        );

    public KeyRing Ring() => KeyRing.Open(KeyPath, Host, "", Entropy.System, Time);

    /// <summary>Puts another signer in place, with the keys and the state that are in the folder now.</summary>
    public void ReopenSigner()
    {
        Signer.Dispose();
        Signer = new Signer(Ring(), SignerState.Open(Path.Combine(_folder.FullName, "state"), Entropy.System));
    }

    public Integrator Integrator(
        IObjectStore? objects = null,
        ISigner? signer = null,
        int step = Server.Publishing.Integrator.MaxStep
    ) => new(Store, Proofs, objects ?? Objects, signer ?? Signer, step);

    public LogPublisher Publisher(IObjectStore? objects = null, ISigner? signer = null) =>
        new(
            Store,
            Proofs,
            new PublishedObjects(objects ?? Objects),
            signer ?? Signer,
            new KeyRecorder(signer ?? Signer, Store, Changes, Entropy.System),
            Status,
            Entropy.System,
            Time
        );

    /// <summary>Lets the log grow to a size, by entries that edit nothing.</summary>
    public async Task GrowToAsync(long size)
    {
        while (await SizeAsync() is var now && now < size)
        {
            var change =
                now == 0
                    ? Change.Edit("", [new CreateTenant(Tenant, "Acme")], "", action: "tenant.create")
                    : Change.Record("log.view", "", new ChangeEvent("log.viewed", $"entry {now}"));
            var submission = new Submission(Actor.System(Tenant), RequestContext.Internal($"q_{now}"), change);
            (await Changes.SubmitAsync(submission, Cancellation)).Value.ShouldBeOfType<Outcome.Applied>();
        }
    }

    /// <summary>How many entries say that the log does not verify, each with its words.</summary>
    public async Task<IReadOnlyList<string>> AlarmsToldAsync()
    {
        var query = new Core.Audit.AuditQuery { Actions = ["log.verification_failed"], Limit = 100 };
        var entries = await Store.QueryAsync(Tenant, query, Cancellation);
        return [.. entries.Reverse().Select(entry => System.Text.Encoding.UTF8.GetString(entry.Leaf))];
    }

    public async Task<long> SizeAsync() => (await Store.HeadAsync(Tenant, Cancellation))?.Range.Size ?? 0;

    /// <summary>Publishes up to the head, by an integrator without a lease.</summary>
    public async Task<PublishedLog> PublishAsync(Integrator? integrator = null, IObjectStore? objects = null)
    {
        var before = await PublishedLog.LoadAsync(Tenant, objects ?? Objects, Store, Proofs, Cancellation);
        var head = (await Store.HeadAsync(Tenant, Cancellation)).ShouldNotBeNull();
        return await (integrator ?? Integrator(objects)).PublishAsync(
            before,
            head,
            () => ValueTask.FromResult(true),
            Cancellation
        );
    }

    public async Task<byte[]> FileAsync(string path) =>
        (await Objects.ReadAsync(PublishedLog.FolderOf(Tenant) + path, Cancellation)).ShouldNotBeNull(path);

    /// <summary>Every file of the published log, by its path in the log.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> FilesAsync()
    {
        var folder = PublishedLog.FolderOf(Tenant);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        await foreach (var path in Objects.ListAsync(folder, Cancellation))
            files[path[folder.Length..]] = await FileAsync(path[folder.Length..]);
        return files;
    }

    public async Task<(Note Note, Checkpoint Checkpoint)> NewestAsync() =>
        CheckpointFile.Read(await FileAsync(CheckpointFile.Newest));

    /// <summary>
    /// Computes every file from the log anew, by the path alone, and compares; every checkpoint must be signed and name the root.
    /// </summary>
    public async Task ShouldBePublishedAsync(long size, IObjectStore? objects = null)
    {
        objects ??= Objects;
        var entries = await Store.FeedAsync(Tenant, 0, int.MaxValue, Cancellation);
        var leaves = entries.Select(entry => (ReadOnlyMemory<byte>)entry.Leaf).ToList();
        var hashes = leaves.ConvertAll(leaf => MerkleTree.HashLeaf(leaf.Span));
        var nodes = new LeafNodeSource(hashes);
        var keys = (await Signer.KeysAsync(Cancellation)).Select(key => key.CreateVerifier()!).ToList();
        var folder = PublishedLog.FolderOf(Tenant);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var path in objects.ListAsync(folder, Cancellation))
        {
            var bytes = (await objects.ReadAsync(path, Cancellation)).ShouldNotBeNull();
            var name = path[folder.Length..];
            seen.Add(name);
            if (TilePath.TryParse(name, out var tile))
                bytes.ShouldBe(Expected(tile, leaves, nodes), name);
            else if (name != KeyFile.Name)
            {
                var (note, checkpoint) = CheckpointFile.Read(bytes);
                checkpoint.Origin.ShouldBe(Origin);
                checkpoint.Root.ShouldBe(MerkleTree.Root([.. hashes.Take((int)checkpoint.Size)]), name);
                note.Verify(keys).ShouldBeOfType<NoteVerdict.Verified>(name);
                if (name != CheckpointFile.Newest)
                    name.ShouldBe(CheckpointFile.PathOf(checkpoint.Size));
                else
                    checkpoint.Size.ShouldBe(size);
            }
        }
        seen.ShouldContain(CheckpointFile.Newest);
        seen.ShouldContain(CheckpointFile.PathOf(size));
        foreach (var tile in TileLayout.HashTiles(0, size).Concat(TileLayout.Bundles(0, size)))
            seen.ShouldContain(tile.ToString());
    }

    public void Dispose()
    {
        Signer.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Dictionary<string, string> MakeKey()
    {
        var folder = Directory.CreateTempSubdirectory("halyard-key-");
        try
        {
            var path = Path.Combine(folder.FullName, "key.pem");
            KeyRing.Open(path, Host, "", Entropy.System, TimeProvider.System).Dispose();
            return new[] { "", ".vkey", ".passphrase" }.ToDictionary(
                ending => ending,
                ending => File.ReadAllText(path + ending),
                StringComparer.Ordinal
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Expected(TilePath tile, List<ReadOnlyMemory<byte>> leaves, LeafNodeSource nodes)
    {
        var first = tile.Index * TilePath.FullWidth;
        return tile.IsEntries
            ? EntryBundle.Write(leaves.GetRange((int)first, tile.Width))
            : HashTile.Write([
                .. Enumerable.Range(0, tile.Width).Select(i => nodes.Node(tile.Level * TilePath.Height, first + i)),
            ]);
    }
}

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 10, 11, 12, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A store of objects that breaks before or after any of its calls, as a process does that is killed there.</summary>
internal sealed class KilledObjects(IObjectStore inner, Func<bool> dies) : IObjectStore
{
    public async ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await MaybeAsync();
        return await inner.ReadAsync(path, cancellationToken);
    }

    public async ValueTask<Creation> CreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await MaybeAsync();
        var created = await inner.CreateAsync(path, content, cancellationToken);
        await MaybeAsync();
        return created;
    }

    public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await MaybeAsync();
        await inner.ReplaceAsync(path, content, cancellationToken);
        await MaybeAsync();
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    private async ValueTask MaybeAsync()
    {
        await Task.Yield();
        if (dies())
            throw new KilledException();
    }
}

/// <summary>Here the process was killed.</summary>
internal sealed class KilledException : Exception;

/// <summary>A signer whose answers are lost, before or after it signed.</summary>
internal sealed class KilledSigner(ISigner inner, Func<bool> dies) : ISigner
{
    public ValueTask<IReadOnlyList<NoteKey>> KeysAsync(CancellationToken cancellationToken) => inner.KeysAsync(cancellationToken);

    public async ValueTask<SigningAnswer> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        if (dies())
            throw new KilledException();
        var answer = await inner.SignAsync(request, cancellationToken);
        if (dies())
            throw new KilledException();
        return answer;
    }
}
