using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>
/// Decides what becomes of each commit of a batch, one after the other, each on the state that those before it leave, and gathers
/// what is to be written. Nothing here asks the database.
/// </summary>
internal sealed class BatchPlan(LogState state)
{
    private readonly Dictionary<ResourceName, (ResourceWrite.Put Put, DateTimeOffset Created, DateTimeOffset Updated)> _puts = [];
    private readonly HashSet<ResourceName> _deletes = [];
    private readonly HashSet<string> _raised = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), PendingAnswer> _answers = [];
    private readonly Dictionary<string, TimerWrite> _timers = new(StringComparer.Ordinal);

    public int Tenant => state.Tenant;

    /// <summary>The head after the batch, or <see langword="null"/> where nothing is to be written.</summary>
    public LogHead? Head { get; private set; }

    public List<(EntryDraft Draft, SealedEntry Entry)> Entries { get; } = [];

    /// <summary>The last state of what is there afterwards.</summary>
    public IReadOnlyCollection<(ResourceWrite.Put Put, DateTimeOffset Created, DateTimeOffset Updated)> Puts => _puts.Values;

    /// <summary>What was there and is not afterwards.</summary>
    public IReadOnlyCollection<ResourceName> Deletes => _deletes;

    public IEnumerable<(string Name, long Value)> Fences => _raised.Select(name => (name, state.Fences[name]));

    public IEnumerable<(PendingAnswer Answer, Receipt Receipt)> Answers =>
        _answers.Values.Select(answer => (answer, state.Answers[(answer.Credential, answer.Key)].Answer.Receipt));

    /// <summary>What becomes of each timer at last.</summary>
    public IReadOnlyCollection<TimerWrite> Timers => _timers.Values;

    /// <summary>The effect; a commit that has one is alone in its batch.</summary>
    public CommitEffect? Effect { get; private set; }

    private LogHead? Current => Head ?? state.Head;

    public CommitResult Apply(Commit commit)
    {
        if (FindAnswer(commit) is { } original)
            return new CommitResult.Duplicate(original);
        return FindConflict(commit) is { } conflict ? conflict : Write(commit);
    }

    private StoredAnswer? FindAnswer(Commit commit)
    {
        if (commit.Answer is not { } answer || Current is not { } head)
            return null;
        var time = commit.Entries[0].Time;
        var now = time > head.LastAt ? time : head.LastAt;
        return state.Answers.TryGetValue((answer.Credential, answer.Key), out var found) && found.ExpiresAt > now
            ? found.Answer with
            {
                Receipt = found.Answer.Receipt with { Log = head.Origin },
            }
            : null;
    }

    private CommitResult.Conflict? FindConflict(Commit commit) =>
        Conflicts.Find(
            commit,
            name => state.Resources.GetValueOrDefault(name) is { } live ? (live.Revision, live.Id) : default,
            name => state.Fences.GetValueOrDefault(name),
            Clashes(commit) || !EffectFits(commit)
        );

    /// <summary>
    /// Whether a commit comes too late for an erasure, or an erasure for a commit: it holds a value of somebody erased, or erases
    /// somebody of whom a value was written since it was decided.
    /// </summary>
    private bool Clashes(Commit commit) =>
        commit.Entries.SelectMany(entry => entry.Privates).Any(value => state.Erased.Contains(value.Subject))
        || (
            commit.Effect is CommitEffect.EraseSubjects erase
            && erase.Subjects.Any(subject => state.LastWritten.GetValueOrDefault(subject, -1) >= erase.AsOf)
        );

    private bool EffectFits(Commit commit) =>
        commit.Effect switch
        {
            CommitEffect.PurgeEntries purge => Current is { } head && purge.Fits(head),
            CommitEffect.OpenShard shard => Current is { } head && shard.Fits(head),
            _ => true,
        };

    private CommitResult.Committed Write(Commit commit)
    {
        var head = Current ?? LogHead.Genesis(commit.Tenant, commit.Origin);
        if (commit.Effect is CommitEffect.OpenShard shard)
            head = head with { Origin = shard.Origin };
        var after = new List<LogHead>(commit.Entries.Count);
        var times = new Dictionary<ResourceName, TouchTimes>();
        foreach (var draft in commit.Entries)
        {
            (var entry, head) = Seal.Append(draft, head);
            Entries.Add((draft, entry));
            TouchTimes.Add(times, draft.Index.Resources, entry.EffectiveAt);
            after.Add(head);
        }
        var receipts = new Receipts(after);
        foreach (var write in commit.Writes)
            Write(write, times[write.Name]);
        foreach (var fence in commit.Preconditions.OfType<Precondition.Fence>().DistinctBy(fence => fence.Name))
        {
            state.Fences[fence.Name] = fence.Value + 1;
            _raised.Add(fence.Name);
        }
        foreach (var timer in commit.Timers)
            _timers[IdOf(timer)] = timer;
        if (commit.Answer is { } answer)
        {
            var stored = new StoredAnswer(answer.Request, answer.Outcome, answer.Body.ToArray(), receipts[0]);
            var until = Native.Instants.From(Native.Instants.Floor(answer.ExpiresAt));
            state.Answers[(answer.Credential, answer.Key)] = (stored, until);
            _answers[(answer.Credential, answer.Key)] = answer;
        }
        Effect = commit.Effect;
        Head = head;
        return new CommitResult.Committed(receipts);
    }

    private static string IdOf(TimerWrite write) =>
        write switch
        {
            TimerWrite.Set set => set.Timer.Id,
            TimerWrite.Clear clear => clear.Id,
            _ => throw new InvalidOperationException($"A timer is written in an unknown way: {write}."),
        };

    private void Write(ResourceWrite write, TouchTimes times)
    {
        var before = state.Resources.GetValueOrDefault(write.Name);
        if (write is ResourceWrite.Put put)
        {
            var created = times.Created ?? before?.CreatedAt ?? times.Updated;
            state.Resources[write.Name] = new LiveResource(put.Revision, put.Id, created);
            _puts[write.Name] = (put, created, times.Updated);
            _deletes.Remove(write.Name);
            return;
        }
        // What a commit creates and deletes, as imported history may, was never there.
        if (before is null)
            return;
        state.Resources.Remove(write.Name);
        _puts.Remove(write.Name);
        _deletes.Add(write.Name);
    }
}
