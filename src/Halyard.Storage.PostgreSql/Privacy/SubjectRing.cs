using Halyard.Core;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Privacy;

/// <summary>What is known of those whom some requests are about, and what is made for them. Under the lock of the tenant's keys.</summary>
internal sealed class SubjectRing(string tenant, SubjectKeyWrap wrap)
{
    private readonly Dictionary<string, string> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _erased = new(StringComparer.Ordinal);
    private readonly List<(string Subject, byte[] Key)> _newKeys = [];
    private readonly List<(string Pseudonym, string Subject, bool Own)> _names = [];

    public static async ValueTask<SubjectRing> LoadAsync(
        NpgsqlConnection connection,
        string tenant,
        IReadOnlyList<SubjectRequest> requests,
        SubjectKeyWrap wrap,
        CancellationToken cancellationToken
    )
    {
        var ring = new SubjectRing(tenant, wrap);
        string[] pseudonyms =
        [
            .. requests
                .Where(request => request.Subject is null)
                .Select(request => request.Pseudonym!)
                .Distinct(StringComparer.Ordinal),
        ];
        var own = await connection
            .Command(
                "SELECT pseudonym, sid FROM subject_name WHERE tenant = $1 AND own AND pseudonym = ANY($2)",
                tenant,
                pseudonyms
            )
            .ListAsync(row => (row.Text(0), row.Text(1)), cancellationToken);
        foreach (var (pseudonym, subject) in own)
            ring._own[pseudonym] = subject;
        string[] subjects =
        [
            .. requests
                .Select(request => request.Subject)
                .OfType<string>()
                .Concat(ring._own.Values)
                .Distinct(StringComparer.Ordinal),
        ];
        await using var batch = connection
            .CreateBatch()
            .Add("SELECT sid, wrapped FROM subject_key WHERE tenant = $1 AND sid = ANY($2)", tenant, subjects)
            .Add("SELECT sid FROM erased WHERE tenant = $1 AND sid = ANY($2)", tenant, subjects);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var (subject, wrapped) in await reader.ListAsync(row => (row.Text(0), row.Bytes(1)), cancellationToken))
            ring._keys[subject] = wrap.Open(tenant, subject, wrapped);
        ring._erased.UnionWith(await reader.ListAsync(row => row.Text(0), cancellationToken));
        return ring;
    }

    public SubjectKey Ensure(SubjectRequest request, Entropy entropy)
    {
        var subject = request.Subject ?? _own.GetValueOrDefault(request.Pseudonym!);
        if (subject is not null && _erased.Contains(subject))
            return new SubjectKey(subject, null);
        var isNew = subject is null;
        subject ??= entropy.NewId("p");
        if (request.Pseudonym is { } pseudonym)
        {
            _names.Add((pseudonym, subject, isNew));
            if (isNew)
                _own[pseudonym] = subject;
        }
        if (!_keys.TryGetValue(subject, out var key))
        {
            _keys[subject] = key = entropy.Bytes(ValueCipher.KeyLength);
            _newKeys.Add((subject, key));
        }
        return new SubjectKey(subject, key);
    }

    /// <summary>Writes what was made.</summary>
    public async ValueTask SaveAsync(NpgsqlConnection connection, Entropy entropy, CancellationToken cancellationToken)
    {
        // The first time counts: that is when a name was made somebody's own.
        var names = _names.DistinctBy(name => (name.Pseudonym, name.Subject)).ToList();
        await connection
            .CreateBatch()
            .Add(
                "INSERT INTO subject_key (tenant, sid, wrapped) SELECT $1, * FROM unnest($2::text[], $3::bytea[])",
                tenant,
                _newKeys.Select(made => made.Subject).ToArray(),
                _newKeys.Select(made => wrap.Seal(tenant, made.Subject, made.Key, entropy)).ToArray()
            )
            .Add(
                """
                INSERT INTO subject_name (tenant, pseudonym, sid, own) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::boolean[])
                ON CONFLICT (tenant, pseudonym, sid) DO NOTHING
                """,
                tenant,
                names.Select(name => name.Pseudonym).ToArray(),
                names.Select(name => name.Subject).ToArray(),
                names.Select(name => name.Own).ToArray()
            )
            .RunAsync(cancellationToken);
    }
}
