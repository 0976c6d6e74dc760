using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Storage.Conformance.InMemory;

/// <summary>All that one tenant has, in plain collections.</summary>
internal sealed class TenantData
{
    public Dictionary<ResourceName, StoredResource> Resources { get; } = [];
    public Dictionary<string, long> Fences { get; } = new(StringComparer.Ordinal);
    public Dictionary<(string Credential, string Key), (StoredAnswer Answer, DateTimeOffset ExpiresAt)> Answers { get; } = [];
    public List<(SealedEntry Sealed, EntryDraft Draft)> Entries { get; } = [];
    public Dictionary<Digest, byte[]> Blobs { get; } = [];
    public Dictionary<string, (SealedValue Value, long Index)> DocumentPrivates { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, string> Subjects { get; } = new(StringComparer.Ordinal);
    public Dictionary<
        (string Environment, DateTimeOffset? Hour, string Flag, string Variant),
        (long Count, DateTimeOffset LastAt)
    > Evaluations { get; } = [];
    public SortedDictionary<string, Mark> Marks { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, HeldTimer> Timers { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Erased { get; } = new(StringComparer.Ordinal);
    public LogHead? Head { get; set; }

    /// <summary>The entries that were not purged.</summary>
    public IEnumerable<(SealedEntry Sealed, EntryDraft Draft)> Kept => Entries.Skip((int)(Head?.Minimum ?? 0));

    /// <summary>The private values of entries that were neither erased nor purged.</summary>
    public IEnumerable<(SealedValue Value, long Index)> EntryPrivates =>
        Kept.SelectMany(entry =>
            entry
                .Draft.Privates.Where(value => !value.InDocument && !Erased.Contains(value.Subject))
                .Select(value => (value, entry.Sealed.Index))
        );

    public IEnumerable<ResourceVersion> Versions =>
        Entries.SelectMany(entry => Changed(entry.Draft).Select(touched => Version(entry.Sealed, touched)));

    /// <summary>Adds to the counter of an hour, or to the total.</summary>
    public void Count(string environment, DateTimeOffset? hour, EvaluationCount count)
    {
        var cell = (environment, hour, count.Flag, count.Variant);
        var at = Seal.Microseconds(count.LastAt);
        Evaluations[cell] = Evaluations.TryGetValue(cell, out var known)
            ? (known.Count + count.Count, known.LastAt > at ? known.LastAt : at)
            : (count.Count, at);
    }

    public IEnumerable<EvaluationCount> Totals(string environment, Func<DateTimeOffset?, bool> counts) =>
        Evaluations
            .Where(cell => cell.Key.Environment == environment && counts(cell.Key.Hour))
            .GroupBy(cell => (cell.Key.Flag, cell.Key.Variant))
            .OrderBy(cells => cells.Key.Flag, StringComparer.Ordinal)
            .ThenBy(cells => cells.Key.Variant, StringComparer.Ordinal)
            .Select(cells => new EvaluationCount(
                cells.Key.Flag,
                cells.Key.Variant,
                cells.Sum(cell => cell.Value.Count),
                cells.Max(cell => cell.Value.LastAt)
            ));

    public CommitResult Commit(Commit commit)
    {
        if (commit.Answer is { } answer && FindAnswer(answer.Credential, answer.Key, LogTime(commit)) is { } original)
            return new CommitResult.Duplicate(original);
        if (FindConflict(commit) is { } conflict)
            return conflict;
        RefuseReusedIds(commit);
        return Write(commit);
    }

    public StoredAnswer? FindAnswer(string credential, string key, DateTimeOffset now) =>
        Answers.TryGetValue((credential, key), out var found) && found.ExpiresAt > now ? found.Answer : null;

    /// <summary>What an entry changed; a denial only names what it is about.</summary>
    public static IEnumerable<TouchedResource> Changed(EntryDraft draft) =>
        draft.Index.Resources.Where(touched => touched.IsChanged);

    public static ResourceVersion Version(SealedEntry entry, TouchedResource touched) =>
        new(touched.Name, touched.Id, touched.RevisionTo, entry.Index, Seal.Microseconds(entry.EffectiveAt), touched.After);

    /// <summary>Keys expire by the log's time, which never goes back.</summary>
    private DateTimeOffset LogTime(Commit commit)
    {
        var time = commit.Entries[0].Time;
        return Head is { } head && head.LastAt > time ? head.LastAt : time;
    }

    private CommitResult.Conflict? FindConflict(Commit commit)
    {
        var mismatches = new List<RevisionMismatch>();
        foreach (var write in commit.Writes)
        {
            var actual = Resources.GetValueOrDefault(write.Name);
            var readId = commit.Entries.SelectMany(Changed).First(touched => touched.Name == write.Name).Id;
            if (Revision(write.Name) != write.ExpectedRevision || (actual is not null && actual.Id != readId))
                mismatches.Add(new RevisionMismatch(write.Name, write.ExpectedRevision, Revision(write.Name)));
        }
        foreach (var unchanged in commit.Preconditions.OfType<Precondition.Unchanged>())
        {
            var isAnother = unchanged.Id is { } id && Resources.GetValueOrDefault(unchanged.Name) is { } found && found.Id != id;
            if (
                (Revision(unchanged.Name) != unchanged.Revision || isAnother)
                && mismatches.TrueForAll(known => known.Resource != unchanged.Name)
            )
                mismatches.Add(new RevisionMismatch(unchanged.Name, unchanged.Revision, Revision(unchanged.Name)));
        }
        var fenceMoved = commit.Preconditions.Any(condition =>
            condition switch
            {
                Precondition.Fence fence => Fences.GetValueOrDefault(fence.Name) != fence.Value,
                Precondition.FenceStands fence => Fences.GetValueOrDefault(fence.Name) != fence.Value,
                _ => false,
            }
        );
        var purged = commit.Effect is CommitEffect.PurgeEntries purge && (Head is null || !purge.Fits(Head));
        var moved = commit.Effect is CommitEffect.OpenShard shard && (Head is null || !shard.Fits(Head));
        return fenceMoved || purged || moved || Clashes(commit) || mismatches.Count > 0
            ? new CommitResult.Conflict(mismatches)
            : null;
    }

    /// <summary>Whether an erasure came between.</summary>
    private bool Clashes(Commit commit) =>
        commit.Entries.SelectMany(entry => entry.Privates).Any(value => Erased.Contains(value.Subject))
        || (
            commit.Effect is CommitEffect.EraseSubjects erase
            && EntryPrivates
                .Concat(DocumentPrivates.Values)
                .Any(item => item.Index >= erase.AsOf && erase.Subjects.Contains(item.Value.Subject))
        );

    /// <summary>What there is of some subjects.</summary>
    public SubjectExtent Extent(IReadOnlyCollection<string> subjects)
    {
        List<string> commitments =
        [
            .. DocumentPrivates
                .Values.Where(item => subjects.Contains(item.Value.Subject))
                .Select(item => item.Value.Commitment)
                .Order(StringComparer.Ordinal),
        ];
        return new SubjectExtent(
            EntryPrivates.Count(item => subjects.Contains(item.Value.Subject)) + commitments.Count,
            commitments,
            [.. Subjects.Where(item => subjects.Contains(item.Value)).Select(item => item.Key).Order(StringComparer.Ordinal)],
            Head?.Range.Size ?? 0
        );
    }

    private void Erase(CommitEffect.EraseSubjects erase)
    {
        for (var i = 0; i < Entries.Count; i++)
        {
            var draft = Entries[i].Draft;
            var reasons = draft.Privates.Where(value => LeafText.ReasonPointers.Contains(value.Pointer));
            if (reasons.Any(value => erase.Subjects.Contains(value.Subject)))
                Entries[i] = (Entries[i].Sealed, draft with { Index = WithoutReason(draft.Index) });
        }
        Erased.UnionWith(erase.Subjects);
        foreach (var gone in DocumentPrivates.Where(item => Erased.Contains(item.Value.Value.Subject)).ToList())
            DocumentPrivates.Remove(gone.Key);
        foreach (var gone in Subjects.Where(item => erase.Subjects.Contains(item.Value)).ToList())
            Subjects.Remove(gone.Key);
    }

    private static EntryIndex WithoutReason(EntryIndex index) => index with { Text = index.Text with { Reason = "" } };

    private long Revision(ResourceName name) => Resources.GetValueOrDefault(name)?.Revision ?? 0;

    private void RefuseReusedIds(Commit commit)
    {
        var ids = Entries.Select(entry => entry.Draft.Id).Concat(commit.Entries.Select(draft => draft.Id));
        var made = Versions.Select(version => (version.Id, version.Revision));
        var making = commit.Entries.SelectMany(Changed).Select(touched => (touched.Id, touched.RevisionTo));
        if (HasRepeats(ids) || HasRepeats(made.Concat(making)))
            throw new InvalidOperationException("An id is used again.");
    }

    private static bool HasRepeats<T>(IEnumerable<T> values)
    {
        var seen = new HashSet<T>();
        return !values.All(seen.Add);
    }

    private CommitResult.Committed Write(Commit commit)
    {
        var head = Head ?? LogHead.Genesis(commit.Tenant, commit.Origin);
        if (commit.Effect is CommitEffect.OpenShard shard)
            head = head with { Origin = shard.Origin };
        var receipts = new List<Receipt>();
        var made = new List<ResourceVersion>();
        foreach (var draft in commit.Entries)
        {
            (var entry, head) = Seal.Append(draft, head);
            Entries.Add((entry, draft));
            receipts.Add(Receipt.Of(head));
            made.AddRange(Changed(draft).Select(touched => Version(entry, touched)));
            foreach (var blob in draft.Blobs)
                Blobs.TryAdd(blob.Digest, blob.Content.ToArray());
            foreach (var value in draft.Privates.Where(value => value.InDocument))
                DocumentPrivates.TryAdd(value.Commitment, (value, entry.Index));
        }
        foreach (var write in commit.Writes)
            Write(write, made.Where(version => version.Name == write.Name).ToList());
        foreach (var fence in commit.Preconditions.OfType<Precondition.Fence>().DistinctBy(fence => fence.Name))
            Fences[fence.Name] = fence.Value + 1;
        foreach (var timer in commit.Timers)
            Write(timer);
        if (commit.Effect is CommitEffect.EraseSubjects erase)
            Erase(erase);
        if (commit.Effect is CommitEffect.PurgeEntries purge)
            head = head with { Minimum = purge.Below };
        if (commit.Answer is { } answer)
        {
            var stored = new StoredAnswer(answer.Request, answer.Outcome, answer.Body.ToArray(), receipts[0]);
            Answers[(answer.Credential, answer.Key)] = (stored, Seal.Microseconds(answer.ExpiresAt));
        }
        Head = head;
        return new CommitResult.Committed(receipts);
    }

    private void Write(TimerWrite write)
    {
        switch (write)
        {
            case TimerWrite.Set { Timer: var timer }:
                var due = HeldTimer.Ceiling(timer.DueAt);
                Timers[timer.Id] = new HeldTimer(timer with { DueAt = due }, due, 0);
                break;
            case TimerWrite.Clear clear:
                Timers.Remove(clear.Id);
                break;
        }
    }

    private void Write(ResourceWrite write, List<ResourceVersion> made)
    {
        var before = Resources.GetValueOrDefault(write.Name);
        Resources.Remove(write.Name);
        if (write is not ResourceWrite.Put put)
            return;
        var created =
            made.LastOrDefault(version => version.Revision == 1)?.EffectiveAt ?? before?.CreatedAt ?? made[^1].EffectiveAt;
        Resources[put.Name] = new StoredResource(
            put.Name,
            put.Id,
            put.Revision,
            put.Document.ToArray(),
            put.Sealed?.ToArray(),
            created,
            made[^1].EffectiveAt
        );
    }
}

/// <summary>A timer, from when on it can be taken, and the fence of whoever holds it (0: nobody did).</summary>
internal sealed record HeldTimer(DurableTimer Timer, DateTimeOffset ReadyAt, long Fence)
{
    /// <summary>The first whole microsecond not before a time.</summary>
    public static DateTimeOffset Ceiling(DateTimeOffset time)
    {
        var floor = Seal.Microseconds(time);
        return floor < time ? floor.AddMicroseconds(1) : floor;
    }
}
