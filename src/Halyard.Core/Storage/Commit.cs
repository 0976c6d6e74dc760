using System.Collections;
using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Ledger;

namespace Halyard.Core.Storage;

/// <summary>
/// Everything that one accepted change does to a store, all or nothing. It cannot be built without its audit entries, and not
/// with writes that the entries do not account for: what takes effect is in the log, and what is in the log took effect.
/// </summary>
public sealed class Commit
{
    /// <summary>Checks that writes and entries account for each other.</summary>
    /// <exception cref="ArgumentException">An entry is missing, or writes and entries disagree: a bug in the pipeline.</exception>
    public Commit(
        string tenant,
        string origin,
        IReadOnlyList<ResourceWrite> writes,
        IReadOnlyList<Precondition> preconditions,
        IReadOnlyList<EntryDraft> entries,
        PendingAnswer? answer,
        CommitEffect? effect = null,
        IReadOnlyList<TimerWrite>? timers = null
    )
    {
        if (entries.Count == 0)
            throw new ArgumentException("A commit needs at least one audit entry.", nameof(entries));
        CheckAccounted(writes, entries);
        CheckAccounted(effect, entries);
        TimerWrite.Validate(timers ?? []);
        Tenant = tenant;
        Origin = origin;
        Writes = writes;
        Preconditions = preconditions;
        Entries = entries;
        Answer = answer;
        Effect = effect;
        Timers = timers ?? [];
    }

    /// <summary>The tenant written to; its log receives the entries.</summary>
    public string Tenant { get; }

    /// <summary>The log's origin, used by its very first entry alone.</summary>
    public string Origin { get; }

    /// <summary>At most one write per resource.</summary>
    public IReadOnlyList<ResourceWrite> Writes { get; }

    /// <summary>What else must still be as it was read.</summary>
    public IReadOnlyList<Precondition> Preconditions { get; }

    /// <summary>Appended in order; an import has several.</summary>
    public IReadOnlyList<EntryDraft> Entries { get; }

    /// <summary>The answer kept under the caller's idempotency key, if one was given.</summary>
    public PendingAnswer? Answer { get; }

    /// <summary>What it does beside the log, if anything.</summary>
    public CommitEffect? Effect { get; }

    /// <summary>Timers set and cleared, in this order; at most <see cref="TimerWrite.MaxPerCommit"/>.</summary>
    public IReadOnlyList<TimerWrite> Timers { get; }

    private static void CheckAccounted(CommitEffect? effect, IReadOnlyList<EntryDraft> entries)
    {
        var types = entries.Select(entry => entry.Index.Type);
        if (effect is null)
        {
            if (
                types.Any(type => type is CommitEffect.EraseSubjects.Type or CommitEffect.PurgeEntries.Type)
                || entries.Any(entry => entry.Index.Type == CommitEffect.OpenShard.Type && Says(entry, "\"shard\":\""))
            )
                throw new ArgumentException("An entry says what the commit does not do.", nameof(effect));
            return;
        }
        if (entries is not [var entry] || entry.Index.Type != effect.EntryType)
            throw new ArgumentException($"The effect needs its one entry, of type {effect.EntryType}.", nameof(effect));
        if (effect is CommitEffect.PurgeEntries purge)
            CheckAccounted(purge, entry);
        if (effect is CommitEffect.OpenShard shard && !Says(entry, $"\"shard\":\"{shard.Origin}\""))
            throw new ArgumentException($"The entry does not say that the log goes on as {shard.Origin}.", nameof(effect));
        if (effect is not CommitEffect.EraseSubjects erase)
            return;
        if (erase.Subjects.Count is 0 or > CommitEffect.EraseSubjects.MaxSubjects)
            throw new ArgumentException("An erasure names nobody, or too many.", nameof(effect));
        foreach (var subject in erase.Subjects)
        {
            if (!Says(entry, $"\"{subject}\""))
                throw new ArgumentException($"The entry does not name subject {subject}, who is erased.", nameof(effect));
        }
    }

    private static void CheckAccounted(CommitEffect.PurgeEntries purge, EntryDraft entry)
    {
        var count = purge.Below - purge.From;
        if (
            purge.From < 0
            || count is <= 0 or > CommitEffect.PurgeEntries.MaxEntries
            || (purge.From % TilePath.FullWidth) + (purge.Below % TilePath.FullWidth) != 0
        )
            throw new ArgumentException("A purge removes whole bundles, and not too many.", nameof(purge));
        if (!Says(entry, $"\"to\":{purge.Below}}}"))
            throw new ArgumentException($"The entry does not say that those below {purge.Below} are purged.", nameof(entry));
    }

    private static bool Says(EntryDraft entry, string words) => entry.AfterLog.Span.IndexOf(Encoding.UTF8.GetBytes(words)) >= 0;

    private static void CheckAccounted(IReadOnlyList<ResourceWrite> writes, IReadOnlyList<EntryDraft> entries)
    {
        var final = new Dictionary<ResourceName, TouchedResource>();
        for (var i = 0; i < entries.Count; i++)
        {
            foreach (var touched in entries[i].Index.Resources)
            {
                if (touched.IsChanged)
                    final[touched.Name] = touched;
            }
        }

        if (writes.Count > 1 && writes.DistinctBy(write => write.Name).Count() != writes.Count)
            throw new ArgumentException("A resource is written twice.", nameof(writes));
        if (writes.Count != final.Count)
            throw new ArgumentException("Writes and audit entries name different resources.", nameof(writes));
        foreach (var write in writes)
        {
            if (!final.TryGetValue(write.Name, out var touched) || !Agree(write, touched))
                throw new ArgumentException($"The audit entries do not account for the write of {write.Name}.", nameof(writes));
        }
    }

