using Halyard.Core;
using Halyard.Core.Storage.Privacy;
using Halyard.Crash;
using Halyard.Storage.Sqlite;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Privacy;

namespace Halyard.Storage.Tests.Crashes;

/// <summary>The proof after a crash would notice what it is there to notice.</summary>
public sealed class StoreCheckTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-check-");
    private List<Acknowledgement> _acknowledged = [];

    private string DatabasePath => Path.Combine(_folder.FullName, "halyard.db");

    public async ValueTask InitializeAsync() =>
        _acknowledged = await Victim.RunAsync(
            new CrashTarget.Sqlite(DatabasePath),
            seed: 3,
            fromStart: false,
            TimeSpan.FromMilliseconds(100),
            // A log of one entry has no frontier to tamper with.
            acknowledgements: 20
        );

    [Theory]
    [InlineData("DELETE FROM resource WHERE kind = 'project'", "in the log but not in the state")]
    [InlineData("UPDATE resource SET revision = revision + 1 WHERE kind = 'segment'", "the log says")]
    [InlineData("UPDATE resource SET document = x'7b7d', sealed = NULL WHERE kind = 'environment'", "is not what the log says")]
    [InlineData(
        "INSERT INTO resource SELECT 9999, tenant, kind, project, 'extra', 'f_x', 1, 0, 0, document, sealed FROM resource LIMIT 1",
        "in the state but not in the log"
    )]
    [InlineData("UPDATE audit_head SET size = size - 1, frontier = x''", "frontier")]
    [InlineData("DELETE FROM audit_entry WHERE position = (SELECT max(position) FROM audit_entry)", "entries, there are")]
    [InlineData("DELETE FROM audit_entry WHERE position = (SELECT min(position) + 1 FROM audit_entry)", "is missing")]
    [InlineData("UPDATE audit_entry SET leaf = CAST(replace(CAST(leaf AS TEXT), '\"ok\":true', '\"ok\":true ') AS BLOB)", "root")]
    [InlineData("UPDATE audit_leaf_hash SET hash = zeroblob(32)", "leaf hashes")]
    [InlineData("DELETE FROM audit_leaf_hash WHERE position = (SELECT max(position) FROM audit_leaf_hash)", "leaf hashes")]
    [InlineData("DELETE FROM resource_version WHERE id = (SELECT max(id) FROM resource_version)", "different resources")]
    [InlineData(
        "UPDATE resource_version SET digest = zeroblob(32) WHERE resource IN (SELECT number FROM versioned_resource WHERE kind = 'project')",
        "digest"
    )]
    [InlineData("DELETE FROM blob", "is lost")]
    [InlineData("DELETE FROM entry_private WHERE pointer = '/req/ip'", "a private value")]
    [InlineData("UPDATE entry_private SET sealed = zeroblob(length(sealed))", "is damaged")]
    public async Task FileThatWasTamperedWith_IsNotFoundWhole(string statement, string complaint)
    {
        using (var database = Database.Open(DatabasePath))
        {
            foreach (var trigger in Triggers(database))
                database.Execute($"DROP TRIGGER {trigger}");
            database.Execute(statement);
            database["SELECT changes()"].Number().ShouldNotBe(0);
        }
        (await Should.ThrowAsync<Exception>(CheckAsync)).Message.ShouldContain(complaint);
    }

    [Fact]
    public async Task AcknowledgementOfWhatIsNotThere_IsNoticed()
    {
        await CheckAsync();
        var last = _acknowledged.MaxBy(told => told.Index).ShouldNotBeNull();
        _acknowledged.Add(last with { Index = last.Index + 1_000 });
        (await Should.ThrowAsync<InvalidDataException>(CheckAsync)).Message.ShouldContain("acknowledged and is lost");
        _acknowledged[^1] = last with { Root = default };
        (await Should.ThrowAsync<InvalidDataException>(CheckAsync)).Message.ShouldContain("another root");
        _acknowledged[^1] = last with { Revisions = ["flag 'none'@1"] };
        (await Should.ThrowAsync<InvalidDataException>(CheckAsync)).Message.ShouldContain("revisions");
        _acknowledged[^1] = last with { IdempotencyKey = "never used" };
        (await Should.ThrowAsync<InvalidDataException>(CheckAsync)).Message.ShouldContain("is lost");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task CheckAsync()
    {
        var options = new SqliteStoreOptions { Path = DatabasePath };
        using var keys = SqliteSubjectKeys.Open(options, Entropy.System, TimeProvider.System);
        using var store = SqliteStore.Open(options);
        await new StoreCheck(store, new PersonalVault(keys, Entropy.System)).RunAsync(_acknowledged);
    }

    private static List<string> Triggers(Database database)
    {
        var names = new List<string>();
        using var rows = database["SELECT name FROM sqlite_schema WHERE type = 'trigger'"].Query();
        while (rows.Next())
            names.Add(rows.Text(0));
        return names;
    }
}
