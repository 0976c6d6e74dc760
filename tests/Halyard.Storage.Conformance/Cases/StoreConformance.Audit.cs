using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    /// <summary>Every filter, alone: some values that occur, one that does not.</summary>
    private static readonly (string Name, Func<AuditQuery, AuditQuery> Set)[] Filters =
    [
        ("project web", query => query with { Project = "web" }),
        ("no project", query => query with { Project = "" }),
        ("project none", query => query with { Project = "none" }),
        ("kind flag", query => query with { ResourceKind = ResourceKind.Flag }),
        ("kind segment", query => query with { ResourceKind = ResourceKind.Segment }),
        ("kind token", query => query with { ResourceKind = ResourceKind.Token }),
        ("key k1", query => query with { ResourceKey = "k1" }),
        ("flag k1", query => query with { ResourceKind = ResourceKind.Flag, ResourceKey = "k1" }),
        ("segment k2", query => query with { ResourceKind = ResourceKind.Segment, ResourceKey = "k2" }),
        ("project k1", query => query with { ResourceKind = ResourceKind.Project, ResourceKey = "k1" }),
        ("id", query => query with { ResourceId = "id_3" }),
        ("one action", query => query with { Actions = ["flag.enabled"] }),
        ("type as action", query => query with { Actions = ["flag.imported"] }),
        ("several actions", query => query with { Actions = ["flag.enabled", "flag.disabled", "none", "flag.enabled"] }),
        ("unknown action", query => query with { Actions = ["flag.enable"] }),
        ("succeeded", query => query with { Succeeded = true }),
        ("failed", query => query with { Succeeded = false }),
        ("actor", query => query with { Actor = "s_2" }),
        ("actor kind", query => query with { ActorKind = "service" }),
        ("environment", query => query with { Environment = "production" }),
        ("ticket", query => query with { Ticket = "FEAT-1" }),
        ("incident", query => query with { Incident = "INC-1" }),
        ("change request", query => query with { ChangeRequest = "cr_1" }),
        ("imported", query => query with { Imported = true }),
        ("native", query => query with { Imported = false }),
        ("import", query => query with { Import = "imp_1" }),
        ("from", query => query with { From = Noon.AddMinutes(40) }),
        ("to", query => query with { To = Noon.AddMinutes(70) }),
        ("range", query => query with { From = Noon.AddMinutes(20), To = Noon.AddMinutes(60).AddTicks(1) }),
        ("long ago", query => query with { From = Noon.AddYears(-3), To = Noon.AddYears(-1) }),
        ("word", query => query with { Text = "back" }),
        ("word of reasons alone", query => query with { Text = "back", SearchesReasons = false }),
        ("phrase and prefix", query => query with { Text = "\"switched on\" feat-" }),
        ("no word", query => query with { Text = "**" }),
        ("empty range", query => query with { From = Noon.AddMinutes(60), To = Noon.AddMinutes(20) }),
    ];

    [Fact]
    public async Task Defect172_EachFilterAloneAndWithEveryOther_GivesExactlyWhatMatches()
    {
        var entries = await FillAsync(160, seed: 7);
        foreach (var (name, set) in Filters)
        {
            await ShouldMatchAsync(entries, set(new AuditQuery()), name);
            foreach (var (other, setOther) in Filters)
                await ShouldMatchAsync(entries, setOther(set(new AuditQuery())), $"{name} + {other}");
        }
    }

    [Fact]
    public async Task EveryFilter_HasEntriesThatPassAndEntriesThatDoNot()
    {
        // Guards the test above: a filter that all entries pass, or none, would prove nothing.
        string[] empty =
        [
            "project none",
            "kind token",
            "project k1",
            "unknown action",
            "no word",
            "word of reasons alone",
            "empty range",
        ];
        var entries = await FillAsync(160, seed: 7);
        foreach (var (name, set) in Filters)
        {
            var matching = entries.Count(entry => AuditOracle.Matches(entry.Index, entry.EffectiveAt, set(new AuditQuery())));
            matching.ShouldBeLessThan(entries.Count, name);
            if (empty.Contains(name))
                matching.ShouldBe(0, name);
            else
                matching.ShouldBeGreaterThan(0, name);
        }
    }

    [Fact]
    public async Task Paging_ByIndexWhileEntriesArrive_NeitherSkipsNorRepeats()
    {
        var entries = await FillAsync(60, seed: 11);
        var query = new AuditQuery { ActorKind = "user", Limit = 7 };
        var expected = Enumerable
            .Range(0, entries.Count)
            .Where(index => AuditOracle.Matches(entries[index].Index, entries[index].EffectiveAt, query))
            .Reverse()
            .Select(index => (long)index)
            .ToList();

        var seen = new List<long>();
        while (true)
        {
            var page = await Store.QueryAsync(Tenant, query, Cancellation);
            if (page.Count == 0)
                break;
            seen.AddRange(page.Select(entry => entry.Index));
            query = query with { Before = seen[^1] };
            await CommittedAsync(Commit());
        }
        seen.ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(-3, 60)]
    [InlineData(20, 45)]
    [InlineData(45, 45)]
    [InlineData(50, 20)]
    [InlineData(59, 60)]
    [InlineData(60, 70)]
    [InlineData(long.MaxValue, 70)]
    public async Task Query_SinceAnIndexAndBeforeAnother_GivesWhatMatchesBetween(long since, long before)
    {
        var entries = await FillAsync(60, seed: 13);
        foreach (
            var query in new[]
            {
                new AuditQuery(),
                new AuditQuery { ActorKind = "user" },
            }
        )
        {
            var expected = Enumerable
                .Range(0, entries.Count)
                .Where(index => AuditOracle.Matches(entries[index].Index, entries[index].EffectiveAt, query))
                .Where(index => index >= since)
                .Reverse()
                .Select(index => (long)index)
                .ToList();

            var between = query with { Since = since, Before = before, Limit = AuditQuery.MaxLimit };
            var found = await Store.QueryAsync(Tenant, between, Cancellation);
            found.Select(entry => entry.Index).ShouldBe(expected.Where(index => index < before));
            (await Store.CountAsync(Tenant, between, Cancellation)).ShouldBe(expected.Count);
        }
    }

    [Fact]
    public async Task Query_WithoutAFilter_GivesTheNewestFiftyAndCountsAll()
    {
        for (var i = 0; i < 60; i++)
            await CommittedAsync(Commit());
        var page = await Store.QueryAsync(Tenant, new AuditQuery(), Cancellation);
        page.Select(entry => entry.Index).ShouldBe(Enumerable.Range(10, 50).Reverse().Select(index => (long)index));
        (await Store.CountAsync(Tenant, new AuditQuery { Before = 5, Limit = 1 }, Cancellation)).ShouldBe(60);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(AuditQuery.MaxLimit + 1)]
    public async Task Defect173_QueryWithALimitOutsideItsRange_IsRefusedAndNotAnsweredWithNothing(int limit)
    {
        await CommittedAsync(Commit());
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Store.QueryAsync(Tenant, new AuditQuery { Limit = limit }, Cancellation)
        );
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(100, 3)]
    [InlineData(long.MaxValue, 3)]
    public async Task Query_BeforeAnIndex_GivesSmallerOnes(long before, int found)
    {
        for (var i = 0; i < 3; i++)
            await CommittedAsync(Commit());
        (await Store.QueryAsync(Tenant, new AuditQuery { Before = before }, Cancellation)).Count.ShouldBe(found);
    }

    [Fact]
    public async Task Query_AtBothEndsOfItsTimeRange_IsHalfOpen()
    {
        for (var i = 0; i < 4; i++)
            await CommittedAsync(Commit().At(Noon.AddMicroseconds(i)));
        var query = new AuditQuery { From = Noon.AddMicroseconds(1), To = Noon.AddMicroseconds(3) };
        (await Store.QueryAsync(Tenant, query, Cancellation)).Select(entry => entry.Index).ShouldBe([2, 1]);
        query = query with { From = Noon.AddTicks(1) };
        (await Store.CountAsync(Tenant, query, Cancellation)).ShouldBe(2);
    }

    private sealed record Logged(EntryIndex Index, DateTimeOffset EffectiveAt);

    /// <summary>Entries that differ in everything that can be asked for, a minute apart; some imported from years before.</summary>
    private async Task<List<Logged>> FillAsync(int count, int seed)
    {
        var random = new Random(seed);
        var entries = new List<Logged>();
        for (var i = 0; i < count; i++)
        {
            var index = RandomIndex(random, i);
            var time = Noon.AddMinutes(i);
            DateTimeOffset? original =
                index.Import is null || random.Next(4) == 0 ? null : Noon.AddYears(-2).AddHours(random.Next(99));
            string[] summary = [$"flag switched {Pick(random, "on", "off")}", "on and off"];
            var draft = Drafts.Of(index, time, original, words: (summary, Pick(random, null, "switched back")));
            // Written as history alone: what an entry touched need not exist for it to be found.
            await Store.CommitAsync(HistoryCommit.Of(Tenant, draft), Cancellation);
            entries.Add(new Logged(draft.Index, original ?? time));
        }
        return entries;
    }

    private static EntryIndex RandomIndex(Random random, int number)
    {
        var imported = random.Next(5) == 0;
        var resources = Enumerable.Range(0, random.Next(4)).Select(place => RandomTouch(random, number, place)).ToArray();
        return new EntryIndex(
            Type: imported ? "flag.imported" : Pick(random, "flag.updated", "flag.created", "access.denied"),
            Actions:
            [
                .. Pick<string[]>(random, ["flag.enabled"], ["flag.disabled"], ["flag.enabled", "flag.rollout_changed"], ["x"]),
            ],
            Actor: Pick(random, "s_1", "s_2", "s_3"),
            ActorKind: Pick(random, "user", "service", "system"),
            Project: Pick(random, "web", "mobile", ""),
            Environments: Pick<string[]>(random, [], ["production"], ["staging", "production"], ["staging"]),
            Resources: [.. resources.DistinctBy(touched => touched.Name)],
            Succeeded: random.Next(4) != 0,
            Ticket: Pick(random, null, null, "FEAT-1", "FEAT-2"),
            Incident: Pick(random, null, null, "INC-1"),
            ChangeRequest: Pick(random, null, null, "cr_1", "cr_2"),
            Import: imported ? Pick(random, "imp_1", "imp_2") : null,
            ImportLine: imported ? number + 1 : 0
        );
    }

    private static TouchedResource RandomTouch(Random random, int number, int place)
    {
        var kind = Pick(random, ResourceKind.Flag, ResourceKind.Flag, ResourceKind.Segment);
        var name = new ResourceName(kind, "web", Pick(random, "k1", "k2", "k3"));
        return new TouchedResource(name, $"id_{random.Next(6)}", (number * 10) + place, (number * 10) + place + 1, null);
    }

    private static T Pick<T>(Random random, params T[] values) => values[random.Next(values.Length)];

    private async Task ShouldMatchAsync(List<Logged> entries, AuditQuery query, string because)
    {
        query = query with { Limit = AuditQuery.MaxLimit };
        var expected = Enumerable
            .Range(0, entries.Count)
            .Where(index => AuditOracle.Matches(entries[index].Index, entries[index].EffectiveAt, query))
            .Reverse()
            .Select(index => (long)index)
            .ToList();
        var found = await Store.QueryAsync(Tenant, query, Cancellation);
        found.Select(entry => entry.Index).ShouldBe(expected, because);
        (await Store.CountAsync(Tenant, query, Cancellation)).ShouldBe(expected.Count, because);
    }
}
