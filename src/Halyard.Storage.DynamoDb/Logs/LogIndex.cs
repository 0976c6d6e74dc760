using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Storage.DynamoDb.Logs;

/// <summary>
/// The end of one tenant's log in memory: what those entries are found by that are in no whole block yet, which versions they made, whose
/// values they brought. It grows at its end, from the table's segments, and loses at its beginning what stands in blocks; it is asked after
/// it was brought up to the head, so that what it says is what the table says. Any thread.
/// </summary>
internal sealed class LogIndex
{
    /// <summary>The newest leaves are kept: those are what followers and screens read.</summary>
    private const int KeptLeaves = 4_096;

    private readonly Lock _gate = new();
    private readonly List<IndexedEntry> _entries = [];
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Id, long Revision), ResourceVersion> _versions = [];
    private readonly Dictionary<ResourceName, List<ResourceVersion>> _named = [];
    private readonly Dictionary<string, List<long>> _committed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<long>> _brought = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _erased = new(StringComparer.Ordinal);
    private SweepState _swept = SweepState.Of(null);
    private long _first;

    /// <summary>The head up to which this is the log, or <see langword="null"/> where that has no entry.</summary>
    public LogHead? Head { get; private set; }

    /// <summary>The last entry that erased somebody, or -1.</summary>
    public long LastErasure { get; private set; } = -1;

    /// <summary>The first entry that is in no block, as far as this server knows.</summary>
    public long Folded { get; private set; }

    /// <summary>The entry that comes next.</summary>
    public long Size
    {
        get
        {
            lock (_gate)
                return _first + _entries.Count;
        }
    }

    /// <summary>Goes on with the log: its next segments, those erased since by the entry of the erasure, and the head after them.</summary>
    public void Append(
        IReadOnlyList<(Segment Segment, IReadOnlyList<LogRecord> Records)> segments,
        IReadOnlyCollection<(string Subject, long Erasure)> erased,
        LogHead head,
        long lastErasure
    )
    {
        lock (_gate)
        {
            // The first of all may begin before the first block that is not whole.
            var begin = _entries.Count == 0 && segments.Count > 0 ? Math.Min(_first, segments[0].Segment.First) : _first;
            // All before any: what was read in part is read again from here, not from amid it.
            var next = begin + _entries.Count;
            foreach (var (segment, records) in segments)
            {
                if (segment.First != next)
                    throw new IOException($"The log of '{head.Tenant}' has no entry {next}.");
                next += records.Count;
            }
            if (next != head.Range.Size)
                throw new IOException($"The log of '{head.Tenant}' has {next} entries, its head says {head.Range.Size}.");
            _first = begin;
            foreach (var (segment, records) in segments)
            {
                _segments.Add(segment);
                foreach (var record in records)
                    Add(new IndexedEntry(record));
            }
            foreach (var (subject, erasure) in erased)
                Forget(subject, erasure);
            (Head, LastErasure) = (head, lastErasure);
        }
    }

    /// <summary>Lets go what stands in blocks by now, and notes what is removed from the table.</summary>
    public void Advance(long folded, SweepState swept)
    {
        lock (_gate)
        {
            _swept = swept;
            if (folded <= Folded)
                return;
            Folded = folded;
            var gone = _segments.FindIndex(segment => segment.First + segment.Count > folded);
            gone = gone < 0 ? _segments.Count : gone;
            // What is far behind is not gone through entry by entry.
            var first = gone < _segments.Count ? _segments[gone].First : Math.Max(folded, _first + _entries.Count);
            _segments.RemoveRange(0, gone);
            Rebuild(first);
        }
    }

    /// <summary>Both at once, for a reader that was behind.</summary>
    public void AdvanceAndAppend(
        (long Folded, SweepState Swept) advance,
        IReadOnlyList<(Segment Segment, IReadOnlyList<LogRecord> Records)> segments,
        IReadOnlyCollection<(string Subject, long Erasure)> erased,
        LogHead head,
        long lastErasure
    )
    {
        lock (_gate)
        {
            Advance(advance.Folded, advance.Swept);
            Append(segments, erased, head, lastErasure);
        }
    }

    /// <summary>Asks something of one state of the log.</summary>
    public T Ask<T>(Func<View, T> question)
    {
        lock (_gate)
            return question(new View(this));
    }

    /// <summary>Keeps the words of reasons that were read from the table, but for those of whom was erased meanwhile.</summary>
    public void KeepReasons(IEnumerable<(long Index, string Words)> reasons)
    {
        lock (_gate)
        {
            foreach (var (index, words) in reasons)
            {
                if (index >= _first && _entries[(int)(index - _first)] is { Reason: null } entry)
                    entry.Reason = words;
            }
        }
    }

    private void Rebuild(long first)
    {
        var kept = _entries.GetRange(
            (int)Math.Min(first - _first, _entries.Count),
            (int)Math.Max(_first + _entries.Count - first, 0)
        );
        _entries.Clear();
        _ids.Clear();
        _versions.Clear();
        _named.Clear();
        _committed.Clear();
        _brought.Clear();
        _first = first;
        kept.ForEach(Add);
        if (_entries.Capacity > 4 * KeptLeaves)
            _entries.TrimExcess();
    }

    private void Add(IndexedEntry entry)
    {
        var record = entry.Record;
        _entries.Add(entry);
        _ids.TryAdd(record.Id, record.Index);
        foreach (var version in record.Versions)
        {
            _versions.TryAdd((version.Id, version.Revision), version);
            ListOf(_named, version.Name).Add(version);
        }
        foreach (var mark in record.Privates)
        {
            ListOf(_brought, mark.Subject).Add(record.Index);
            if (mark.Commitment is { } commitment)
                ListOf(_committed, commitment).Add(record.Index);
            if (mark.IsReason && _erased.ContainsKey(mark.Subject))
                entry.Reason = "";
        }
        if (_entries.Count > KeptLeaves)
        {
            var old = _entries[_entries.Count - 1 - KeptLeaves];
            old.Record = old.Record with { Leaf = null };
        }
    }

    private void Forget(string subject, long erasure)
    {
        if (!_erased.TryAdd(subject, erasure))
            return;
        foreach (var index in _brought.GetValueOrDefault(subject, []))
        {
            var entry = _entries[(int)(index - _first)];
            if (entry.Record.Privates.Any(mark => mark.IsReason && mark.Subject == subject))
                entry.Reason = "";
        }
    }

    private static List<TValue> ListOf<TKey, TValue>(Dictionary<TKey, List<TValue>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
            lists[key] = list = [];
        return list;
    }

    /// <summary>An entry in memory.</summary>
    internal sealed class IndexedEntry(LogRecord record)
    {
        public LogRecord Record { get; set; } = record;

        /// <summary>The words of its reason; <see langword="null"/> where they were not read yet.</summary>
        public string? Reason { get; set; } = record.Privates.Any(mark => mark.IsReason) ? null : "";
    }

    /// <summary>One state of the log; good while the question is asked. Of entries in blocks it knows nothing but who was erased.</summary>
    internal readonly struct View(LogIndex index)
    {
        public LogHead? Head => index.Head;

        public long Size => index._first + index._entries.Count;

        /// <summary>The first entry that was not purged.</summary>
        public long Minimum => index.Head?.Minimum ?? 0;

        /// <summary>The first entry that is in memory.</summary>
        public long First => index._first;

        /// <summary>The first entry that is in no block, and the first that is asked here.</summary>
        public long Folded => index.Folded;

        /// <summary>An entry from <see cref="First"/> on.</summary>
        public IndexedEntry this[long entry] => index._entries[(int)(entry - index._first)];

        public bool IsErased(string subject) => index._erased.ContainsKey(subject);

        /// <summary>The last entry whose erasure is carried out.</summary>
        public long Swept => index._swept.Erased;

        /// <summary>Those erased whose values and words may still be in the table.</summary>
        public List<string> Unswept()
        {
            var swept = Swept;
            return [.. index._erased.Where(erased => erased.Value > swept).Select(erased => erased.Key)];
        }

        /// <summary>The entry with an id, purged or not.</summary>
        public long? Find(string id) => index._ids.TryGetValue(id, out var found) ? found : null;

        public ResourceVersion? Version(string id, long revision) => index._versions.GetValueOrDefault((id, revision));

        public IReadOnlyDictionary<ResourceName, List<ResourceVersion>> Named => index._named;

        /// <summary>The entries that brought values of a subject.</summary>
        public IReadOnlyList<long> Brought(string subject) => index._brought.GetValueOrDefault(subject, []);

        /// <summary>The entries that brought the value behind a commitment in documents.</summary>
        public IReadOnlyList<long> Committed(string commitment) => index._committed.GetValueOrDefault(commitment, []);

        /// <summary>The segment that an entry from <see cref="First"/> on is in.</summary>
        public Segment SegmentOf(long entry)
        {
            var (low, high) = (0, index._segments.Count - 1);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                if (index._segments[middle].First <= entry)
                    low = middle;
                else
                    high = middle - 1;
            }
            return index._segments[low];
        }
    }
}
