using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Storage.Conformance.Model;

/// <summary>Commits that mostly fit the state, and often enough do not.</summary>
internal sealed class RandomCommits(Random random, IStore model)
{
    private DateTimeOffset _now = CommitBuilder.Noon;
    private int _lastId;

    /// <summary>The time of the last commit.</summary>
    public DateTimeOffset Now => _now;

    /// <summary>Every id that a resource was ever given.</summary>
    public List<string> Ids { get; } = [];

    public async Task<Commit> NextAsync()
    {
        // Mostly forward, sometimes back, never on whole microseconds.
        _now = _now.AddTicks(random.NextInt64(-600_000_000, 3_000_000_000));
        var tenant = Pick(Universe.Tenants);
        return random.Next(10) switch
        {
            0 => new CommitBuilder(tenant)
                .At(_now)
                .With(index => Vary(index) with { Succeeded = false, Resources = Named() })
                .Build(),
            1 => await ImportAsync(tenant),
            _ => await EditAsync(tenant),
        };
    }

    private async Task<Commit> EditAsync(string tenant)
    {
        var commit = new CommitBuilder(tenant)
            .At(_now)
            .With(Vary)
            .Saying(Pick(Universe.Sayings), Chance(50) ? "the reason, or none" : null);
        var names = Universe.Resources.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToList();
        var slice = await model.LoadAsync(tenant, Universe.Resources, Universe.Fences, CancellationToken.None);
        foreach (var name in names)
            AddWrite(commit, name, slice.Resources.GetValueOrDefault(name));
        if (Chance(20))
        {
            var name = Pick(Universe.Resources);
            var found = slice.Resources.GetValueOrDefault(name);
            var id = Chance(20) ? "another" : found?.Id;
            commit.Unchanged(name, (found?.Revision ?? 0) + (Chance(30) ? 1 : 0), Chance(50) ? id : null);
        }
        if (Chance(20))
        {
            var fence = Pick(Universe.Fences);
            commit.Fence(fence, slice.Fences[fence] + (Chance(30) ? 1 : 0));
        }
        if (Chance(20))
        {
            var fence = Pick(Universe.Fences);
            commit.FenceStands(fence, slice.Fences[fence] + (Chance(30) ? 1 : 0));
        }
        if (Chance(25))
            commit.Answer(
                Pick(Universe.AnswerKeys),
                $"request {random.Next(3)}",
                Pick(Universe.Credentials),
                _now.AddSeconds(random.Next(-60, 3_600))
            );
        if (Chance(30))
            commit.Hiding(Private(), Private());
        if (Chance(30))
            commit.Holding(Blob.Of(Encoding.UTF8.GetBytes($"blob {random.Next(9)}")));
        if (Chance(40))
            commit.Timing([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Timing())]);
        if (Chance(6))
            commit.Id("01TAKEN");
        return commit.Build();
    }

    private TimerWrite Timing()
    {
        var id = Pick(Universe.Timers);
        if (Chance(30))
            return new TimerWrite.Clear(id);
        var due = _now.AddTicks(random.NextInt64(-9_000_000_000, 9_000_000_000));
        return new TimerWrite.Set(new DurableTimer(id, due, Pick("a.due", "b.due"), Pick(Universe.Resources), random.Next(5)));
    }

    private void AddWrite(CommitBuilder commit, ResourceName name, StoredResource? stored)
    {
        var document = $"{{\"n\":{random.Next(1_000)}}}";
        var masked = Chance(30) ? "{\"n\":{\"$c\":\"x\"}}" : null;
        if (stored is null)
            commit.Put(name, NewId(), Chance(90) ? 0 : 3, document, masked);
        else if (Chance(10))
            commit.Put(name, Pick([.. Ids]), stored.Revision, document, masked);
        else if (Chance(10))
            commit.Put(name, stored.Id, stored.Revision + random.Next(-1, 2), document, masked);
        else if (Chance(25))
            commit.Delete(name, stored.Id, stored.Revision);
        else
            commit.Put(name, stored.Id, stored.Revision, document, masked);
    }

    /// <summary>Some revisions of one new resource, from long ago, of which the last may be its deletion.</summary>
    private async Task<Commit> ImportAsync(string tenant)
    {
        var name = Pick(Universe.Resources);
        var slice = await model.LoadAsync(tenant, [name], [], CancellationToken.None);
        if (slice.Resources.ContainsKey(name))
            return await EditAsync(tenant);

        var id = NewId();
        var lines = random.Next(1, 5);
        var deleted = Chance(30);
        var original = _now.AddDays(-random.Next(1, 400));
        var drafts = new List<EntryDraft>();
        for (var line = 1; line <= lines; line++)
        {
            var (number, builder) = (
                line,
                new CommitBuilder(tenant).At(_now, original = original.AddTicks(random.Next(900_000_000)))
            );
            _ = deleted && line == lines ? builder.Delete(name, id, line - 1) : builder.Put(name, id, line - 1, $"{line}");
            drafts.Add(builder.With(index => Vary(index) with { Import = "imp_1", ImportLine = number }).Draft());
        }
        ResourceWrite write = deleted
            ? new ResourceWrite.Delete(name, 0)
            : new ResourceWrite.Put(name, 0, id, lines, Encoding.UTF8.GetBytes($"{lines}"), null);
        return new Commit(tenant, CommitBuilder.OriginOf(tenant), [write], [], drafts, null);
    }

    private EntryIndex Vary(EntryIndex index) =>
        index with
        {
            Type = Pick("flag.updated", "flag.created"),
            Actions = Chance(50) ? ["flag.enabled"] : ["flag.disabled", "flag.rollout_changed"],
            Actor = Pick("s_1", "s_2"),
            ActorKind = Pick("user", "service"),
            Environments = Chance(50) ? [] : ["production"],
            Ticket = Chance(20) ? "FEAT-1" : null,
            Incident = Chance(10) ? "INC-1" : null,
            ChangeRequest = Chance(20) ? "cr_1" : null,
        };

    private SealedValue Private() =>
        new("/why/reason", Pick(Universe.Commitments), [(byte)('0' + random.Next(9))], Pick("s_1", "s_2"), Chance(50));

    /// <summary>What a denial is about: named, not changed.</summary>
    private TouchedResource[] Named() =>
        [.. Universe.Resources.Where(_ => Chance(20)).Select(name => new TouchedResource(name, "", 0, 0, null))];

    private string NewId()
    {
        var id = $"id_{++_lastId}";
        Ids.Add(id);
        return id;
    }

    private bool Chance(int percent) => random.Next(100) < percent;

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
