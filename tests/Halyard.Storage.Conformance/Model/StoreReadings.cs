using System.Globalization;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Storage.Conformance.Model;

/// <summary>Reads whatever can be read of a store.</summary>
internal static class StoreReadings
{
    /// <summary>One read, chosen by chance; two stores must be asked with the same seed.</summary>
    public static async Task<string> OneAsync(IStore store, Random random, DateTimeOffset now, IReadOnlyList<string> ids)
    {
        var none = CancellationToken.None;
        var tenant = Universe.Tenants[random.Next(Universe.Tenants.Length)];
        var kind = random.Next(2) == 0 ? ResourceKind.Flag : ResourceKind.Segment;
        var project = Universe.Projects[random.Next(2)];
        return random.Next(9) switch
        {
            0 => Observation.Of(await store.LoadAsync(tenant, Universe.Resources, Universe.Fences, none)),
            1 => Observation.Lines(
                await store.ListAsync(tenant, kind, project, random.Next(2) == 0 ? null : "a", random.Next(4), none),
                Observation.Of
            ),
            2 => Observation.Of(
                await store.FindAnswerAsync(
                    tenant,
                    Universe.Credentials[random.Next(2)],
                    Universe.AnswerKeys[random.Next(4)],
                    now,
                    none
                )
            ),
            3 => Observation.Of(await store.HeadAsync(tenant, none)),
            4 => Observation.Lines(await store.FeedAsync(tenant, random.Next(40), random.Next(9), none), Observation.Of),
            5 => Observation.Lines(
                await store.LeafHashesAsync(tenant, random.Next(40), random.Next(9), none),
                hash => hash.ToString()
            ),
            6 => await QueryAsync(store, tenant, RandomQuery(random, now, ids)),
            7 => Observation.Lines(
                await store.VersionsAtAsync(
                    tenant,
                    kind,
                    project,
                    now.AddTicks(-random.NextInt64(TimeSpan.TicksPerDay * 400)),
                    none
                ),
                Observation.Of
            ),
            _ => Observation.Of(await store.EntryAsync(tenant, random.Next(-1, 50), none)),
        };
    }

    /// <summary>Everything, at the end.</summary>
    public static async Task<string> AllAsync(IStore store, DateTimeOffset now, IReadOnlyList<string> ids)
    {
        var none = CancellationToken.None;
        var seen = new List<string> { string.Join(',', await store.TenantsAsync(none)) };
        foreach (var tenant in Universe.Tenants)
        {
            seen.Add(Observation.Of(await store.HeadAsync(tenant, none)));
            seen.Add(Observation.Of(await store.LoadAsync(tenant, Universe.Resources, Universe.Fences, none)));
            var feed = await store.FeedAsync(tenant, 0, 10_000, none);
            seen.Add(Observation.Lines(feed, Observation.Of));
            seen.Add(Observation.Lines(await store.LeafHashesAsync(tenant, 0, 10_000, none), hash => hash.ToString()));
            seen.Add(await QueryAsync(store, tenant, new AuditQuery { Limit = AuditQuery.MaxLimit }));
            foreach (var kind in Enum.GetValues<ResourceKind>())
            {
                foreach (var project in Universe.Projects.Append(string.Empty))
                {
                    seen.Add(Observation.Lines(await store.ListAsync(tenant, kind, project, null, 100, none), Observation.Of));
                    seen.Add(Observation.Lines(await store.VersionsAtAsync(tenant, kind, project, now, none), Observation.Of));
                }
            }
            foreach (var name in Universe.Resources)
                seen.Add(Observation.Lines(await store.VersionsOfAsync(tenant, name, 1_000, none), Observation.Of));
            foreach (var id in ids)
            {
                for (var revision = 1L; await store.VersionAsync(tenant, id, revision, none) is { } version; revision++)
                    seen.Add(Observation.Of(version));
            }
            foreach (var credential in Universe.Credentials)
            {
                foreach (var key in Universe.AnswerKeys)
                    seen.Add(Observation.Of(await store.FindAnswerAsync(tenant, credential, key, now, none)));
            }
            var indexes = feed.Select(entry => entry.Index).ToList();
            seen.Add(Observation.Lines(await store.EntryPrivatesAsync(tenant, indexes, none), Observation.Of));
            seen.Add(Observation.Lines(await store.DocumentPrivatesAsync(tenant, Universe.Commitments, none), Observation.Of));
            var digests = Enumerable.Range(0, 9).Select(i => Digest.Of(System.Text.Encoding.UTF8.GetBytes($"blob {i}"))).ToList();
            var blobs = await store.BlobsAsync(tenant, digests, none);
            seen.AddRange(
                blobs.OrderBy(blob => $"{blob.Key}", StringComparer.Ordinal).Select(blob => $"{blob.Key} {blob.Value.Length}")
            );
        }
        return string.Join('\n', seen);
    }

    private static async Task<string> QueryAsync(IStore store, string tenant, AuditQuery query)
    {
        var page = await store.QueryAsync(tenant, query, CancellationToken.None);
        var count = await store.CountAsync(tenant, query, CancellationToken.None);
        return count.ToString(CultureInfo.InvariantCulture) + Observation.Lines(page, Observation.Of);
    }

    private static AuditQuery RandomQuery(Random random, DateTimeOffset now, IReadOnlyList<string> ids)
    {
        bool Set() => random.Next(6) == 0;
        return new AuditQuery
        {
            Project = Set() ? "web" : null,
            ResourceKind = Set() ? ResourceKind.Flag : null,
            ResourceKey = Set() ? "a" : null,
            ResourceId = Set() && ids.Count > 0 ? ids[random.Next(ids.Count)] : null,
            Actions = Set() ? ["flag.enabled", "flag.created"] : [],
            Succeeded = Set() ? random.Next(2) == 0 : null,
            Actor = Set() ? "s_1" : null,
            ActorKind = Set() ? "service" : null,
            Environment = Set() ? "production" : null,
            Ticket = Set() ? "FEAT-1" : null,
            Incident = Set() ? "INC-1" : null,
            ChangeRequest = Set() ? "cr_1" : null,
            Imported = Set() ? random.Next(2) == 0 : null,
            Import = Set() ? "imp_1" : null,
            From = Set() ? now.AddTicks(-random.NextInt64(TimeSpan.TicksPerHour * 2)) : null,
            To = Set() ? now.AddTicks(-random.NextInt64(TimeSpan.TicksPerHour)) : null,
            Text = Set() ? Universe.Texts[random.Next(Universe.Texts.Length)] : null,
            SearchesReasons = !Set(),
            Before = Set() ? random.Next(60) : null,
            Limit = random.Next(1, 60),
        };
    }
}
