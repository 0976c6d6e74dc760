using System.Collections.Concurrent;
using Halyard.Core;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Copying;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Reading;
using Microsoft.Extensions.Logging;

namespace Halyard.Storage.DynamoDb;

/// <summary>The store on a DynamoDB table, shared with any number of other servers.</summary>
internal sealed partial class DynamoDbStore : IStore, IAsyncDisposable, IDisposable
{
    /// <summary>How often it is looked whether other servers committed, while somebody waits for that.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>How often something is read again that somebody commits to meanwhile.</summary>
    private const int MaxReads = 8;

    private readonly Table _table;
    private readonly Entropy _entropy;
    private readonly ILogger _logger;
    private readonly CommitSignal _signal;
    private readonly Timers _timers;
    private readonly ConcurrentDictionary<string, Lazy<TenantStore>> _tenants = new(StringComparer.Ordinal);
    private bool _closed;

    private DynamoDbStore(Table table, TimeProvider time, Entropy entropy, ILogger logger)
    {
        (_table, _entropy, _logger) = (table, entropy, logger);
        _signal = new CommitSignal(time);
        _timers = new Timers(table, entropy);
    }

    /// <summary>Opens the table, making it as needed.</summary>
    /// <exception cref="IOException">It cannot be reached, or is missing or of another form.</exception>
    public static async Task<DynamoDbStore> OpenAsync(
        DynamoDbStoreOptions options,
        TimeProvider time,
        Entropy entropy,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
#pragma warning disable CA2000 // The store disposes it.
        var table = await Opening.OpenAsync(options, options.TableName, withTimers: true, time, entropy, cancellationToken);
#pragma warning restore CA2000
        try
        {
            await DynamoDbCopies.RequireWholeAsync(table, cancellationToken);
        }
        catch
        {
            table.Dispose();
            throw;
        }
        return new DynamoDbStore(table, time, entropy, logger);
    }

    /// <summary>With the head, the entries, fences, an answer and timers they fit one transaction.</summary>
    public int MaxResourcesPerCommit => Core.Changes.Change.MaxImportedResources;

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_closed, this);
        return Tenant(commit.Tenant).Writer.CommitAsync(commit, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> SubjectsAsync(
        string tenant,
        IReadOnlyCollection<string> names,
        Func<string> newId,
        CancellationToken cancellationToken
    )
    {
        var directory = Tenant(tenant).Directory;
        var registered = await directory.KnownAsync(names, cancellationToken);
        var known = await LiveAsync(tenant, registered, pair => pair.Value, cancellationToken);
        string[] missing = [.. names.Where(name => !known.ContainsKey(name)).Distinct(StringComparer.Ordinal)];
        var ids = Array.ConvertAll(missing, _ => newId());
        foreach (var (name, id) in missing.Zip(ids))
            known[name] = await directory.AddAsync(name, id, registered.GetValueOrDefault(name), cancellationToken);
        return known;
    }

    /// <inheritdoc/>
    public ValueTask AddEvaluationsAsync(
        string tenant,
        IReadOnlyCollection<EvaluationDelta> deltas,
        CancellationToken cancellationToken
    ) => Tenant(tenant).Counters.AddAsync(deltas, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask WaitForCommitsAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        // Commits of other servers tell nobody here; followers look after them at least this often.
        await _signal.WaitAsync(patience < LookEvery ? patience : LookEvery, cancellationToken);
    }

    /// <summary>Finishes the commits that are queued and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        _closed = true;
        foreach (var tenant in _tenants.Values)
            await tenant.Value.DisposeAsync();
        _table.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc cref="Logs.TenantLog.FoldAsync"/>
    internal ValueTask<long> FoldAsync(string tenant, CancellationToken cancellationToken) =>
        Tenant(tenant).Log.FoldAsync(cancellationToken);

    private TenantStore Tenant(string tenant) =>
        _tenants.GetOrAdd(tenant, name => new(() => new TenantStore(_table, name, _signal, _entropy, _logger))).Value;

    /// <summary>What is left of some pairs without those of subjects that were erased.</summary>
    private async ValueTask<Dictionary<string, string>> LiveAsync(
        string tenant,
        Dictionary<string, string> pairs,
        Func<KeyValuePair<string, string>, string> subject,
        CancellationToken cancellationToken
    )
    {
        if (pairs.Count == 0)
            return pairs;
        return await Tenant(tenant)
            .Log.AskAsync(
                view =>
                    pairs
                        .Where(pair => !view.IsErased(subject(pair)))
                        .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
                cancellationToken
            );
    }

    /// <summary>
    /// Reads a list as of one moment: again, where somebody committed while it was read, but not for ever. Of a list that is written all
    /// the time each resource is whole, and one may be a commit older than another.
    /// </summary>
    private async ValueTask<T> AtOnceAsync<T>(string tenant, Func<ValueTask<T>> read, CancellationToken cancellationToken)
    {
        var before = await SizeAsync(tenant, cancellationToken);
        for (var tries = 1; ; tries++)
        {
            var found = await read();
            var after = await SizeAsync(tenant, cancellationToken);
            if (after == before || tries == MaxReads)
                return found;
            before = after;
        }
    }

    private async ValueTask<StateSlice> LoadAsync(
        string tenant,
        string? environmentsOf,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences,
        CancellationToken cancellationToken
    )
    {
        var keys = names.Distinct().Select(name => Keys.Resource(tenant, name)).ToHashSet();
        var raised = fences.Distinct(StringComparer.Ordinal).ToDictionary(name => name, name => Keys.Fence(tenant, name));
        for (var tries = 0; tries < MaxReads; tries++)
        {
            var environments = await EnvironmentsAsync(tenant, environmentsOf, cancellationToken);
            var wanted = keys.Concat(environments).ToHashSet();
            var (size, items) = await Snapshots.ReadAsync(_table, tenant, wanted.Concat(raised.Values), cancellationToken);
            var found = items.Values.Where(item => wanted.Contains(item.Key)).ToList();
            var partKeys = ResourceItems.PartKeys(tenant, found).ToList();
            var parts =
                partKeys.Count == 0
                    ? (Size: size, Items: [])
                    : await Snapshots.ReadAsync(_table, tenant, partKeys, cancellationToken);
            // Parts are those of the same state, and of environments none was made since they were looked for.
            if (parts.Size != size || !environments.SetEquals(await EnvironmentsAsync(tenant, environmentsOf, cancellationToken)))
                continue;
            return new StateSlice(
                ResourceItems.Read(tenant, found, parts.Items).ToDictionary(resource => resource.Name),
                raised.ToDictionary(
                    fence => fence.Key,
                    fence => items.GetValueOrDefault(fence.Value)?.Number(FenceItems.Value) ?? 0,
                    StringComparer.Ordinal
                )
            );
        }
        throw new StoreAwayException($"DynamoDB: '{tenant}' is written faster than it can be read.");
    }

    /// <summary>The keys of a project's environments.</summary>
    private async ValueTask<HashSet<Key>> EnvironmentsAsync(
        string tenant,
        string? project,
        CancellationToken cancellationToken
    ) =>
        project is null
            ? []
            :
            [
                .. (
                    await _table.QueryAsync(
                        Keys.Resources(tenant, ResourceKind.Environment, project),
                        range: null,
                        cancellationToken
                    )
                ).Select(item => item.Key),
            ];

    private async ValueTask<long> SizeAsync(string tenant, CancellationToken cancellationToken) =>
        (await _table.GetAsync(Keys.Head(tenant), cancellationToken))?.Number("size") ?? 0;
}
