using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Halyard.Ledger;

namespace Halyard.Core.Audit;

/// <summary>The end of a log: everything needed to append the next entry.</summary>
/// <param name="Tenant">The tenant whose log it is.</param>
/// <param name="Origin">
/// The log's name in leaves and checkpoints; fixed by its first entry, until it goes on as its next shard.
/// </param>
/// <param name="Range">The frontier of the Merkle tree; its size is the next index.</param>
/// <param name="LastAt">The time of the last entry.</param>
public sealed record LogHead(string Tenant, string Origin, CompactRange Range, DateTimeOffset LastAt)
{
    /// <summary>The first entry that was not purged, a multiple of 256; the hashes of those before it stay.</summary>
    public long Minimum { get; init; }

    /// <summary>Which shard of the log it is, from 1.</summary>
    public int Shard => LogName.Of(Origin).Shard;

    /// <summary>The head of a log without entries.</summary>
    public static LogHead Genesis(string tenant, string origin) =>
        new(tenant, origin, CompactRange.Empty, DateTimeOffset.MinValue);
}

/// <summary>An entry as it stands in the log for ever.</summary>
/// <param name="Index">Its 0-based, gapless index.</param>
/// <param name="At">Its time, never before that of the entry in front of it; microseconds.</param>
/// <param name="EffectiveAt">When the change took effect: the original time of an imported entry, else <paramref name="At"/>.</param>
/// <param name="Leaf">The canonical bytes (RFC 8785); never serialised again.</param>
/// <param name="LeafHash">RFC 6962 leaf hash.</param>
public sealed record SealedEntry(long Index, DateTimeOffset At, DateTimeOffset EffectiveAt, byte[] Leaf, Digest LeafHash);

/// <summary>Turns drafts into entries. Every store calls this inside its transaction, after it has read the locked head.</summary>
public static class Seal
{
    /// <summary>RFC 3339 with microseconds, as leaves carry it.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The sealed entry and the head that follows it.</summary>
    public static (SealedEntry Entry, LogHead Head) Append(EntryDraft draft, LogHead head)
    {
        var now = Microseconds(draft.Time);
        var at = now > head.LastAt ? now : head.LastAt;
        var leaf = Compose(draft, head, at);
        var hash = MerkleTree.HashLeaf(leaf);
        var range = head.Range.Append(hash);
        var entry = new SealedEntry(head.Range.Size, at, draft.EffectiveAt ?? at, leaf, hash);
        return (entry, head with { Range = range, LastAt = at });
    }

    /// <summary>The time cut to the microseconds that a leaf keeps.</summary>
    public static DateTimeOffset Microseconds(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static byte[] Compose(EntryDraft draft, LogHead head, DateTimeOffset at)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(head.Range.Size, digits, out var digitCount);
        Span<byte> time = stackalloc byte[32];
        time = time[..WriteTime(at, time)];
        ReadOnlySpan<byte> log = ",\"log\":\""u8;
        ReadOnlySpan<byte> quote = "\""u8;

        var length =
            draft.BeforeTime.Length
            + time.Length
            + draft.BeforeIndex.Length
            + digitCount
            + log.Length
            + Encoding.ASCII.GetByteCount(head.Origin)
            + quote.Length
            + draft.AfterLog.Length;
        var leaf = new byte[length];
        var rest = leaf.AsSpan();
        Put(draft.BeforeTime.Span, ref rest);
        Put(time, ref rest);
        Put(draft.BeforeIndex.Span, ref rest);
        Put(digits[..digitCount], ref rest);
        Put(log, ref rest);
        rest = rest[Encoding.ASCII.GetBytes(head.Origin, rest)..];
        Put(quote, ref rest);
        Put(draft.AfterLog.Span, ref rest);
        return leaf;
    }

    /// <summary>Writes <see cref="TimeFormat"/>: the round-trip format, which is fast, up to the microseconds.</summary>
    private static int WriteTime(DateTimeOffset at, Span<byte> text)
    {
        const int microseconds = 26;
        _ = at.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[microseconds] = (byte)'Z';
        return microseconds + 1;
    }

    private static void Put(scoped ReadOnlySpan<byte> part, ref Span<byte> rest)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }
}
