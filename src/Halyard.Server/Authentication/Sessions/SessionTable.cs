using System.Text.Json;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Authentication.Sessions;

/// <summary>
/// The open sessions, one mark for each subject: there are as many marks as people, every server sees the end of a session at once,
/// and whoever loses a mark logs in again.
/// </summary>
internal sealed class SessionTable(IMarks marks, SessionOptions options, TimeProvider time)
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
        var (open, _) = await ReadAsync(tenant, subject, cancellationToken);
        Session? found = null;
        foreach (var session in open)
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
        var (open, version) = await ReadAsync(tenant, subject, cancellationToken);
        List<Session> next = [.. open.Select(session => session.Id == used.Id ? session with { Used = now } : session)];
        await SaveAsync(tenant, subject, version, next, cancellationToken);
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
        var (all, _) = await ReadAsync(tenant, subject, cancellationToken);
        return [.. all.Where(session => IsOpen(session, now)).OrderBy(session => session.Started)];
    }

    /// <summary>The open sessions of everybody in a tenant that are of some kind, by subject. Reads those of all.</summary>
    public async ValueTask<IReadOnlyList<(string Subject, IReadOnlyList<Session> Sessions)>> FindAllAsync(
        string tenant,
        Func<Session, bool> wanted,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var found = new List<(string, IReadOnlyList<Session>)>();
        foreach (var mark in await marks.MarksAsync(tenant, Prefix, cancellationToken))
        {
            List<Session> open = [.. Read(mark).Where(session => IsOpen(session, now) && wanted(session))];
            if (open.Count > 0)
                found.Add((mark.Name[Prefix.Length..], open));
        }
        return found;
    }

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
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var (all, version) = await ReadAsync(tenant, subject, cancellationToken);
            var open = all.Where(session => IsOpen(session, now)).OrderBy(session => session.Used);
            if (await SaveAsync(tenant, subject, version, edit(open), cancellationToken))
                return;
        }
    }

    private async ValueTask<(IReadOnlyList<Session> Open, long Version)> ReadAsync(
        string tenant,
        string subject,
        CancellationToken cancellationToken
    )
    {
        var mark = await marks.MarkAsync(tenant, NameOf(subject), cancellationToken);
        return mark is null ? ([], 0) : (Read(mark), mark.Version);
    }

    private static IReadOnlyList<Session> Read(Mark mark) =>
        JsonSerializer.Deserialize(mark.Value, SessionJson.Default.SessionList)!.Open;

    private ValueTask<bool> SaveAsync(
        string tenant,
        string subject,
        long version,
        List<Session> open,
        CancellationToken cancellationToken
    )
    {
        var value = Write(open);
        // Whoever belongs to many groups has room for fewer sessions: those unused for the longest time end.
        while (value.Length > IMarks.MaxBytes)
        {
            open = open[1..];
            value = Write(open);
        }
        return marks.SetMarkAsync(tenant, NameOf(subject), version, value, cancellationToken);
    }

    private static byte[] Write(List<Session> open) =>
        JsonSerializer.SerializeToUtf8Bytes(new SessionList(open), SessionJson.Default.SessionList);

    private static string NameOf(string subject) => Prefix + subject;
}
