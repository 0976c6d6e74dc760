using System.Collections.Concurrent;
using Halyard.Evaluation;
using Halyard.Server.Ofrep;

namespace Halyard.Server.Snapshots;

/// <summary>Holds one environment's compiled snapshot behind one reference, which the follower of the log swaps whole.</summary>
internal sealed class SnapshotHolder
{
    private readonly ConcurrentQueue<EvaluationTally> _replaced = new();
    private IReadOnlyList<EvaluationTally> _givenOut = [];
    private volatile OfrepSnapshot _ofrep = OfrepSnapshot.Empty;

    /// <summary>The snapshot in force. Read it once per request: the next read may give another.</summary>
    public CompiledSnapshot Current
    {
        get => _ofrep.Compiled;
        set
        {
            _replaced.Enqueue(_ofrep.Tally);
            _ofrep = new OfrepSnapshot(value);
        }
    }

    /// <summary>The same, with its answers prepared.</summary>
    public OfrepSnapshot Ofrep => _ofrep;

    /// <summary>
    /// The tallies to drain: of the snapshot in force, and of those replaced since this was asked last. A request that still
    /// evaluates in a replaced snapshot counts in it, so each is given out a second time.
    /// </summary>
    public IReadOnlyList<EvaluationTally> Tallies()
    {
        var before = _givenOut;
        var replaced = new List<EvaluationTally>();
        while (_replaced.TryDequeue(out var tally))
            replaced.Add(tally);
        _givenOut = replaced;
        return [.. before, .. replaced, _ofrep.Tally];
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
