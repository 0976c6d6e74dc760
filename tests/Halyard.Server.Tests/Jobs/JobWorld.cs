using System.Reflection;
using System.Text.Json;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;
using Halyard.Server.Jobs;
using Halyard.Storage.Conformance.InMemory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Server.Tests.Jobs;

/// <summary>A store with one tenant, a clock that stands until it is moved, and as many servers beside each other as a test wants.</summary>
internal sealed class JobWorld
{
    public const string Tenant = "acme";

    private readonly PersonalVault _vault = new(new InMemorySubjectKeys(), Entropy.System);

    public JobWorld() => Store = new InMemoryStore(Time);

    public Clock Time { get; } = new();

    public InMemoryStore Store { get; }

    public static async Task<JobWorld> StartAsync()
    {
        var world = new JobWorld();
        await world.SubmitAsync(Change.Edit("", [new CreateTenant(Tenant, "Acme")], "start", action: "tenant.create"));
        return world;
    }

    /// <summary>A server of its own, which works on the store directly or on what stands in front of it.</summary>
    public JobRunner Server(IStore? store, params IJobKind[] kinds) =>
        new(
            new JobTable(store ?? Store),
            store ?? Store,
            Changes(store ?? Store),
            kinds,
            Time,
            Entropy.System,
            NullLogger<JobRunner>.Instance
        );

    /// <summary>Starts a job as an endpoint does: by an entry.</summary>
    public async Task<string> StartJobAsync(string kind, byte[]? parameters = null)
    {
        var id = Entropy.System.NewUlid(Time.Now);
        var details = new CanonicalWriter().StartObject();
        details.Name("id").String(id).Name("kind").String(kind);
        details.Name("parameters").UnverifiedCanonical(parameters ?? "{}"u8);
        var started = new ChangeEvent("job.started", "a test began") { Details = details.EndObject().ToArray() };
        await SubmitAsync(Change.Record("job.start", "", started));
        return id;
    }

    public async Task SubmitAsync(Change change)
    {
        var submission = new Submission(Actor.System(Tenant) with { Subject = "s_1" }, RequestContext.Internal("q_1"), change);
        (
            await Changes(Store).SubmitAsync(submission, TestContext.Current.CancellationToken)
        ).Value.ShouldBeOfType<Outcome.Applied>();
    }

    public async Task<JobState> JobAsync(string id) =>
        (await new JobTable(Store).FindAsync(Tenant, id, TestContext.Current.CancellationToken)).ShouldNotBeNull().State;

    /// <summary>The leaves of the entries of these types, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> ToldAsync(params string[] types)
    {
        var query = new AuditQuery { Actions = types, Limit = AuditQuery.MaxLimit };
        var entries = await Store.QueryAsync(Tenant, query, TestContext.Current.CancellationToken);
        return [.. entries.Reverse().Select(entry => JsonSerializer.Deserialize<JsonElement>(entry.Leaf))];
    }

    private ChangeService Changes(IStore store) =>
        new(
            store,
            _vault,
            RegoAuthorizer.On(store, Time),
            Time,
            Entropy.System,
            new LogOrigins("flags.test"),
            new SystemTimeZones()
        );

    internal sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

/// <summary>
/// A store whose process dies at the nth thing it was to write: neither that nor anything after it happens, as after a kill.
/// </summary>
public class DyingStore : DispatchProxy
{
    private IStore _store = null!;
    private int _left;

    /// <summary>True once it has died.</summary>
    public bool IsDead => _left < 0;

    /// <summary>A store that makes this many writes.</summary>
    public static (IStore Store, DyingStore Control) After(int writes, IStore store)
    {
        var proxy = Create<IStore, DyingStore>();
        var control = (DyingStore)(object)proxy;
        (control._store, control._left) = (store, writes);
        return (proxy, control);
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var writes = targetMethod!.Name is nameof(IStore.SetMarkAsync) or nameof(IStore.CommitAsync);
        if (_left < 0 || (writes && --_left < 0))
            throw new IOException("The process is dead.");
        return targetMethod.Invoke(_store, args);
    }
}
