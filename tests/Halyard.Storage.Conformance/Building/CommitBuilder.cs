using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Storage.Conformance.Building;

/// <summary>Builds a commit whose one entry accounts for its writes.</summary>
public sealed class CommitBuilder(string tenant = CommitBuilder.DefaultTenant)
{
    /// <summary>The tenant where none is named.</summary>
    public const string DefaultTenant = "default";

    /// <summary>The entries' time where none is given.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly List<ResourceWrite> _writes = [];
    private readonly List<TouchedResource> _touched = [];
    private readonly List<Precondition> _preconditions = [];
    private readonly List<Blob> _blobs = [];
    private readonly List<SealedValue> _privates = [];
    private readonly List<TimerWrite> _timers = [];
    private Func<EntryIndex, EntryIndex> _index = index => index;
    private PendingAnswer? _answer;
    private CommitEffect? _effect;
    private DateTimeOffset _time = Noon;
    private DateTimeOffset? _effectiveAt;
    private object? _details;
    private string? _id;
    private (string[] Summary, string? Reason) _words;

    /// <summary>The origin of a tenant's log.</summary>
    public static string OriginOf(string tenant) => $"flags.example.com/{tenant}/admin";

    public CommitBuilder Put(
        ResourceName name,
        string id,
        long expected,
        string document,
        string? sealedDocument = null,
        long? revision = null
    )
    {
        var clear = Encoding.UTF8.GetBytes(document);
        var masked = sealedDocument is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(sealedDocument);
        var next = revision ?? (expected + 1);
        _writes.Add(new ResourceWrite.Put(name, expected, id, next, clear, masked));
        _touched.Add(new TouchedResource(name, id, next - 1, next, Digest.Of((masked ?? clear).Span)));
        return this;
    }

    public CommitBuilder Delete(ResourceName name, string id, long expected)
    {
        _writes.Add(new ResourceWrite.Delete(name, expected));
        _touched.Add(new TouchedResource(name, id, expected, expected + 1, null));
        return this;
    }

    public CommitBuilder Unchanged(ResourceName name, long revision, string? id = null)
    {
        _preconditions.Add(new Precondition.Unchanged(name, revision, id));
        return this;
    }

    public CommitBuilder Fence(string name, long value)
    {
        _preconditions.Add(new Precondition.Fence(name, value));
        return this;
    }

    public CommitBuilder FenceStands(string name, long value)
    {
        _preconditions.Add(new Precondition.FenceStands(name, value));
        return this;
    }

    public CommitBuilder Answer(
        string key,
        string request = "request",
        string credential = "tok_1",
        DateTimeOffset? expires = null
    )
    {
        var body = Encoding.UTF8.GetBytes($"answer to {request}");
        var until = expires ?? _time.AddHours(24);
        _answer = new PendingAnswer(credential, key, Digest.Of(Encoding.UTF8.GetBytes(request)), "applied", body, until);
        return this;
    }

    public CommitBuilder At(DateTimeOffset time, DateTimeOffset? effectiveAt = null)
    {
        _time = time;
        _effectiveAt = effectiveAt;
        return this;
    }

    public CommitBuilder Id(string id)
    {
        _id = id;
        return this;
    }

    public CommitBuilder Saying(string summary, string? reason = null)
    {
        _words = ([summary], reason);
        return this;
    }

    public CommitBuilder With(Func<EntryIndex, EntryIndex> index)
    {
        var before = _index;
        _index = draft => index(before(draft));
        return this;
    }

    public CommitBuilder Holding(params Blob[] blobs)
    {
        _blobs.AddRange(blobs);
        return this;
    }

    public CommitBuilder Hiding(params SealedValue[] privates)
    {
        _privates.AddRange(privates);
        return this;
    }

    public CommitBuilder Timing(params TimerWrite[] timers)
    {
        _timers.AddRange(timers);
        return this;
    }

    public CommitBuilder Erasing(long asOf, params string[] subjects)
    {
        _effect = new CommitEffect.EraseSubjects(subjects, asOf);
        // The leaves of these drafts have no details: ticket and incident name whom it is about.
        return With(index =>
            index with
            {
                Type = CommitEffect.EraseSubjects.Type,
                Ticket = subjects[0],
                Incident = subjects.ElementAtOrDefault(1),
            }
        );
    }

    public CommitBuilder Purging(long from, long below)
    {
        _effect = new CommitEffect.PurgeEntries(from, below);
        _details = new { from, to = below };
        return With(index => index with { Type = CommitEffect.PurgeEntries.Type });
    }

    public CommitBuilder Opening(string from, long size, string shard)
    {
        _effect = new CommitEffect.OpenShard(from, size, shard);
        _details = new { shard };
        return With(index => index with { Type = CommitEffect.OpenShard.Type });
    }

    public EntryDraft Draft() =>
        Drafts.Of(_index(Drafts.Index([.. _touched])), _time, _effectiveAt, [.. _blobs], [.. _privates], _id, _words, _details);

    public Commit Build() =>
        new(tenant, OriginOf(tenant), [.. _writes], [.. _preconditions], [Draft()], _answer, _effect, [.. _timers]);
}
