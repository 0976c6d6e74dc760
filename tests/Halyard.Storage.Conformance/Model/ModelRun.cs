using Halyard.Core.Storage;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Storage.Conformance.Model;

/// <summary>
/// One sequence of random operations, done to a store and to the in-memory model: every answer must be the same, and at the end
/// everything that can be read. A seed gives the same sequence again.
/// </summary>
public sealed class ModelRun
{
    private readonly int _seed;
    private readonly Random _random;
    private readonly InMemoryStore _model = new();
    private readonly RandomCommits _commits;
    private int _steps;
    private readonly List<TakenTimer> _taken = [];
    private (int Model, int Store) _people;

    public ModelRun(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _commits = new RandomCommits(_random, _model);
    }

    /// <summary>How many commits of each outcome there were, so that a run that tried nothing is noticed.</summary>
    public Dictionary<string, int> Outcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>How many timers were taken and finished.</summary>
    public int Finished { get; private set; }

    public async Task StepAsync(IStore store)
    {
        _steps++;
        switch (_random.Next(10))
        {
            case < 6:
                await CommitAsync(store);
                break;
            case 6 when _random.Next(2) == 0:
                await SubjectsAsync(store);
                break;
            case 6:
                await TimersAsync(store);
                break;
            default:
                var choice = _random.Next();
                Compare(
                    await StoreReadings.OneAsync(_model, new Random(choice), _commits.Now, _commits.Ids),
                    await StoreReadings.OneAsync(store, new Random(choice), _commits.Now, _commits.Ids)
                );
                break;
        }
    }

    public async Task CompareAllAsync(IStore store) =>
        Compare(
            await StoreReadings.AllAsync(_model, _commits.Now, _commits.Ids),
            await StoreReadings.AllAsync(store, _commits.Now, _commits.Ids)
        );

    private async Task CommitAsync(IStore store)
    {
        var commit = await _commits.NextAsync();
        var expected = await OutcomeAsync(_model, commit);
        Compare(expected, await OutcomeAsync(store, commit));
        var outcome = expected.Split(' ')[0];
        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
    }

    private static async Task<string> OutcomeAsync(IStore store, Commit commit)
    {
#pragma warning disable CA1031 // A commit that no pipeline would send must fail in every store; how it says so is its own affair.
        try
        {
            return Observation.Of(await store.CommitAsync(commit, CancellationToken.None));
        }
        catch (Exception)
        {
            return "failed";
        }
#pragma warning restore CA1031
    }

    private async Task SubjectsAsync(IStore store)
    {
        var tenant = Universe.Tenants[_random.Next(Universe.Tenants.Length)];
        var names = Universe.People.Where(_ => _random.Next(2) == 0).ToList();
        var expected = await _model.SubjectsAsync(tenant, names, () => $"s_{++_people.Model}", CancellationToken.None);
        var actual = await store.SubjectsAsync(tenant, names, () => $"s_{++_people.Store}", CancellationToken.None);
        Compare(Text(expected), Text(actual));
        var ids = expected.Values.Append("none").ToList();
        Compare(
            Text(await _model.SubjectNamesAsync(tenant, ids, CancellationToken.None)),
            Text(await store.SubjectNamesAsync(tenant, ids, CancellationToken.None))
        );
    }

    /// <summary>Takes some, and finishes one that was taken once, perhaps by somebody who no longer holds it.</summary>
    private async Task TimersAsync(IStore store)
    {
        var (limit, lease) = (_random.Next(1, 4), TimeSpan.FromTicks(_random.NextInt64(1, 9_000_000_000)));
        var taken = await _model.TakeDueAsync(_commits.Now, limit, lease, CancellationToken.None);
        Compare(
            Observation.Lines(taken, Observation.Of),
            Observation.Lines(await store.TakeDueAsync(_commits.Now, limit, lease, CancellationToken.None), Observation.Of)
        );
        _taken.AddRange(taken);
        if (_taken.Count > 0)
        {
            var one = _taken[_random.Next(_taken.Count)];
            var expected = await _model.FinishTimerAsync(one, CancellationToken.None);
            Compare($"{expected}", $"{await store.FinishTimerAsync(one, CancellationToken.None)}");
            Finished += expected ? 1 : 0;
        }
        Compare(
            $"{await _model.NextTimerAsync(CancellationToken.None):O}",
            $"{await store.NextTimerAsync(CancellationToken.None):O}"
        );
    }

    private static string Text(IReadOnlyDictionary<string, string> map) =>
        string.Join(',', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    private void Compare(string expected, string actual) => actual.ShouldBe(expected, $"seed {_seed}, step {_steps}");
}
