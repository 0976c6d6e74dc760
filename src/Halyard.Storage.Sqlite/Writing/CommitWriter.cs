using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>
/// One commit inside the writer's transaction. Checks read first and refuse before anything is written: there is one writer, so
/// nothing can come between. Then entries, resources, fences, answer and head.
/// </summary>
internal sealed class CommitWriter(Database database, TermTable terms, RecentTable recent, HeadTable heads)
{
    private readonly ResourceTable _resources = new(database);
    private readonly AnswerTable _answers = new(database);
    private readonly PurgeTable _purges = new(database);
    private readonly TimerTable _timers = new(database);
    private readonly PrivateTable _privates = new(database, terms);
    private readonly EntryWriter _entries = new(
        database,
        recent,
        new PrivateTable(database, terms),
        new VersionTable(database, terms)
    );

    /// <summary>The number of the row of each resource that the commit writes, as it was checked; 0 where there is none.</summary>
    private readonly Dictionary<ResourceName, long> _numbers = [];

    public CommitResult Apply(Commit commit)
    {
        if (terms.FindTenant(commit.Tenant) is { } tenant)
        {
            if (FindAnswer(commit, tenant) is { } original)
                return new CommitResult.Duplicate(original);
            if (FindConflict(commit, tenant) is { } conflict)
                return conflict;
        }
        else if (FindConflict(commit, 0) is { } conflict)
        {
            return conflict;
        }
        return Write(commit, terms.Tenant(commit.Tenant));
    }

    private StoredAnswer? FindAnswer(Commit commit, long tenant)
    {
        if (commit.Answer is not { } answer || heads.Find(tenant, commit.Tenant) is not { } head)
            return null;
        var time = commit.Entries[0].Time;
        var now = time > head.LastAt ? time : head.LastAt;
        return LogTables.Answer(database, tenant, answer.Credential, answer.Key, now) is { } found
            ? found with
            {
                Receipt = found.Receipt with { Log = head.Origin },
            }
            : null;
    }

    private CommitResult.Conflict? FindConflict(Commit commit, long tenant)
    {
        _numbers.Clear();
        return Conflicts.Find(
            commit,
            name =>
            {
                var (revision, id, number) = _resources.Current(tenant, name);
                _numbers[name] = number;
                return (revision, id);
            },
            name => _resources.Fence(tenant, name),
            _privates.Clashes(tenant, commit) || !EffectFits(commit, tenant)
        );
    }

    private bool EffectFits(Commit commit, long tenant) =>
        commit.Effect switch
        {
            CommitEffect.PurgeEntries purge => heads.Find(tenant, commit.Tenant) is { } head && purge.Fits(head),
            CommitEffect.OpenShard shard => heads.Find(tenant, commit.Tenant) is { } head && shard.Fits(head),
            _ => true,
        };

    private CommitResult.Committed Write(Commit commit, long tenant)
    {
        var head = heads.Find(tenant, commit.Tenant) ?? LogHead.Genesis(commit.Tenant, commit.Origin);
        if (commit.Effect is CommitEffect.OpenShard shard)
            head = head with { Origin = shard.Origin };
        var after = new List<LogHead>(commit.Entries.Count);
        var times = new Dictionary<ResourceName, TouchTimes>();
        var blobs = new HashSet<Digest>();
        foreach (var draft in commit.Entries)
        {
            (var entry, head) = Seal.Append(draft, head);
            _entries.Write(tenant, draft, entry, blobs);
            TouchTimes.Add(times, draft.Index.Resources, entry.EffectiveAt);
            after.Add(head);
        }
        var receipts = new Receipts(after);
        foreach (var write in commit.Writes)
            _resources.Write(tenant, write, _numbers[write.Name], times[write.Name]);
        foreach (var fence in commit.Preconditions.OfType<Precondition.Fence>().DistinctBy(fence => fence.Name))
            _resources.Raise(tenant, fence.Name);
        foreach (var write in commit.Timers)
            _timers.Write(tenant, write);
        // What is erased and purged is also in the rows of recent entries.
        if (commit.Effect is not null)
            recent.Write();
        if (commit.Effect is CommitEffect.EraseSubjects erase)
            _privates.Erase(tenant, erase, Position.Of(tenant, receipts[0].Index));
        if (commit.Effect is CommitEffect.PurgeEntries purge)
        {
            _purges.Purge(tenant, purge);
            head = head with { Minimum = purge.Below };
        }
        if (commit.Answer is not null)
            _answers.Write(tenant, commit.Answer, receipts[0]);
        heads.Advance(tenant, head);
        return new CommitResult.Committed(receipts);
    }
}
