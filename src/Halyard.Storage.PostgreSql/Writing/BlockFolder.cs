using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;
using NpgsqlTypes;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>
/// Turns the recent rows of whole blocks into one row a term and a word, behind the commits: a query reads what is not folded yet
/// one by one, so that nobody waits for it. Any server may do it, one at a time.
/// </summary>
internal sealed class BlockFolder(AdvisoryLockNumbers locks)
{
    /// <summary>Folds one block if a whole one is there; tells the first index that is then not folded, and whether it folded.</summary>
    /// <exception cref="IOException">A row is missing: the log has no gaps, so the index is damaged.</exception>
    public async ValueTask<(long Unfolded, bool Folded)> FoldOneAsync(
        NpgsqlConnection connection,
        int tenant,
        CancellationToken cancellationToken
    )
    {
        await connection
            .CreateBatch()
            .Add(Statements.Begin)
            .Add(AdvisoryLocks.Take, locks.Folding(tenant))
            .RunAsync(cancellationToken);
        var (first, size) = (
            await connection
                .Command(
                    """
                    SELECT coalesce((SELECT min(idx) FROM audit_recent WHERE tenant = $1), size), size
                    FROM audit_head WHERE tenant = $1
                    """,
                    tenant
                )
                .ListAsync(reader => (reader.GetInt64(0), reader.GetInt64(1)), cancellationToken)
        )[0];
        var isWhole = first + EntrySet.BlockSize <= size;
        if (isWhole)
            await FoldAsync(connection, tenant, first, cancellationToken);
        await connection.Command(Statements.Commit).RunAsync(cancellationToken);
        return isWhole ? (first + EntrySet.BlockSize, true) : (first, false);
    }

    private static async ValueTask FoldAsync(
        NpgsqlConnection connection,
        int tenant,
        long first,
        CancellationToken cancellationToken
    )
    {
        var block = new Block(first);
        await using (
            var recent = connection.Command(
                """
                SELECT idx, effective_at, terms, content, reason FROM audit_recent
                WHERE tenant = $1 AND idx >= $2 AND idx < $3 ORDER BY idx
                """,
                tenant,
                first,
                first + EntrySet.BlockSize
            )
        )
        {
            await using var reader = await recent.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                block.Add(reader);
        }
        block.RequireWhole();
        await WritePostingsAsync(connection, tenant, block, cancellationToken);
        await WriteWordsAsync(connection, tenant, block, cancellationToken);
        await connection
            .CreateBatch()
            .Add(
                "INSERT INTO audit_block (tenant, first, effective_from, effective_to, effective) VALUES ($1, $2, $3, $4, $5)",
                tenant,
                first,
                block.Earliest,
                block.Latest,
                block.Times
            )
            .Add(
                "DELETE FROM audit_recent WHERE tenant = $1 AND idx >= $2 AND idx < $3",
                tenant,
                first,
                first + EntrySet.BlockSize
            )
            .RunAsync(cancellationToken);
    }

    // In the order of the table's key, so that each of its pages is visited once.
    private static async ValueTask WritePostingsAsync(
        NpgsqlConnection connection,
        int tenant,
        Block block,
        CancellationToken cancellationToken
    )
    {
        await using var import = await connection.BeginBinaryImportAsync(
            "COPY audit_block_posting (tenant, first, term, entries) FROM STDIN (FORMAT BINARY)",
            cancellationToken
        );
        foreach (var (term, entries) in block.Postings.OrderBy(posting => posting.Key))
        {
            await import.StartRowAsync(cancellationToken);
            await import.WriteAsync(tenant, NpgsqlDbType.Integer, cancellationToken);
            await import.WriteAsync(block.First, NpgsqlDbType.Bigint, cancellationToken);
            await import.WriteAsync(term, NpgsqlDbType.Uuid, cancellationToken);
            await import.WriteAsync(entries.ToBytes(), NpgsqlDbType.Bytea, cancellationToken);
        }
        await import.CompleteAsync(cancellationToken);
    }

    private static async ValueTask WriteWordsAsync(
        NpgsqlConnection connection,
        int tenant,
        Block block,
        CancellationToken cancellationToken
    )
    {
        await using var import = await connection.BeginBinaryImportAsync(
            "COPY audit_block_word (tenant, first, word, source, entries, places) FROM STDIN (FORMAT BINARY)",
            cancellationToken
        );
        foreach (var (source, words) in block.Words)
        {
            foreach (var (word, entries, places) in words.Rows())
            {
                await import.StartRowAsync(cancellationToken);
                await import.WriteAsync(tenant, NpgsqlDbType.Integer, cancellationToken);
                await import.WriteAsync(block.First, NpgsqlDbType.Bigint, cancellationToken);
                await import.WriteAsync(Texts.Write(word), NpgsqlDbType.Text, cancellationToken);
                await import.WriteAsync((short)source, NpgsqlDbType.Smallint, cancellationToken);
                await import.WriteAsync(entries, NpgsqlDbType.Bytea, cancellationToken);
                await import.WriteAsync(places, NpgsqlDbType.Bytea, cancellationToken);
            }
        }
        await import.CompleteAsync(cancellationToken);
    }

    /// <summary>One block while it is read.</summary>
    private sealed class Block(long first)
    {
        private readonly WordFolder _content = new(WordSource.Content);
        private readonly WordFolder _reason = new(WordSource.Reason);
        private int _count;

        public long First => first;

        public Dictionary<Guid, EntrySet> Postings { get; } = [];

        public byte[] Times { get; } = new byte[EntrySet.BlockSize * sizeof(long)];

        public DateTime Earliest { get; private set; } = DateTime.MaxValue;

        public DateTime Latest { get; private set; } = DateTime.MinValue;

        public IEnumerable<(WordSource Source, WordFolder Words)> Words =>
            [(WordSource.Content, _content), (WordSource.Reason, _reason)];

        public void Add(NpgsqlDataReader row)
        {
            if (row.GetInt64(0) != first + _count)
                throw Damaged();
            var effective = row.GetFieldValue<DateTime>(1);
            Earliest = effective < Earliest ? effective : Earliest;
            Latest = effective > Latest ? effective : Latest;
            BinaryPrimitives.WriteInt64LittleEndian(Times.AsSpan(_count * sizeof(long)), Instants.Micros(effective));
            foreach (var term in row.GetFieldValue<Guid[]>(2))
            {
                ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(Postings, term, out _);
                (entries ??= new EntrySet()).Add(_count);
            }
            _content.Add(_count, row.Text(3));
            _reason.Add(_count, row.Text(4));
            _count++;
        }

        public void RequireWhole()
        {
            if (_count != EntrySet.BlockSize)
                throw Damaged();
        }

        private IOException Damaged() => new($"The index of the audit log is damaged: entry {first + _count} is missing in it.");
    }
}
