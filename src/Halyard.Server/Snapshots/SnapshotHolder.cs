using System.Collections.Concurrent;
using System.Collections.Frozen;
using Halyard.Evaluation;
using Halyard.Server.Ofrep;

namespace Halyard.Server.Snapshots;

/// <summary>
/// Holds one environment's compiled snapshot behind one reference, which the follower of the log swaps whole, and what its flags
/// served since that was asked last.
/// </summary>
internal sealed class SnapshotHolder
{
    /// <summary>Replaced snapshots are large: few are kept for the requests that still evaluate in them.</summary>
    private const int MostReplaced = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Flag, string Variant), long> _counted = [];
    private List<EvaluationTally> _replaced = [];
    private List<EvaluationTally> _asked = [];
    private volatile OfrepSnapshot _ofrep = OfrepSnapshot.Empty;

    /// <summary>The snapshot in force. Read it once per request: the next read may give another.</summary>
    public CompiledSnapshot Current
    {
        get => _ofrep.Compiled;
        set => Put(value, FrozenSet<string>.Empty);
    }

    /// <summary>Puts another snapshot in force.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="sensitive">Keys of the flags that clients in everybody's hands do not see.</param>
    public void Put(CompiledSnapshot snapshot, FrozenSet<string> sensitive) => Replace(new OfrepSnapshot(snapshot, sensitive));

    /// <summary>The same, with its answers prepared.</summary>
    public OfrepSnapshot Ofrep => _ofrep;

    /// <summary>
    /// What was served since this was asked last. A request that still evaluates in a replaced snapshot is counted the next time;
    /// after that the snapshot is let go.
    /// </summary>
    public IReadOnlyList<EvaluatedVariant> TakeCounts()
    {
        lock (_gate)
        {
            foreach (var tally in _asked.Concat(_replaced).Append(_ofrep.Tally))
                Add(tally);
            (_asked, _replaced) = (_replaced, []);
            List<EvaluatedVariant> counts =
            [
                .. _counted.Select(count => new EvaluatedVariant(count.Key.Flag, count.Key.Variant, count.Value)),
            ];
            _counted.Clear();
            return counts;
        }
    }

    private void Replace(OfrepSnapshot next)
    {
        lock (_gate)
        {
            var old = _ofrep.Tally;
            _ofrep = next;
            Add(old);
            _replaced.Add(old);
            while (_replaced.Count > MostReplaced)
            {
                Add(_replaced[0]);
                _replaced.RemoveAt(0);
            }
        }
    }

    private void Add(EvaluationTally tally)
    {
        foreach (var (flag, variant, count) in tally.Drain())
            _counted[(flag, variant)] = _counted.GetValueOrDefault((flag, variant)) + count;
    }
}

/// <summary>The holders of every environment of every tenant.</summary>
internal sealed class SnapshotTable
{
    private readonly ConcurrentDictionary<(string Tenant, string EnvironmentId), SnapshotHolder> _holders = new();

    /// <summary>The holder of an environment, or <see langword="null"/> where the environment does not exist (any more).</summary>
    public SnapshotHolder? Find(string tenant, string environmentId) => _holders.GetValueOrDefault((tenant, environmentId));

    /// <summary>The holder of an environment, made where there is none.</summary>
    public SnapshotHolder GetOrAdd(string tenant, string environmentId) =>
        _holders.GetOrAdd((tenant, environmentId), _ => new SnapshotHolder());

    /// <summary>Every holder, with whose it is.</summary>
    public IEnumerable<(string Tenant, string EnvironmentId, SnapshotHolder Holder)> All =>
        _holders.Select(holder => (holder.Key.Tenant, holder.Key.EnvironmentId, holder.Value));

    /// <summary>Forgets a deleted environment.</summary>
    public void Remove(string tenant, string environmentId) => _holders.TryRemove((tenant, environmentId), out _);
}
