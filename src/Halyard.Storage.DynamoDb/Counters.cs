using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Reading;
using Microsoft.Extensions.Logging;

namespace Halyard.Storage.DynamoDb;

/// <summary>
/// Evaluation counters: for each environment an item of totals, and one for each hour, all flags and variants in it. A flush is read and
/// written on the condition that nobody else counted meanwhile, in as many transactions as it needs. Each item tells which flush of a
/// server was the last in it, so that one of which nobody knows whether it took effect is written again without being counted twice.
/// </summary>
internal sealed partial class Counters(Table table, string tenant, Entropy entropy, ILogger logger) : IAsyncDisposable
{
    /// <summary>Of how many servers an item tells their last flush.</summary>
    private const int KeptFlushes = 32;

    /// <summary>Of the items of a transaction.</summary>
    private const int MaxItems = 90;

    /// <summary>A transaction has at most 4 MB; some of it is names and numbers.</summary>
    private const long MaxBytes = 3_500_000;

    private readonly SemaphoreSlim _flushing = new(1);
    private readonly string _server = Convert.ToHexStringLower(entropy.Bytes(8));
    private readonly Dictionary<Key, Cell> _waiting = [];
    private long _flushes;

    /// <summary>Whether some of what waits may be in the table.</summary>
    private bool _isTaken;

    /// <summary>
    /// Adds: where it fails, nothing. Once some of it may be in the table it is taken, and what is not written yet is written before
    /// the next.
    /// </summary>
    /// <exception cref="IOException">The table does not take anything now.</exception>
    public async ValueTask AddAsync(IReadOnlyCollection<EvaluationDelta> deltas, CancellationToken cancellationToken)
    {
        await _flushing.WaitAsync(cancellationToken);
        try
        {
            // What is taken goes first, under its own name; what is new waits with its caller until then.
            await WriteAsync();
            Begin(deltas);
            try
            {
                await WriteAsync();
            }
            catch (IOException) when (!_isTaken)
            {
                _waiting.Clear();
                throw;
            }
            catch (IOException broken)
            {
                Waits(broken, tenant);
            }
        }
        finally
        {
            _flushing.Release();
        }
    }

    public async ValueTask<IReadOnlyList<EvaluationCount>> TotalsAsync(string environment, CancellationToken cancellationToken)
    {
        var key = Keys.Totals(tenant, environment);
        return (await CountItems.ReadAsync(table, [key], cancellationToken)).GetValueOrDefault(key)?.Counts ?? [];
    }

    public async ValueTask<IReadOnlyList<EvaluationCount>> TotalsAsync(
        string environment,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) => CountCodec.Sum((await HoursAsync(environment, from, to, cancellationToken)).SelectMany(hour => hour.Counts.Counts));

    public async ValueTask<IReadOnlyList<HourlyEvaluations>> HoursAsync(
        string environment,
        string flag,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await HoursAsync(environment, from, to, cancellationToken)).SelectMany(hour =>
                hour.Counts.Counts.Where(count => count.Flag == flag)
                    .Select(count => new HourlyEvaluations(hour.Hour, count.Variant, count.Count))
            ),
        ];

    /// <summary>Tries once more to write what is taken and not written.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await WriteAsync();
        }
        catch (IOException broken)
        {
            Lost(broken, tenant);
        }
        _flushing.Dispose();
    }

    private async ValueTask<List<(DateTimeOffset Hour, StoredCounts Counts)>> HoursAsync(
        string environment,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        var (first, end) = (Instants.Ceiling(from), Instants.Ceiling(to));
        if (end <= first)
            return [];
        var last = Keys.Hour(tenant, environment, end.AddMicroseconds(-1));
        return await CountItems.ReadAsync(table, Keys.Hour(tenant, environment, first), last, cancellationToken);
    }

    private void Begin(IReadOnlyCollection<EvaluationDelta> deltas)
    {
        _flushes++;
        _isTaken = false;
        foreach (var delta in deltas)
        {
            foreach (var count in delta.Counts)
            {
                var hour = EvaluationHours.Of(count.LastAt);
                Wait(Keys.Totals(tenant, delta.EnvironmentId), null, count);
                Wait(Keys.Hour(tenant, delta.EnvironmentId, hour), hour, count);
            }
        }
    }

    private void Wait(Key key, DateTimeOffset? hour, EvaluationCount count)
    {
        if (!_waiting.TryGetValue(key, out var cell))
            _waiting[key] = cell = new Cell(hour, []);
        cell.Counts.Add(count);
    }

    /// <summary>Writes all that waits. Begun, it is gone on with whoever gives up waiting.</summary>
    private async ValueTask WriteAsync()
    {
        while (_waiting.Count > 0)
        {
            var some = _waiting.Take(MaxItems).ToDictionary();
            var known = await CountItems.ReadAsync(table, some.Keys, CancellationToken.None);
            var flush = $"{_server}:{_flushes}";
            var actions = new List<WriteAction>();
            var cells = new List<Key>();
            foreach (var (key, cell) in some)
            {
                var before = known.GetValueOrDefault(key, StoredCounts.None);
                // An earlier try took effect although its answer was lost.
                if (before.Flushes.Contains(flush, StringComparer.Ordinal))
                {
                    _isTaken = true;
                    _waiting.Remove(key);
                    continue;
                }
                var added = Added(key, cell, before, flush);
                if (
                    cells.Count > 0
                    && (actions.Count + added.Count > MaxItems || actions.Concat(added).Sum(action => action.Size) > MaxBytes)
                )
                    break;
                cells.Add(key);
                actions.AddRange(added);
            }
            if (cells.Count == 0)
                continue;
            try
            {
                if (!await table.TransactAsync(actions, CancellationToken.None))
                    continue;
            }
            catch (StoreAwayException)
            {
                _isTaken = true;
                throw;
            }
            _isTaken = true;
            cells.ForEach(key => _waiting.Remove(key));
        }
    }

    private List<WriteAction> Added(Key key, Cell cell, StoredCounts before, string flush)
    {
        string[] flushes =
        [
            .. before.Flushes.Where(known => !known.StartsWith(_server, StringComparison.Ordinal)).TakeLast(KeptFlushes - 1),
            flush,
        ];
        var counts = CountCodec.Sum(before.Counts.Concat(cell.Counts));
        var items = CountItems.Write(key, cell.Hour, new StoredCounts(counts, before.Version + 1, 0, flushes));
        var actions = new List<WriteAction>
        {
            new WriteAction.Put(items[0], Condition.Revision(CountItems.Version, before.Version)),
        };
        actions.AddRange(items.Skip(1).Select(part => new WriteAction.Put(part)));
        for (var part = items.Count; part < before.Parts; part++)
            actions.Add(new WriteAction.Delete(Keys.CountPart(key, part)));
        return actions;
    }

    /// <summary>What is to be added to an item.</summary>
    private sealed record Cell(DateTimeOffset? Hour, List<EvaluationCount> Counts);

    [LoggerMessage(
        LogLevel.Warning,
        "Evaluation counts of tenant {Tenant} are taken and not all written; they are before the next."
    )]
    private partial void Waits(Exception broken, string tenant);

    [LoggerMessage(LogLevel.Warning, "The last evaluation counts of tenant {Tenant} could not be written.")]
    private partial void Lost(Exception broken, string tenant);
}
