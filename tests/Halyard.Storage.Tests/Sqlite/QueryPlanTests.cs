using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Sqlite.Auditing;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Tests.Sqlite;

public sealed class QueryPlanTests
{
    public static TheoryData<string> Queries { get; } =
    [
        "none",
        "project",
        "kind",
        "key",
        "id",
        "action",
        "actions",
        "actor",
        "actor-kind",
        "environment",
        "ticket",
        "incident",
        "change-request",
        "import",
        "imported",
        "native",
        "failed",
        "succeeded",
        "time",
        "text",
        "time and project",
        "everything",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task AuditQuery_WithAnyFilter_SeeksInIndexesAndNeverScansEntries(string name)
    {
        using var opened = new TemporaryStore();
        foreach (var import in new[] { null, "imp_1" })
            await opened.Store.CommitAsync(Sample(import), TestContext.Current.CancellationToken);
        opened.Close();

        using var database = Database.Open(opened.Path);
        _ = AuditSearch.Page(database, tenant: 1, Query(name));
        _ = AuditSearch.Count(database, tenant: 1, Query(name));
        var statements = database.Prepared.ToList();
        statements.ShouldContain(sql => sql.Contains("audit_recent", StringComparison.Ordinal));
        foreach (var line in statements.SelectMany(sql => Plan(database, sql)))
            line.ShouldStartWith("SEARCH");
    }

    [Fact]
    public async Task AuditQuery_OverWholeBlocks_SeeksThemToo()
    {
        using var opened = new TemporaryStore();
        await ManyEntries.CommitAsync(opened.Store, EntrySet.BlockSize + 1, TestContext.Current.CancellationToken);
        opened.Close();

        using var database = Database.Open(opened.Path);
        _ = AuditSearch.Count(database, tenant: 1, new() { Project = "web", Imported = false });
        _ = AuditSearch.Count(database, tenant: 1, new() { From = CommitBuilder.Noon.AddSeconds(10) });
        _ = AuditSearch.Count(database, tenant: 1, new() { Text = "\"switched on\" prod" });
        var statements = database.Prepared.ToList();
        statements.ShouldContain(sql => sql.Contains("audit_block_word", StringComparison.Ordinal));
        statements.ShouldContain(sql => sql.Contains("audit_block_posting", StringComparison.Ordinal));
        statements.ShouldContain(sql => sql.Contains("FROM audit_block ", StringComparison.Ordinal));
        foreach (var line in statements.SelectMany(sql => Plan(database, sql)))
            line.ShouldStartWith("SEARCH");
    }

    [Fact]
    public void PlanOfAFullScan_WouldBeNoticed()
    {
        using var opened = new TemporaryStore();
        opened.Close();
        using var database = Database.Open(opened.Path);
        Plan(database, "SELECT position FROM audit_entry WHERE effective_at = 1")
            .ShouldContain(line => line.StartsWith("SCAN audit_entry", StringComparison.Ordinal));
    }

    private static AuditQuery Query(string name) =>
        name switch
        {
            "none" => new(),
            "project" => new() { Project = "web" },
            "kind" => new() { ResourceKind = ResourceKind.Flag },
            "key" => new() { ResourceKind = ResourceKind.Flag, ResourceKey = "a" },
            "id" => new() { ResourceId = "f_a" },
            "action" => new() { Actions = ["flag.rollout_changed"] },
            "actions" => new() { Actions = ["flag.rollout_changed", "flag.updated"] },
            "actor" => new() { Actor = "s_alice" },
            "actor-kind" => new() { ActorKind = "user" },
            "environment" => new() { Environment = "production" },
            "ticket" => new() { Ticket = "FEAT-1" },
            "incident" => new() { Incident = "INC-1" },
            "change-request" => new() { ChangeRequest = "cr_1" },
            "import" => new() { Import = "imp_1" },
            "imported" => new() { Imported = true },
            "native" => new() { Imported = false },
            "failed" => new() { Succeeded = false },
            "succeeded" => new() { Succeeded = true },
            "time" => new() { From = CommitBuilder.Noon.AddDays(-9), To = CommitBuilder.Noon.AddDays(1) },
            "text" => new() { Text = "\"switched on\" prod" },
            "time and project" => new() { From = CommitBuilder.Noon.AddDays(-9), Project = "web" },
            "everything" => new()
            {
                Project = "web",
                ResourceKind = ResourceKind.Flag,
                ResourceKey = "a",
                Actions = ["flag.rollout_changed", "flag.updated"],
                Actor = "s_alice",
                Environment = "production",
                Ticket = "FEAT-1",
                From = CommitBuilder.Noon.AddDays(-9),
                To = CommitBuilder.Noon.AddDays(1),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };

    private static Core.Storage.Commit Sample(string? import) =>
        HistoryCommit.Of(
            CommitBuilder.DefaultTenant,
            Drafts.Of(
                Drafts.Index(new TouchedResource(Names.Flag("a"), $"f_{(import is null ? "a" : "b")}", 0, 1, null)) with
                {
                    Environments = ["production"],
                    Ticket = "FEAT-1",
                    Incident = "INC-1",
                    ChangeRequest = "cr_1",
                    Succeeded = import is null,
                    Import = import,
                },
                CommitBuilder.Noon,
                import is null ? null : CommitBuilder.Noon.AddDays(-1)
            )
        );

    private static List<string> Plan(Database database, string sql)
    {
        var lines = new List<string>();
        using var rows = database["EXPLAIN QUERY PLAN " + sql].Query();
        while (rows.Next())
            lines.Add(rows.Text(3));
        return lines;
    }
}
