using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>Answers under idempotency keys, each for its time.</summary>
internal sealed class AnswerTable(Database database)
{
    private const int PurgeEvery = 64;
    private const int PurgeAtMost = 100;

    private int _written;

    /// <summary>Keeps an answer; an expired one under the same key gives way.</summary>
    public void Write(long tenant, PendingAnswer answer, Receipt receipt)
    {
        database[
            """
            INSERT INTO answer (tenant, credential, key, request, outcome, expires_at, idx, root, at, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
              request = excluded.request, outcome = excluded.outcome, expires_at = excluded.expires_at,
              idx = excluded.idx, root = excluded.root, at = excluded.at, body = excluded.body
            """
        ]
            .Run(
                tenant,
                answer.Credential,
                answer.Key,
                answer.Request,
                answer.Outcome,
                answer.ExpiresAt,
                receipt.Index,
                receipt.Root,
                receipt.At,
                answer.Body
            );
        if (++_written % PurgeEvery == 0)
            Purge(tenant, receipt.At);
    }

    // By the log's own time, which never goes back: what is removed is expired for every later commit too.
    private void Purge(long tenant, DateTimeOffset now) =>
        database[
            """
            DELETE FROM answer WHERE (tenant, credential, key) IN (
              SELECT tenant, credential, key FROM answer WHERE tenant = ? AND expires_at <= ? ORDER BY expires_at LIMIT ?)
            """
        ]
            .Run(tenant, now, PurgeAtMost);
}
