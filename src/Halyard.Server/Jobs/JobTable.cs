using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Storage;

namespace Halyard.Server.Jobs;

/// <summary>A job as it stands in its mark.</summary>
/// <param name="State">What is known of it.</param>
/// <param name="Version">The mark's version: whoever holds an older one has lost.</param>
internal sealed record JobRecord(JobState State, long Version);

/// <summary>
/// The jobs of every tenant. A job begins as an entry of the log, <c>job.started</c>; the mark that tells how far it is follows from
/// it, so that no crash can leave one without the other.
/// </summary>
internal sealed class JobTable(IStore store)
{
    private const string Inbox = "jobs";
    private const string Prefix = "job/";
    private const string StartedType = "job.started";

    // So often the search for new jobs notes how far it came, where it found none.
    private const int NotedEvery = 2_048;

    /// <summary>One job, or <see langword="null"/>.</summary>
    public async ValueTask<JobRecord?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (id.Length > 64)
            return null;
        var mark = await store.MarkAsync(tenant, Prefix + id, cancellationToken);
        return mark is null
            ? null
            : new JobRecord(JsonSerializer.Deserialize(mark.Value, JobJson.Default.JobState)!, mark.Version);
    }

    /// <summary>Puts a new state in place of the one that was read; <see langword="null"/> where another was faster.</summary>
    public async ValueTask<JobRecord?> SaveAsync(
        string tenant,
        JobRecord read,
        JobState next,
        CancellationToken cancellationToken
    ) =>
        await store.SetMarkAsync(tenant, Prefix + next.Id, read.Version, Bytes(next), cancellationToken)
            ? new JobRecord(next, read.Version + 1)
            : null;

    /// <summary>The ids of the jobs that have not ended, oldest first, those included that the log has told of until now.</summary>
    public async ValueTask<IReadOnlyList<string>> OpenAsync(string tenant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (inbox, version) = await InboxAsync(tenant, cancellationToken);
            var head = await store.HeadAsync(tenant, cancellationToken);
            var size = head?.Range.Size ?? 0;
            var fresh = await StartedAsync(tenant, inbox.Next, size, cancellationToken);
            if (fresh.Count == 0 && size - inbox.Next < NotedEvery)
                return inbox.Open;
            // Whoever else found it writes the same; and a job that is known already keeps its state.
            foreach (var job in fresh)
                await store.SetMarkAsync(tenant, Prefix + job.Id, 0, Bytes(job), cancellationToken);
            var open = new JobInbox(size, [.. inbox.Open, .. fresh.Select(job => job.Id)]);
            if (await SetInboxAsync(tenant, version, open, cancellationToken))
                return open.Open;
        }
    }

    /// <summary>Takes a job that has ended from the open ones.</summary>
    public async ValueTask CloseAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (inbox, version) = await InboxAsync(tenant, cancellationToken);
            if (!inbox.Open.Contains(id, StringComparer.Ordinal))
                return;
            var open = inbox with { Open = [.. inbox.Open.Where(other => other != id)] };
            if (await SetInboxAsync(tenant, version, open, cancellationToken))
                return;
        }
    }

    /// <summary>Tells a job to stop; whoever carries it out sees it when it next says how far it is. One that has ended stays as it is.</summary>
    public async ValueTask StopAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        while (await FindAsync(tenant, id, cancellationToken) is { State: { Ended: null, Stop: false } state } record)
        {
            if (await SaveAsync(tenant, record, state with { Stop = true }, cancellationToken) is not null)
                return;
        }
    }

    /// <summary>Jobs started before an entry, newest first.</summary>
    public async ValueTask<IReadOnlyList<JobState>> NewestAsync(
        string tenant,
        long? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await OpenAsync(tenant, cancellationToken);
        var jobs = new List<JobState>();
        var query = new AuditQuery { Actions = [StartedType], Before = before };
        while (jobs.Count < limit)
        {
            var page = await store.QueryAsync(tenant, query, cancellationToken);
            if (page.Count == 0)
                break;
            foreach (var started in page.Select(Read).OfType<JobState>().Take(limit - jobs.Count))
            {
                if (await FindAsync(tenant, started.Id, cancellationToken) is { } record)
                    jobs.Add(record.State);
            }
            query = query with { Before = page[^1].Index };
        }
        return jobs;
    }

    /// <summary>The job that an entry started, or <see langword="null"/>: imports announce themselves by the same type.</summary>
    public static JobState? Read(LogEntry entry)
    {
        using var leaf = JsonDocument.Parse(entry.Leaf);
        var root = leaf.RootElement;
        if (!root.GetProperty("meta").TryGetProperty("details", out var details) || !details.TryGetProperty("kind", out var kind))
            return null;
        return new JobState
        {
            Id = details.GetProperty("id").GetString()!,
            Kind = kind.GetString()!,
            Parameters = details.GetProperty("parameters").Clone(),
            Subject = root.GetProperty("actor").GetProperty("sid").GetString()!,
            Entry = entry.Index,
            Created = entry.At,
        };
    }

    private async ValueTask<List<JobState>> StartedAsync(
        string tenant,
        long since,
        long before,
        CancellationToken cancellationToken
    )
    {
        var found = new List<JobState>();
        var query = new AuditQuery
        {
            Actions = [StartedType],
            Since = since,
            Before = before,
        };
        while (since < before)
        {
            var page = await store.QueryAsync(tenant, query, cancellationToken);
            found.AddRange(page.Select(Read).OfType<JobState>());
            if (page.Count < query.Limit)
                break;
            query = query with { Before = page[^1].Index };
        }
        found.Reverse();
        return found;
    }

    private async ValueTask<(JobInbox Inbox, long Version)> InboxAsync(string tenant, CancellationToken cancellationToken)
    {
        var mark = await store.MarkAsync(tenant, Inbox, cancellationToken);
        return mark is null
            ? (new JobInbox(0, []), 0)
            : (JsonSerializer.Deserialize(mark.Value, JobJson.Default.JobInbox)!, mark.Version);
    }

    private ValueTask<bool> SetInboxAsync(string tenant, long version, JobInbox inbox, CancellationToken cancellationToken) =>
        store.SetMarkAsync(
            tenant,
            Inbox,
            version,
            JsonSerializer.SerializeToUtf8Bytes(inbox, JobJson.Default.JobInbox),
            cancellationToken
        );

    private static byte[] Bytes(JobState state) => JsonSerializer.SerializeToUtf8Bytes(state, JobJson.Default.JobState);
}