    private static bool Agree(ResourceWrite write, TouchedResource touched) =>
        write switch
        {
            ResourceWrite.Put put => touched.Id == put.Id
                && touched.RevisionTo == put.Revision
                && touched.After == Digest.Of((put.Sealed ?? put.Document).Span),
            ResourceWrite.Delete => touched.After is null,
        };
}

/// <summary>One resource's new state.</summary>
/// <param name="Name">Where it is found.</param>
/// <param name="ExpectedRevision">The revision it must have now; 0 means that it must not exist.</param>
public abstract record ResourceWrite(ResourceName Name, long ExpectedRevision)
{
    /// <summary>Creates or replaces.</summary>
    /// <param name="Name">Where it is found.</param>
    /// <param name="ExpectedRevision">See the base.</param>
    /// <param name="Id">Its id; an existing resource keeps the one it has.</param>
    /// <param name="Revision">Its revision from now on.</param>
    /// <param name="Document">Its canonical document, personal values in clear.</param>
    /// <param name="Sealed">The document as the ledger knows it, commitments in place of personal values; <see langword="null"/> where it is the same.</param>
    public sealed record Put(
        ResourceName Name,
        long ExpectedRevision,
        string Id,
        long Revision,
        ReadOnlyMemory<byte> Document,
        ReadOnlyMemory<byte>? Sealed
    ) : ResourceWrite(Name, ExpectedRevision);

    /// <summary>Removes; versions stay in the history.</summary>
    public sealed record Delete(ResourceName Name, long ExpectedRevision) : ResourceWrite(Name, ExpectedRevision);
}

/// <summary>Something read that must not have changed when the commit takes effect.</summary>
public abstract record Precondition
{
    private Precondition() { }

    /// <summary>
    /// The resource still has this revision; 0 means that it still does not exist. With an id it is also still the same: one that was
    /// deleted and created anew under its key may have that revision again.
    /// </summary>
    public sealed record Unchanged(ResourceName Name, long Revision, string? Id = null) : Precondition;

    /// <summary>
    /// The named counter still has this value, and is raised by one: orders changes that add references against changes that
    /// remove what is referenced, which no single resource's revision can.
    /// </summary>
    public sealed record Fence(string Name, long Value) : Precondition;

    /// <summary>The named counter still has this value, and keeps it: any number of commits may rest on it at once.</summary>
    public sealed record FenceStands(string Name, long Value) : Precondition;
}

/// <summary>The answer to keep under an idempotency key, in the same transaction as what it answers for.</summary>
/// <param name="Credential">Keys are unique per tenant and credential.</param>
/// <param name="Key">The caller's key, 1…255 characters.</param>
/// <param name="Request">Digest of the canonical request: the same key with another request is refused.</param>
/// <param name="Outcome">What happened, in a word (applied, denied).</param>
/// <param name="Body">The answer's variable part, opaque to the store.</param>
/// <param name="ExpiresAt">The key may be used anew from then on.</param>
public sealed record PendingAnswer(
    string Credential,
    string Key,
    Digest Request,
    string Outcome,
    ReadOnlyMemory<byte> Body,
    DateTimeOffset ExpiresAt
);

/// <summary>An answer found under an idempotency key, with the receipt of its first entry.</summary>
public sealed record StoredAnswer(Digest Request, string Outcome, byte[] Body, Receipt Receipt);

/// <summary>Proof that an entry is in the log: its index, and the root of the tree that ends with it.</summary>
/// <param name="Log">The log's origin.</param>
/// <param name="Index">The entry's index.</param>
/// <param name="Root">The root at size <paramref name="Index"/> + 1.</param>
/// <param name="At">The entry's time.</param>
public sealed record Receipt(string Log, long Index, Digest Root, DateTimeOffset At)
{
    /// <summary>The receipt of the last entry below a head.</summary>
    public static Receipt Of(LogHead head) => new(head.Origin, head.Range.Size - 1, head.Range.Root, head.LastAt);
}

/// <summary>The receipts of a commit's entries. A root is computed when its receipt is asked for: of an import's thousands one is.</summary>
/// <param name="heads">The head after each entry.</param>
public sealed class Receipts(IReadOnlyList<LogHead> heads) : IReadOnlyList<Receipt>
{
    /// <inheritdoc/>
    public int Count => heads.Count;

    /// <inheritdoc/>
    public Receipt this[int index] => Receipt.Of(heads[index]);

    /// <inheritdoc/>
    public IEnumerator<Receipt> GetEnumerator() => heads.Select(Receipt.Of).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What became of a commit; losing a race is a result, not an exception.</summary>
public abstract record CommitResult
{
    private CommitResult() { }

    /// <summary>Durable; one receipt per entry.</summary>
    public sealed record Committed(IReadOnlyList<Receipt> Receipts) : CommitResult;

    /// <summary>Nothing was written; what is there instead. Empty where a fence moved.</summary>
    public sealed record Conflict(IReadOnlyList<RevisionMismatch> Actual) : CommitResult;

    /// <summary>Nothing was written: the idempotency key has an answer already.</summary>
    public sealed record Duplicate(StoredAnswer Original) : CommitResult;
}
