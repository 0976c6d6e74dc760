using Halyard.Server.Hosting;
using Halyard.Server.Tests.Hosting;
using SQLitePCL;

namespace Halyard.Server.Tests.Auditing;

/// <summary>Whatever is changed in the database past the log is found by <c>halyard-server store diff</c>.</summary>
public sealed class StoreDiffTests(HalyardServer server) : IClassFixture<HalyardServer>, IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-diff-");

    private string Copy => Path.Combine(_folder.FullName, "copy.db");

    public async ValueTask InitializeAsync()
    {
        if ((await server.HeadAsync()).Size < 4)
        {
            await server.ProjectAsync("web");
            await server.FlagAsync("web", "checkout");
            await server.FlagAsync("web", "doomed");
            const string Override =
                """{"operations":[{"op":"addOverride","flag":"checkout","environment":"staging","override":{"id":"o_1","attribute":"targetingKey","value":"ann@example.com","variant":"on"},"baseRevision":1}],"reason":"Ann tries it"}""";
            (await server.PostAsync("/api/v1/projects/web/changes", Override)).Expect(200);
            (await server.SendAsync("DELETE", "/api/v1/projects/web/flags/doomed?reason=over", null, server.Admin)).Expect(200);
        }
        Sql(server.DatabaseFile, $"VACUUM INTO '{Copy}'");
        Sql(server.DatabaseFile + ".keys", $"VACUUM INTO '{Copy}.keys'");
        File.Copy(server.DatabaseFile + ".kek", Copy + ".kek");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task UntouchedStore_IsWhatTheLogSays()
    {
        var (exit, told) = await DiffAsync();

        told.ShouldContain("default: ");
        told.ShouldContain("the store is what the log says");
        exit.ShouldBe(0);
    }

    [Theory]
    [InlineData(
        "UPDATE resource SET document = CAST(replace(CAST(sealed AS TEXT), 'checkout', 'checkin') AS BLOB), sealed = NULL WHERE key = 'checkout'",
        "flag 'checkout'"
    )]
    [InlineData(
        "UPDATE resource SET document = CAST(replace(CAST(document AS TEXT), 'ann@', 'eve@') AS BLOB) WHERE key = 'checkout'",
        "personal values"
    )]
    [InlineData("UPDATE resource SET sealed = NULL WHERE key = 'checkout'", "differs from the log by")]
    [InlineData("UPDATE resource SET revision = 9 WHERE key = 'checkout'", "is revision 9")]
    [InlineData("UPDATE resource SET id = 'r_other' WHERE key = 'checkout'", "'r_other'")]
    [InlineData("DELETE FROM resource WHERE key = 'checkout'", "is in the log but not in the store")]
    [InlineData(
        "INSERT INTO resource SELECT number + 1000, tenant, kind, project, 'extra', 'r_extra', 1, created_at, updated_at, document, sealed FROM resource WHERE key = 'checkout'",
        "flag 'extra' of project 'web' is in the store but not in the log"
    )]
    [InlineData("UPDATE blob SET content = x'7B7D'", "snapshot")]
    [InlineData("DELETE FROM blob", "snapshot")]
    [InlineData(
        "DROP TRIGGER resource_version_is_not_updated; UPDATE resource_version SET revision = 7 WHERE digest IS NOT NULL AND resource = (SELECT number FROM versioned_resource WHERE key = 'doomed')",
        "another version in the history"
    )]
    [InlineData(
        "DROP TRIGGER resource_version_is_not_deleted; DELETE FROM resource_version WHERE resource = (SELECT number FROM versioned_resource WHERE key = 'doomed')",
        "found by other resources"
    )]
    [InlineData(
        "DROP TRIGGER audit_entry_is_not_updated; UPDATE audit_entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'doomed', 'dooned') AS BLOB) WHERE (position & 68719476735) = 7",
        "entry 7"
    )]
    [InlineData(
        "DROP TRIGGER audit_entry_is_not_deleted; DELETE FROM audit_entry WHERE (position & 68719476735) = 3",
        "entry 3 is missing"
    )]
    [InlineData("DELETE FROM audit_head", "head is missing")]
    [InlineData(
        "DROP TRIGGER resource_version_is_not_updated; UPDATE resource_version SET effective_at = effective_at + 1 WHERE resource = (SELECT number FROM versioned_resource WHERE key = 'checkout')",
        "takes effect at another time"
    )]
    [InlineData(
        "DROP TRIGGER audit_entry_is_not_updated; UPDATE audit_entry SET effective_at = effective_at + 1 WHERE (position & 68719476735) = 3",
        "entry 3 is kept with another time"
    )]
    [InlineData(
        "DROP TRIGGER audit_entry_is_not_updated; UPDATE audit_entry SET at = at - 1 WHERE (position & 68719476735) = 3",
        "entry 3 is kept with another time"
    )]
    [InlineData(
        "DROP TRIGGER audit_entry_is_not_updated; UPDATE audit_entry SET leaf = x'00' WHERE (position & 68719476735) = 3",
        "entry 3"
    )]
    [InlineData("UPDATE resource SET document = x'00', sealed = NULL WHERE key = 'checkout'", "is no document")]
    [InlineData("DELETE FROM entry_private", "has no value at /why/reason, and nobody erased it")]
    [InlineData("DELETE FROM audit_recent WHERE (position & 68719476735) = 3", "but a query finds")]
    public async Task EditPastTheLog_IsFound(string edit, string told)
    {
        Sql(Copy, edit);

        var (exit, output) = await DiffAsync();

        output.ShouldContain(told);
        output.ShouldContain("NOT what the log says");
        exit.ShouldBe(1);
    }

    [Fact]
    public async Task TenantThatIsNotThere_IsAMistakeOfUse() => (await DiffAsync("--tenant", "none")).Exit.ShouldBe(3);

    [Fact]
    public async Task StoreThatAServerHasOpen_IsNotCompared()
    {
        using var output = new StringWriter();
        (
            await StoreDiffCommand.RunAsync(["store", "diff", $"--Halyard:Database={server.DatabaseFile}"], output, output)
        ).ShouldBe(2);
    }

    private async Task<(int Exit, string Told)> DiffAsync(params string[] options)
    {
        using var output = new StringWriter();
        var exit = await StoreDiffCommand.RunAsync(["store", "diff", .. options, $"--Halyard:Database={Copy}"], output, output);
        return (exit, output.ToString());
    }

    private static void Sql(string path, string script)
    {
        raw.sqlite3_open(path, out var database).ShouldBe(raw.SQLITE_OK);
        using (database)
            raw.sqlite3_exec(database, script, null, null, out var problem).ShouldBe(raw.SQLITE_OK, problem);
    }
}
