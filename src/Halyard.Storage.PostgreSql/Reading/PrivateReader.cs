using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Reading;

/// <summary>Queries for private values and the directory of people.</summary>
internal static class PrivateReader
{
    public static async ValueTask<IReadOnlyList<SealedValue>> InEntriesAsync(
        NpgsqlConnection connection,
        int tenant,
        IReadOnlyCollection<long> indexes,
        CancellationToken cancellationToken
    ) =>
        await connection
            .Command(
                """
                SELECT pointer, commitment, sealed, subject FROM entry_private
                WHERE tenant = $1 AND idx = ANY($2) ORDER BY idx, ordinal
                """,
                tenant,
                indexes.Distinct().ToArray()
            )
            .ListAsync(row => Value(row, inDocument: false), cancellationToken);

    /// <summary>In the order of the commitments.</summary>
    public static async ValueTask<IReadOnlyList<SealedValue>> InDocumentsAsync(
        NpgsqlConnection connection,
        int tenant,
        IReadOnlyCollection<string> commitments,
        CancellationToken cancellationToken
    )
    {
        string[] wanted = [.. commitments.Distinct(StringComparer.Ordinal)];
        var found = await connection
            .Command(
                "SELECT pointer, commitment, sealed, subject FROM document_private WHERE tenant = $1 AND commitment = ANY($2)",
                tenant,
                wanted
            )
            .ListAsync(row => Value(row, inDocument: true), cancellationToken);
        var byCommitment = found.ToDictionary(value => value.Commitment, StringComparer.Ordinal);
        return [.. wanted.Where(byCommitment.ContainsKey).Select(commitment => byCommitment[commitment])];
    }

    public static async ValueTask<IReadOnlyDictionary<string, string>> NamesAsync(
        NpgsqlConnection connection,
        int tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    ) =>
        await PairsAsync(
            connection.Command("SELECT sid, name FROM subject WHERE tenant = $1 AND sid = ANY($2)", tenant, subjects.ToArray()),
            cancellationToken
        );

    public static async ValueTask<IReadOnlyDictionary<string, string>> KnownAsync(
        NpgsqlConnection connection,
        int tenant,
        IReadOnlyCollection<string> names,
        CancellationToken cancellationToken
    ) =>
        await PairsAsync(
            connection.Command("SELECT name, sid FROM subject WHERE tenant = $1 AND name = ANY($2)", tenant, names.ToArray()),
            cancellationToken
        );

    public static async ValueTask<SubjectExtent> ExtentAsync(
        NpgsqlConnection connection,
        int tenant,
        IReadOnlyCollection<string> subjects,
        CancellationToken cancellationToken
    )
    {
        string[] wanted = [.. subjects];
        await using var batch = connection
            .CreateBatch()
            .Add(Statements.BeginSnapshot)
            .Add("SELECT count(*) FROM entry_private WHERE tenant = $1 AND subject = ANY($2)", tenant, wanted)
            .Add("SELECT commitment FROM document_private WHERE tenant = $1 AND subject = ANY($2)", tenant, wanted)
            .Add("SELECT name FROM subject WHERE tenant = $1 AND sid = ANY($2)", tenant, wanted)
            .Add("SELECT size FROM audit_head WHERE tenant = $1", tenant)
            .Add(Statements.Commit);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var values = (await reader.ListAsync(row => row.GetInt64(0), cancellationToken))[0];
        var commitments = await reader.ListAsync(row => row.Text(0), cancellationToken);
        var names = await reader.ListAsync(row => row.Text(0), cancellationToken);
        var size = await reader.ListAsync(row => row.GetInt64(0), cancellationToken);
        commitments.Sort(StringComparer.Ordinal);
        names.Sort(StringComparer.Ordinal);
        return new SubjectExtent(values + commitments.Count, commitments, names, size[0]);
    }

    private static async ValueTask<Dictionary<string, string>> PairsAsync(
        NpgsqlCommand command,
        CancellationToken cancellationToken
    )
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in await command.ListAsync(row => (row.Text(0), row.Text(1)), cancellationToken))
            pairs[key] = value;
        return pairs;
    }

    private static SealedValue Value(NpgsqlDataReader row, bool inDocument) =>
        new(row.Text(0), row.Text(1), row.Bytes(2), row.Text(3), inDocument);
}
