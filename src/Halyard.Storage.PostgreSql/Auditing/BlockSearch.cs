using System.Buffers.Binary;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Auditing;

/// <summary>Finds the entries of whole blocks that pass a filter and took effect in a range of time.</summary>
internal sealed class BlockSearch(
    NpgsqlConnection connection,
    int tenant,
    AuditFilter filter,
    (DateTime? From, DateTime? To) range
)
{
    /// <summary>Leaves only those candidates that match; blocks by their first index.</summary>
    /// <exception cref="IOException">A block is missing: the index is damaged.</exception>
    public async ValueTask KeepAsync(Dictionary<long, EntrySet> blocks, CancellationToken cancellationToken)
    {
        if (filter.Terms.Length > 0)
            await KeepFilteredAsync(blocks, cancellationToken);
        if (range != default)
            await KeepInTimeAsync(blocks, cancellationToken);
    }

    private async ValueTask KeepFilteredAsync(Dictionary<long, EntrySet> blocks, CancellationToken cancellationToken)
    {
        var posted = new Dictionary<(long First, Guid Term), byte[]>();
        var rows = await connection
            .Command(
                """
                SELECT first, term, entries FROM audit_block_posting
                WHERE tenant = $1 AND first = ANY($2) AND term = ANY($3)
                """,
                tenant,
                blocks.Keys.ToArray(),
                filter.Terms
            )
            .ListAsync(row => (First: row.GetInt64(0), Term: row.GetGuid(1), Entries: row.Bytes(2)), cancellationToken);
        foreach (var row in rows)
            posted[(row.First, row.Term)] = row.Entries;

        EntrySet Having(long first, IEnumerable<Guid> terms)
        {
            var having = new EntrySet();
            foreach (var term in terms)
            {
                if (posted.TryGetValue((first, term), out var entries))
                    having.Add(entries);
            }
            return having;
        }
        foreach (var (first, entries) in blocks)
        {
            foreach (var any in filter.AllOf)
                entries.IntersectWith(Having(first, any));
            entries.ExceptWith(Having(first, filter.NoneOf));
        }
    }

    /// <summary>Blocks that lie in the range as a whole, or beside it, are known by their ends; of the others the times are read.</summary>
    private async ValueTask KeepInTimeAsync(Dictionary<long, EntrySet> blocks, CancellationToken cancellationToken)
    {
        var (from, to) = (range.From ?? DateTime.MinValue, range.To ?? DateTime.MaxValue);
        var rows = await connection
            .Command(
                """
                SELECT first, effective_from, effective_to,
                  CASE WHEN effective_from < $4 AND effective_to >= $3 AND NOT (effective_from >= $3 AND effective_to < $4)
                  THEN effective END
                FROM audit_block WHERE tenant = $1 AND first = ANY($2)
                """,
                tenant,
                blocks.Where(block => !block.Value.IsEmpty).Select(block => block.Key).ToArray(),
                from,
                to
            )
            .ListAsync(
                row =>
                    (
                        First: row.GetInt64(0),
                        From: row.GetFieldValue<DateTime>(1),
                        To: row.GetFieldValue<DateTime>(2),
                        Times: row.BytesOrNull(3)
                    ),
                cancellationToken
            );
        var known = rows.ToDictionary(row => row.First);
        foreach (var (first, entries) in blocks.Where(block => !block.Value.IsEmpty))
        {
            if (!known.TryGetValue(first, out var block))
                throw new IOException($"The index of the audit log is damaged: block {first} is missing.");
            if (block.Times is { } times)
                entries.IntersectWith(InTime(times, from, to));
            else if (block.From >= to || block.To < from)
                entries.Clear();
        }
    }

    private static EntrySet InTime(byte[] times, DateTime from, DateTime to)
    {
        var (earliest, latest) = (Instants.Micros(from), Instants.Micros(to));
        var inTime = new EntrySet();
        for (var place = 0; place < EntrySet.BlockSize; place++)
        {
            var effective = BinaryPrimitives.ReadInt64LittleEndian(times.AsSpan(place * sizeof(long)));
            if (effective >= earliest && effective < latest)
                inTime.Add(place);
        }
        return inTime;
    }
}
