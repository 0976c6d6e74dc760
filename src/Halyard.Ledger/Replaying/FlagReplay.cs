using System.Text;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>A flag as the log implies it at a time.</summary>
/// <param name="Project">The project's key.</param>
/// <param name="Index">The entry that gave it this form.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Document">Its sealed document, canonical; null where it did not exist (any more).</param>
public sealed record ReplayedFlag(string Project, long Index, long Revision, byte[]? Document);

/// <summary>
/// Replays one flag from the entries of a log: applies every patch and compares every digest. A tree proves that nobody edited
/// the log; this shows what the log implies.
/// </summary>
/// <param name="key">The flag's key.</param>
/// <param name="at">The time, as entries write it; entries with an effective time after it do not count for the result.</param>
/// <param name="blob">Content by its digest, or null where it is missing.</param>
public sealed class FlagReplay(string key, string at, Func<Digest, byte[]?> blob)
{
    private readonly byte[] _key = [.. "\"key\":"u8, .. CanonicalJson.FormatString(key)];
    private readonly Dictionary<string, (long Revision, byte[]? Document)> _now = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReplayedFlag> _then = new(StringComparer.Ordinal);

    private long _first = -1;

    /// <summary>The flag in each project that had one of this key at the time, deleted ones with no document.</summary>
    public IReadOnlyCollection<ReplayedFlag> Found => _then.Values;

    /// <summary>The first entry that contradicts those before it, or null. Nothing is replayed after it.</summary>
    public ArchiveVerdict? Fault { get; private set; }

    /// <summary>Replays the next entry; entries come in the order of the log.</summary>
    public void Append(long index, ReadOnlyMemory<byte> leaf)
    {
        if (_first < 0)
            _first = index;
        if (Fault is not null || (leaf.Span.IndexOf(_key) < 0 && leaf.Span.IndexOf("\"also\":{"u8) < 0))
            return;
        try
        {
            using var parsed = JsonDocument.Parse(leaf);
            Replay(index, parsed.RootElement);
        }
        catch (ReplayException contradiction)
        {
            Fault = contradiction.Verdict;
        }
        catch (Exception unreadable)
            when (unreadable
                    is JsonException
                        or JsonPatchException
                        or KeyNotFoundException
                        or FormatException
                        or InvalidOperationException
            )
        {
            // A member is absent or of another type: whatever it is, no pipeline wrote it.
            Fault = new ArchiveVerdict.Tampered(index, null, $"cannot be replayed: {unreadable.Message}");
        }
    }

    private void Replay(long index, JsonElement leaf)
    {
        var resource = leaf.GetProperty("resource");
        if (resource.ValueKind == JsonValueKind.Null)
            return;
        var project = leaf.GetProperty("project").GetString() ?? "";
        var change = leaf.GetProperty("change");
        var effective = leaf.GetProperty("origin") is { ValueKind: JsonValueKind.Object } origin
            ? origin.GetProperty("at").GetString()!
            : leaf.GetProperty("at").GetString()!;
        if (Names(resource))
            Step(index, project, effective, resource, change);
        if (!change.TryGetProperty("also", out var also))
            return;
        using var further = JsonDocument.Parse(Content(index, also));
        foreach (var item in further.RootElement.EnumerateArray())
        {
            if (Names(item.GetProperty("resource")))
                Step(index, project, effective, item.GetProperty("resource"), item);
        }
    }

    private bool Names(JsonElement resource) =>
        resource.GetProperty("kind").ValueEquals("flag"u8) && resource.GetProperty("key").ValueEquals(key);

    private void Step(long index, string project, string effective, JsonElement touched, JsonElement change)
    {
        var (from, to) = (touched.GetProperty("rev_from").GetInt64(), touched.GetProperty("rev_to").GetInt64());
        // Only named, as by a denial.
        if (from == to)
            return;
        var before = _now.TryGetValue(project, out var known) ? known.Document : First(index, from, change);
        Compare(index, change.GetProperty("before"), before, "before");
        byte[] patch = Content(index, change.GetProperty("patch"));
        var after = JsonPatch.Apply(before, patch);
        Compare(index, change.GetProperty("after"), after, "after");
        Require(index, to == from + 1, $"goes from revision {from} to {to}");
        Require(
            index,
            before is null ? from == 0 : !_now.ContainsKey(project) || known.Revision == from,
            $"goes on from revision {from}"
        );
        _now[project] = (to, after);
        if (string.CompareOrdinal(effective, at) <= 0)
            _then[project] = new ReplayedFlag(project, index, to, after);
    }

    // Where the entries that made the document were purged, its digest in this one names it.
    private byte[]? First(long index, long revision, JsonElement change)
    {
        if (revision == 0 || _first == 0 || !Digest.TryParse(change.GetProperty("before").GetString(), out var digest))
            return null;
        return Blob(index, digest);
    }

    private static void Compare(long index, JsonElement named, byte[]? document, string when)
    {
        var expected = named.ValueKind == JsonValueKind.Null ? null : named.GetString();
        var actual = document is null ? null : Digest.Of(document).ToString();
        Require(index, expected == actual, $"names {expected ?? "nothing"} {when} it; the patches give {actual ?? "nothing"}");
    }

    private byte[] Content(long index, JsonElement place) =>
        place.ValueKind == JsonValueKind.Object
        && place.TryGetProperty("$blob", out var name)
        && Digest.TryParse(name.GetString(), out var digest)
            ? Blob(index, digest)
            : Encoding.UTF8.GetBytes(place.GetRawText());

    private byte[] Blob(long index, Digest digest)
    {
        if (blob(digest) is not { } content)
            throw new ReplayException(
                new ArchiveVerdict.Incomplete($"entry {index} needs {LedgerPaths.Blob(digest)}, which is absent")
            );
        Require(index, Digest.Of(content) == digest, $"needs {LedgerPaths.Blob(digest)}, which has other bytes");
        return content;
    }

    private static void Require(long index, bool holds, string otherwise)
    {
        if (!holds)
            throw new ReplayException(new ArchiveVerdict.Tampered(index, null, otherwise));
    }

#pragma warning disable CA1032, CA1064, RCS1194 // Never leaves this class.
    private sealed class ReplayException(ArchiveVerdict verdict) : Exception
    {
        public ArchiveVerdict Verdict { get; } = verdict;
    }
#pragma warning restore CA1032, CA1064, RCS1194
}
