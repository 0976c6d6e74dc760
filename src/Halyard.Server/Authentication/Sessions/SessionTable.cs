using System.Text.Json;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Authentication.Sessions;

/// <summary>
/// The open sessions, one mark for each subject: there are as many marks as people, every server sees the end of a session at once,
/// and whoever loses a mark logs in again.
/// </summary>
internal sealed class SessionTable(IMarks marks, ProviderIndex index, SessionOptions options, TimeProvider time)
{
    /// <summary>The most sessions of one subject; one more ends the one that was not used for the longest time.</summary>
    public const int MaxOfSubject = 20;

    private const int MaxSubject = 100;
    private const string Prefix = "session/";

    /// <summary>The open session of this subject whose secret has this digest, or <see langword="null"/>.</summary>
    public async ValueTask<Session?> FindAsync(string tenant, string subject, Digest secret, CancellationToken cancellationToken)
    {
        if (subject.Length > MaxSubject)
            return null;
        var now = time.GetUtcNow();
        var (list, _) = await ReadAsync(tenant, subject, cancellationToken);
        Session? found = null;
        foreach (var session in list.Open)
        {
            if (Digest.TryParse(session.Secret, out var stored) && Credential.AreSame(stored, secret))
                found = session;
        }
        return found is not null && IsOpen(found, now) ? found : null;
    }

    /// <summary>Notes that a session is in use; not at each request, and not where another request notes something at this moment.</summary>
    public async ValueTask TouchAsync(string tenant, string subject, Session used, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - used.Used < options.Idle / 10)
            return;
        var (list, version) = await ReadAsync(tenant, subject, cancellationToken);
        List<Session> next = [.. list.Open.Select(session => session.Id == used.Id ? session with { Used = now } : session)];
        await SaveAsync(tenant, subject, version, list with { Open = next }, cancellationToken);
    }

    /// <summary>Adds a session; those that are over go.</summary>
    public ValueTask AddAsync(string tenant, string subject, Session added, CancellationToken cancellationToken) =>
        EditAsync(tenant, subject, open => [.. open.TakeLast(MaxOfSubject - 1), added], cancellationToken);

    /// <summary>Ends one session.</summary>
    public ValueTask EndAsync(string tenant, string subject, string id, CancellationToken cancellationToken) =>
        EditAsync(tenant, subject, open => [.. open.Where(session => session.Id != id)], cancellationToken);

    /// <summary>The sessions of a subject that are open, the one begun first at the front.</summary>
    public async ValueTask<IReadOnlyList<Session>> OpenAsync(string tenant, string subject, CancellationToken cancellationToken)
    {
        if (subject.Length > MaxSubject)
            return [];
        var now = time.GetUtcNow();
        var (list, _) = await ReadAsync(tenant, subject, cancellationToken);
        return [.. list.Open.Where(session => IsOpen(session, now)).OrderBy(session => session.Started)];
    }

    /// <summary>
    /// Ends everything that was begun in a subject's name up to a moment: the sessions named, and the tokens of log-ins.
    /// </summary>
    public ValueTask EndAllAsync(
        string tenant,
        string subject,
        IReadOnlyCollection<string> ids,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        EditAsync(
            tenant,
            subject,
            open => [.. open.Where(session => !ids.Contains(session.Id, StringComparer.Ordinal))],
            cancellationToken,
            at
        );

    /// <summary>Whether a token of a log-in is over because everything of its holder was ended since then.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="subject">Whose.</param>
    /// <param name="issued">When it was given, in whole seconds: within the second of the end nobody can tell, and it is over.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<bool> IsOverAsync(
        string tenant,
        string subject,
        DateTimeOffset issued,
        CancellationToken cancellationToken
    ) => (await ReadAsync(tenant, subject, cancellationToken)).List.AllEndedAt is { } ended && issued <= ended;

    /// <summary>Ends sessions of a subject.</summary>
    public ValueTask EndAsync(
        string tenant,
        string subject,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    ) =>
        EditAsync(
            tenant,
            subject,
            open => [.. open.Where(session => !ids.Contains(session.Id, StringComparer.Ordinal))],
            cancellationToken
        );

    private bool IsOpen(Session session, DateTimeOffset now) =>
        now - session.Started < options.Absolute && now - session.Used < options.Idle;

    private async ValueTask EditAsync(
        string tenant,
        string subject,
        Func<IEnumerable<Session>, List<Session>> edit,
        CancellationToken cancellationToken,
        DateTimeOffset? allEndedAt = null
    )
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var (before, version) = await ReadAsync(tenant, subject, cancellationToken);
            var open = before.Open.Where(session => IsOpen(session, now)).OrderBy(session => session.Used);
            var ended = Later(before.AllEndedAt, allEndedAt);
            // One that was beginning while everything was ended is written after it, and is over all the same.
            var after = Fitting(new SessionList([.. edit(open).Where(session => !(session.Started < ended))], ended));
            // Whoever is looked for is found: the index knows of a session before it is open, and until after it is over.
            await index.AddAsync(tenant, subject, NamesOf(after), cancellationToken);
            if (!await SaveAsync(tenant, subject, version, after, cancellationToken))
                continue;
            await IndexAsync(tenant, subject, NamesOf(before).Except(NamesOf(after)), after, cancellationToken);
            return;
        }
    }

    /// <summary>Forgets names that are gone; whoever begins or ends another session of the same name meanwhile puts it right.</summary>
    private async ValueTask IndexAsync(
        string tenant,
        string subject,
        IEnumerable<string> gone,
        SessionList after,
        CancellationToken cancellationToken
    )
    {
        List<string> forgotten = [.. gone];
        await index.RemoveAsync(tenant, subject, forgotten, cancellationToken);
        var now = forgotten.Count == 0 ? after : (await ReadAsync(tenant, subject, cancellationToken)).List;
        await index.AddAsync(tenant, subject, NamesOf(now), cancellationToken);
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other ?? one : one;

    private static IEnumerable<string> NamesOf(SessionList list) =>
        list.Open.SelectMany(session => ProviderIndex.NamesOf(session.Provider));

    private async ValueTask<(SessionList List, long Version)> ReadAsync(
        string tenant,
        string subject,
        CancellationToken cancellationToken
    )
    {
        if (subject.Length > MaxSubject)
            return (new SessionList([]), 0);
        var mark = await marks.MarkAsync(tenant, NameOf(subject), cancellationToken);
        return mark is null
            ? (new SessionList([]), 0)
            : (JsonSerializer.Deserialize(mark.Value, SessionJson.Default.SessionList)!, mark.Version);
    }

    /// <summary>Whoever belongs to many groups has room for fewer sessions: those unused for the longest time end.</summary>
    private static SessionList Fitting(SessionList list)
    {
        while (Write(list).Length > IMarks.MaxBytes)
            list = list with { Open = [.. list.Open.Skip(1)] };
        return list;
    }

    private ValueTask<bool> SaveAsync(
        string tenant,
        string subject,
        long version,
        SessionList list,
        CancellationToken cancellationToken
    ) => marks.SetMarkAsync(tenant, NameOf(subject), version, Write(list), cancellationToken);

    private static byte[] Write(SessionList list) => JsonSerializer.SerializeToUtf8Bytes(list, SessionJson.Default.SessionList);

    private static string NameOf(string subject) => Prefix + subject;
}
