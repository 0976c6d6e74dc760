using System.Globalization;
using System.Text;
using System.Text.Json;
using Halyard.Core;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Conformance.InMemory;
using Halyard.Storage.Sqlite;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Schema;
using Halyard.Storage.Sqlite.Writing;

namespace Halyard.Storage.Tests.Sqlite;

public sealed class BlockTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_AcrossBlocksAndTheirTail_FindWhatAScanFinds()
    {
        using var opened = new TemporaryStore();
        var entries = await ManyEntries.CommitAsync(opened.Store, (2 * EntrySet.BlockSize) + 700, Cancel);
        foreach (var query in Queries())
            await ShouldAgreeAsync(opened, entries, query);

        opened.Reopen();
        foreach (var query in Queries())
            await ShouldAgreeAsync(opened, entries, query);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Log_AroundTheEndOfABlock_IsFound(int more)
    {
        using var opened = new TemporaryStore();
        var entries = await ManyEntries.CommitAsync(opened.Store, EntrySet.BlockSize + more, Cancel);
        await ShouldAgreeAsync(opened, entries, new AuditQuery { Project = "web" });
        await ShouldAgreeAsync(opened, entries, new AuditQuery { Actor = "s_3" });
    }

    [Fact]
    public async Task Ranges_SideBySide_GiveEachMatchOnce()
    {
        using var opened = new TemporaryStore();
        var entries = await ManyEntries.CommitAsync(opened.Store, (2 * EntrySet.BlockSize) + 10, Cancel);
        foreach (
            var query in new[]
            {
                new AuditQuery(),
                new AuditQuery { Environment = "production", Succeeded = true },
            }
        )
        {
            var found = new List<long>();
            for (var from = 0; from < entries.Count; from += 1_000)
            {
                var range = query with { Since = from, Before = from + 1_000, Limit = 1_000 };
                var page = await opened.Store.QueryAsync("default", range, Cancel);
                found.AddRange(page.Select(entry => entry.Index).Reverse());
                (await opened.Store.CountAsync("default", range, Cancel)).ShouldBe(
                    Matching(entries, query).Count(index => index >= from)
                );
            }
            found.ShouldBe(Matching(entries, query).Reverse());
        }
    }

    [Fact]
    public async Task Pages_FollowedToTheEnd_GiveEachMatchOnce()
    {
        using var opened = new TemporaryStore();
        var entries = await ManyEntries.CommitAsync(opened.Store, (2 * EntrySet.BlockSize) + 10, Cancel);
        await ShouldPageAsync(opened, entries, new AuditQuery { Environment = "production", Limit = 333 });
        await ShouldPageAsync(opened, entries, new AuditQuery { Text = "\"switched on\"", Limit = 97 });
    }

    [Fact]
    public async Task ErasedReasons_AreFoundByNoWordAnyMore()
    {
        using var opened = new TemporaryStore();
        var entries = await ManyEntries.CommitAsync(opened.Store, EntrySet.BlockSize + 100, Cancel);
        opened.Close();
        long[] erased = [0, 4, 52, 1_300, EntrySet.BlockSize, EntrySet.BlockSize + 12];
        using (var database = Database.Open(opened.Path))
        {
            database.Execute("BEGIN");
            new ReasonWords(database).Erase(erased.Select(index => Position.Of(1, index)));
            database.Execute("COMMIT");
        }
        opened.Reopen();
        foreach (var index in erased)
            entries[(int)index] = (WithoutReason(entries[(int)index].Index), entries[(int)index].EffectiveAt);
        foreach (var query in Queries())
            await ShouldAgreeAsync(opened, entries, query);
        await ShouldAgreeAsync(opened, entries, new AuditQuery { Text = "\"because of 0\"" });
        await ShouldAgreeAsync(opened, entries, new AuditQuery { Text = "because", Limit = 1_000 });
    }

    [Fact]
    public async Task ErasedReasons_LeaveNoWordInTheFile()
    {
        using var opened = new TemporaryStore();
        const int entries = EntrySet.BlockSize + 300;
        for (var i = 0; i < entries; i++)
        {
            var commit = new CommitBuilder().Saying("flag switched on", $"zanzibar{i * 7919 % entries} called");
            await opened.Store.CommitAsync(commit.Build(), Cancel);
        }
        opened.Close();
        Occurs("zanzibar").ShouldBeTrue();
        using (var database = DatabaseFile.OpenForWriting(opened.Path))
        {
            database.Execute("BEGIN");
            new ReasonWords(database).Erase(Enumerable.Range(0, entries).Select(index => Position.Of(1, index)));
            database.Execute("DELETE FROM entry_private; COMMIT; PRAGMA wal_checkpoint(TRUNCATE);");
        }
        Occurs("zanzibar").ShouldBeFalse();
        Occurs("switched").ShouldBeTrue();

        bool Occurs(string word) => File.ReadAllBytes(opened.Path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0;
    }

    internal static EntryIndex WithoutReason(EntryIndex index) => index with { Text = index.Text with { Reason = "" } };

    private static async Task ShouldPageAsync(
        TemporaryStore opened,
        List<(EntryIndex Index, DateTimeOffset EffectiveAt)> entries,
        AuditQuery query
    )
    {
        var found = new List<long>();
        while (await opened.Store.QueryAsync("default", query, Cancel) is { Count: > 0 } page)
        {
            found.AddRange(page.Select(entry => entry.Index));
            query = query with { Before = page[^1].Index };
        }
        found.ShouldBe(Matching(entries, query with { Before = null }));
    }

    [Fact]
    public async Task DatabaseOfTheFirstSchema_KeepsWhatItsEntriesAreFoundBy()
    {
        using var opened = new TemporaryStore();
        var entries = await ManyEntries.CommitAsync(opened.Store, EntrySet.BlockSize + 50, Cancel);
        opened.Close();
        GoBackToTheFirstSchema(opened.Path, entries);

        opened.Reopen(new PersonalVault(new InMemorySubjectKeys(), Entropy.System));
        foreach (var query in Queries())
            await ShouldAgreeAsync(opened, entries, query);

        // The first commit folds what the migration left.
        var more = await ManyEntries.CommitAsync(opened.Store, 1, Cancel);
        foreach (var query in Queries())
            await ShouldAgreeAsync(opened, [.. entries, .. more], query);
        opened.Close();
        using var database = Database.Open(opened.Path);
        database["SELECT count(*) FROM audit_block"].Number().ShouldBe(1);
        database["SELECT count(*) FROM audit_recent"].Number().ShouldBe(51);
    }

    [Fact]
    public async Task DatabaseWithoutWords_IsIndexedFromItsLeavesWhenItIsOpened()
    {
        using var opened = new TemporaryStore();
        var entries = await ManyEntries.CommitAsync(opened.Store, (2 * EntrySet.BlockSize) + 50, Cancel);
        opened.Close();
        using (var database = Database.Open(opened.Path))
        {
            database.Execute(
                """
                BEGIN; DELETE FROM audit_block_word; UPDATE audit_block SET has_words = 0;
                UPDATE audit_recent SET content = NULL, reason = NULL;
                DELETE FROM entry_private;
                CREATE TABLE entry_private_clear (
                  position INTEGER, ordinal INTEGER, pointer TEXT, commitment TEXT, key BLOB, value TEXT, subject TEXT
                );
                CREATE TABLE document_private_clear (
                  tenant INTEGER, commitment TEXT, pointer TEXT, key BLOB, value TEXT, subject TEXT
                );
                """
            );
            // What has no words has its reasons in clear: words came before encryption.
            AddReasons(database, "entry_private_clear", entries);
            database.Execute("COMMIT");
        }
        opened.Reopen(new PersonalVault(new InMemorySubjectKeys(), Entropy.System));
        foreach (var query in Queries())
            await ShouldAgreeAsync(opened, entries, query);
    }

    [Fact]
    public async Task DamagedIndex_IsSaidAndNotPassedOver()
    {
        using var opened = new TemporaryStore();
        await ManyEntries.CommitAsync(opened.Store, EntrySet.BlockSize + 50, Cancel);
        opened.Close();
        using (var database = Database.Open(opened.Path))
            database.Execute("DELETE FROM audit_block; UPDATE audit_recent SET terms = '1,x'");
        opened.Reopen();
        var late = new AuditQuery { From = CommitBuilder.Noon };
        (
            await Should.ThrowAsync<IOException>(async () => await opened.Store.CountAsync("default", late, Cancel))
        ).Message.ShouldContain("damaged");
    }

    internal static IEnumerable<AuditQuery> Queries() =>
        [
            new(),
            new() { Project = "web" },
            new() { Project = "elsewhere" },
            new() { ResourceKind = ResourceKind.Flag, ResourceKey = "flag-17" },
            new() { ResourceId = "f_699", Environment = "production" },
            new() { Actions = ["flag.enabled", "flag.rollout_changed"] },
            new() { Actions = ["flag.enabled"], Actor = "s_3" },
            new() { Actor = "s_once" },
            new() { Succeeded = false },
            new() { Succeeded = true, Ticket = "FEAT-3050" },
            new() { Imported = true, Actor = "s_1" },
            new() { Imported = false, Environment = "production" },
            new() { From = CommitBuilder.Noon.AddSeconds(2_000), To = CommitBuilder.Noon.AddSeconds(2_100) },
            new()
            {
                From = CommitBuilder.Noon.AddDays(-3),
                To = CommitBuilder.Noon.AddDays(-2),
                Actor = "s_2",
            },
            new() { To = CommitBuilder.Noon },
            new() { From = CommitBuilder.Noon.AddYears(1) },
            new() { Before = 2_048, Environment = "production" },
            new() { Before = 2_049, Succeeded = false },
            new() { Text = "switched" },
            new() { Text = "\"switched on\"", Environment = "production" },
            new() { Text = "\"production number\"" },
            new() { Text = "\"switched on\" because-of-7", Limit = 1_000 },
            new() { Text = "number-30" },
            new() { Text = "\"on in prod\"*", Succeeded = false },
            new() { Text = "flag-17 switched", Before = 3_000 },
            new() { Text = "4095" },
            new() { Text = "on on on off" },
            new() { Text = "missing switched" },
            new() { Text = "\"switched on in production number\"", Limit = 300 },
            new() { Text = "\"flag 17 switched on in production\"*" },
            new() { Text = "\"switched in on production number\"" },
            new() { Text = "s" },
            new() { Text = "f s o i p n because of 3" },
            new() { Before = 0 },
            new() { Before = long.MaxValue, Limit = 1_000 },
        ];

    private static async Task ShouldAgreeAsync(
        TemporaryStore opened,
        List<(EntryIndex Index, DateTimeOffset EffectiveAt)> entries,
        AuditQuery query
    )
    {
        var page = await opened.Store.QueryAsync("default", query, Cancel);
        page.Select(entry => entry.Index).ShouldBe(Matching(entries, query).Take(query.Limit), query.ToString());
        (await opened.Store.CountAsync("default", query, Cancel)).ShouldBe(
            Matching(entries, query with { Before = null }).Count(),
            query.ToString()
        );
    }

    internal static IEnumerable<long> Matching(List<(EntryIndex Index, DateTimeOffset EffectiveAt)> entries, AuditQuery query) =>
        Enumerable
            .Range(0, entries.Count)
            .Reverse()
            .Where(i => query.Before is null || i < query.Before)
            .Where(i => AuditOracle.Matches(entries[i].Index, entries[i].EffectiveAt, query))
            .Select(i => (long)i);

    /// <summary>As a server of the first schema would have left it: a row for each value of each entry.</summary>
    private static void GoBackToTheFirstSchema(string path, List<(EntryIndex Index, DateTimeOffset EffectiveAt)> entries)
    {
        using var database = Database.Open(path);
        database.Execute(
            """
            BEGIN;
            CREATE TABLE audit_posting (
              term INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (term, position)
            ) STRICT, WITHOUT ROWID;
            DROP TRIGGER audit_minimum_only_rises;
            DROP TRIGGER audit_entry_is_not_replaced;
            DROP TRIGGER audit_entry_is_not_deleted;
            ALTER TABLE audit_head DROP COLUMN minimum;
            CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry BEGIN SELECT 1; END;
            DELETE FROM schema_migration WHERE number > 1;
            DROP TABLE mark;
            DROP TABLE timer;
            DROP TABLE timer_fence;
            DROP TABLE copying;
            DROP TABLE erased_subject;
            DROP TABLE entry_private;
            DROP TABLE document_private;
            CREATE TABLE entry_private (
              position INTEGER, ordinal INTEGER, pointer TEXT, commitment TEXT, key BLOB, value TEXT, subject TEXT
            );
            CREATE TABLE document_private (
              tenant INTEGER, commitment TEXT, pointer TEXT, key BLOB, value TEXT, subject TEXT
            );
            DROP TABLE audit_block_word;
            DROP TABLE evaluation_hour;
            DROP TABLE evaluation_total;
            CREATE TABLE named_version (
              id INTEGER PRIMARY KEY, tenant INTEGER, resource_id TEXT, revision INTEGER, kind TEXT, project TEXT, key TEXT,
              effective_at INTEGER, digest BLOB
            );
            INSERT INTO named_version
            SELECT v.id, r.tenant, r.id, v.revision, r.kind, r.project, r.key, v.effective_at, v.digest
            FROM resource_version v JOIN versioned_resource r ON r.number = v.resource;
            DROP TABLE resource_version;
            DROP TABLE versioned_resource;
            ALTER TABLE named_version RENAME TO resource_version;
            """
        );
        AddReasons(database, "entry_private", entries);
        foreach (var (term, position) in Postings(database))
            database["INSERT INTO audit_posting (term, position) VALUES (?, ?)"].Run(term, position);
        database.Execute("DROP TABLE audit_recent; DROP TABLE audit_block; DROP TABLE audit_block_posting; COMMIT;");
    }

    /// <summary>The reasons in clear, in the words by which they are found: what folded is folded again.</summary>
    private static void AddReasons(Database database, string table, List<(EntryIndex Index, DateTimeOffset EffectiveAt)> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Index.Text.Reason is { Length: > 0 } reason)
                database[$"INSERT INTO {table} VALUES (?, 0, '/why/reason', ?, x'00', ?, 's_1')"]
                    .Run(Position.Of(1, i), $"c_{i}", JsonSerializer.Serialize(reason));
        }
    }

    private static List<(long Term, long Position)> Postings(Database database)
    {
        var postings = new List<(long, long)>();
        using (var rows = database["SELECT term, first, entries FROM audit_block_posting"].Query())
        {
            while (rows.Next())
            {
                var entries = new EntrySet();
                entries.Add(rows.Span(2));
                var (term, first) = (rows.Int64(0), rows.Int64(1));
                postings.AddRange(entries.Descending().Select(place => (term, first + place)));
            }
        }
        using (var rows = database["SELECT position, terms FROM audit_recent"].Query())
        {
            while (rows.Next())
            {
                var position = rows.Int64(0);
                postings.AddRange(
                    rows.Text(1).Split(',').Select(term => (long.Parse(term, CultureInfo.InvariantCulture), position))
                );
            }
        }
        return postings;
    }
}
