using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.InMemory;
using Halyard.Storage.Sqlite;

namespace Halyard.Core.Tests.Changes.Importing;

/// <summary>Imports, the same on every store.</summary>
public abstract partial class HistoryImportTests
{
    private const int Batch = BatchWriter.BatchLines;
    private const int First = BatchWriter.FirstLines;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract IStore Store { get; }

    [Fact]
    public async Task File_IsImported_OneEntryALineBetweenAStartAndAnEnd()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var before = await bench.SizeAsync();
        var file = ImportBench.Lines(
            ImportBench.CreateEnvironment("live"),
            ImportBench.CreateFlag("a"),
            ImportBench.Switch("a", true)
        );

        var told = await bench.ImportAsync(file);

        told[0].ShouldBe(new ImportEvent.Validated(3, 0));
        told[1].ShouldBe(new ImportEvent.Progress(3, 3));
        var finished = told[2].ShouldBeOfType<ImportEvent.Finished>();
        finished.Receipt.Index.ShouldBe(before + 4);
        (await Store.HeadAsync(ImportBench.Tenant, Token))!.Range.Root.ShouldBe(finished.Receipt.Root);
        (await bench.CountAsync(new AuditQuery { Actions = ["job.started"] })).ShouldBe(1);
        (await bench.CountAsync(new AuditQuery { Actions = ["job.finished"] })).ShouldBe(1);
        (await bench.SizeAsync()).ShouldBe(before + 5);
    }

    [Fact]
    public async Task Entry_SaysThatItWasImported_ByWhomWhenAndWhereFrom()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var file =
            """{"at":"2024-03-11T19:33:45.1234567-04:00","actor":"Ann Author","reason":"a secret","ref":"c0ffee","operations":[{"op":"createFlag","flag":"a"}]}"""u8.ToArray();
        await bench.ImportAsync(file);

        var leaf = (await bench.ImportedLeavesAsync()).ShouldHaveSingleItem();

        leaf.GetProperty("type").GetString().ShouldBe("flag.imported");
        var origin = leaf.GetProperty("origin");
        origin.GetProperty("at").GetString().ShouldBe("2024-03-11T23:33:45.123456Z");
        origin.GetProperty("ref").GetString().ShouldBe("c0ffee");
        origin.GetProperty("reason").TryGetProperty("$c", out _).ShouldBeTrue();
        leaf.GetProperty("meta").GetProperty("line").GetInt64().ShouldBe(1);
        leaf.GetProperty("meta")
            .GetProperty("import")
            .GetString()
            .ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)));
        leaf.GetProperty("actor").GetProperty("kind").GetString().ShouldBe("system");
        leaf.GetProperty("why").GetProperty("approvals").GetArrayLength().ShouldBe(0);
        leaf.GetRawText().ShouldNotContain("Ann");
        leaf.GetRawText().ShouldNotContain("secret");

        var subject = origin.GetProperty("actor").GetString()!;
        var names = await Store.SubjectNamesAsync(ImportBench.Tenant, [subject], Token);
        names[subject].ShouldBe("Ann Author");
        (await bench.CountAsync(new AuditQuery { Actor = subject })).ShouldBe(1);
        var entry = (
            await Store.QueryAsync(ImportBench.Tenant, new AuditQuery { Imported = true }, Token)
        ).ShouldHaveSingleItem();
        entry.EffectiveAt.ShouldBe(new DateTimeOffset(2024, 3, 11, 23, 33, 45, TimeSpan.Zero).AddTicks(1_234_560));
        entry.At.ShouldBeGreaterThan(entry.EffectiveAt.AddYears(1));
    }

    [Fact]
    public async Task ImportedAndNative_AreToldApart()
    {
        var bench = await ImportBench.CreateAsync(Store);
        await bench.ImportAsync(ImportBench.Lines(ImportBench.CreateEnvironment("live"), ImportBench.CreateFlag("a")));
        await bench.ApplyAsync(ImportBench.Project, new SetEnabled("a", "live", true));

        (await bench.CountAsync(new AuditQuery { Imported = true })).ShouldBe(2);
        (await bench.CountAsync(new AuditQuery { Actions = ["flag.imported"] })).ShouldBe(2);
        (
            await bench.CountAsync(
                new AuditQuery
                {
                    ResourceKind = ResourceKind.Flag,
                    ResourceKey = "a",
                    Imported = false,
                }
            )
        ).ShouldBe(1);
        (await bench.CountAsync(new AuditQuery { ResourceKind = ResourceKind.Flag, ResourceKey = "a" })).ShouldBe(2);
    }

    [Fact]
    public async Task SameFile_SecondTime_WritesNothing()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var file = ImportBench.Lines(ImportBench.CreateFlag("a"));
        await bench.ImportAsync(file);
        var size = await bench.SizeAsync();

        (await bench.ImportAsync(file)).ShouldBe([new ImportEvent.AlreadyImported(1)]);
        (await bench.SizeAsync()).ShouldBe(size);
    }

    [Fact]
    public async Task SameFile_IntoTwoProjects_IsTwoImports()
    {
        var bench = await ImportBench.CreateAsync(Store);
        await bench.ApplyAsync("", new CreateProject("second", "Second", ""));
        var file = ImportBench.Lines(ImportBench.CreateFlag("a"), ImportBench.CreateFlag("b"));
        await bench.ImportAsync(file);
        await bench.ImportAsync(file, events: 1, project: "second");

        (await bench.ImportAsync(file, project: "second"))[^1].ShouldBeOfType<ImportEvent.Finished>();
        (await bench.ImportedLeavesAsync("second")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task WrongLines_AreAllReported_AndNothingIsWritten()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var problems = await bench.RefusalAsync(
            ImportBench.Lines(
                ImportBench.CreateEnvironment("live"),
                ImportBench.Switch("missing", true),
                ImportBench.CreateFlag("a"),
                ImportBench.CreateFlag("a"),
                ImportBench.Switch("a", false),
                """{"op":"addRule","flag":"a","environment":"live","rule":{"id":"r","conditions":[],"serve":{"variant":"none"}}}"""
            )
        );
        problems
            .Select(problem => problem.Pointer)
            .ShouldBe(["/1/operations/0/flag", "/3/operations/0/flag", "/4/operations", "/5/operations/0/rule/serve/variant"]);
        problems[0].Message.ShouldBe("line 2: there is no flag 'missing' of project 'web'");
        problems[2].Message.ShouldBe("line 5: change nothing");
    }

    [Fact]
    public async Task Line_TouchingMoreThanEightyResources_IsRefused()
    {
        var bench = await ImportBench.CreateAsync(Store);
        string Many(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => ImportBench.CreateFlag($"f{i}")));
        var problem = (await bench.RefusalAsync(ImportBench.Lines(Many(81)))).ShouldHaveSingleItem();
        (problem.Pointer, problem.Message).ShouldBe(("/0/operations", "line 1: touch 81 resources; one line may touch 80"));

        (await bench.ImportAsync(ImportBench.Lines(Many(80))))[^1].ShouldBeOfType<ImportEvent.Finished>();
    }

    [Fact]
    public async Task Line_DeletingAndRecreatingAFlag_IsRefused_ButTwoLinesAreNot()
    {
        var bench = await ImportBench.CreateAsync(Store);
        const string delete = """{"op":"deleteFlag","flag":"a"}""";
        var create = ImportBench.CreateFlag("a");
        var problem = (await bench.RefusalAsync(ImportBench.Lines(create, $"{delete},{create}"))).ShouldHaveSingleItem();
        problem.Pointer.ShouldBe("/1/operations/1/flag");

        (await bench.ImportAsync(ImportBench.Lines(create, delete, create)))[^1].ShouldBeOfType<ImportEvent.Finished>();
        var ids = (await bench.ImportedLeavesAsync()).ConvertAll(leaf =>
            leaf.GetProperty("resource").GetProperty("id").GetString()
        );
        ids[1].ShouldBe(ids[0]);
        ids[2].ShouldNotBe(ids[0]);
        var slice = await Store.LoadAsync(ImportBench.Tenant, [Flag.NameOf(ImportBench.Project, "a")], [], Token);
        slice.Resources.Values.ShouldHaveSingleItem().Revision.ShouldBe(1);
    }

    [Fact]
    public async Task FlagThatComesAndGoesInOneBatch_LeavesOnlyItsHistory()
    {
        var bench = await ImportBench.CreateAsync(Store);
        await bench.ImportAsync(ImportBench.Lines(ImportBench.CreateFlag("a"), """{"op":"deleteFlag","flag":"a"}"""));

        (await Store.ListAsync(ImportBench.Tenant, ResourceKind.Flag, ImportBench.Project, null, 10, Token)).ShouldBeEmpty();
        (await bench.CountAsync(new AuditQuery { ResourceKind = ResourceKind.Flag, ResourceKey = "a" })).ShouldBe(2);
        var between = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        (await Store.VersionsAtAsync(ImportBench.Tenant, ResourceKind.Flag, ImportBench.Project, between, Token)).Count.ShouldBe(
            1
        );
    }

    [Fact]
    public async Task Revert_ToARevisionOfTheSameBatchOrAnEarlierOne_Restores()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var lines = new List<string>
        {
            ImportBench.CreateEnvironment("live"),
            ImportBench.CreateFlag("a"),
            ImportBench.Switch("a", true),
            """{"op":"revertToRevision","flag":"a","revision":1}""",
        };
        lines.AddRange(Enumerable.Range(0, Batch).Select(i => ImportBench.CreateFlag($"f{i}")));
        lines.Add("""{"op":"revertToRevision","flag":"a","revision":2}""");

        (await bench.ImportAsync(ImportBench.Lines(lines)))[^1].ShouldBeOfType<ImportEvent.Finished>();
        var words = (await bench.ImportedLeavesAsync()).ConvertAll(leaf =>
            leaf.GetProperty("meta").GetProperty("summary")[0].GetString()!
        );
        words[3].ShouldContain("returned to revision 1");
        words[^1].ShouldContain("returned to revision 2");
        (await bench.RefusalAsync(ImportBench.Lines(ImportBench.CreateFlag("z"))))
            .ShouldHaveSingleItem()
            .Message.ShouldContain("has flags");
    }

    [Fact]
    public async Task ProjectWithFlags_IsRefused()
    {
        var bench = await ImportBench.CreateAsync(Store);
        await bench.ImportAsync(ImportBench.Lines(ImportBench.CreateFlag("a")));
        var problem = (await bench.RefusalAsync(ImportBench.Lines(ImportBench.CreateFlag("b")))).ShouldHaveSingleItem();
        problem.Message.ShouldBe("project 'web' has flags; past changes go into a project without");
    }

    [Fact]
    public async Task UnknownProject_IsNotFound()
    {
        var bench = await ImportBench.CreateAsync(Store);
        var told = await bench.ImportAsync(ImportBench.Lines(ImportBench.CreateFlag("a")), project: "none");
        told.ShouldBe([new ImportEvent.Refused(new Error.NotFound("project", "none"))]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_IsDenied_AndTheLogKnows_WhateverTheFileHolds(bool valid)
    {
        var bench = await ImportBench.CreateAsync(Store);
        var size = await bench.SizeAsync();
        var client = new Actor(ImportBench.Tenant, "s_client", ActorKind.Client, "token", [BuiltInRoles.Client], "tok_1");
        var file = valid ? ImportBench.Lines(ImportBench.CreateFlag("a")) : "nonsense"u8.ToArray();

        var told = await bench.ImportAsync(file, actor: client);

        told.ShouldHaveSingleItem().ShouldBeOfType<ImportEvent.Refused>().Error.ShouldBeOfType<Error.Denied>();
        (await bench.SizeAsync()).ShouldBe(size + 1);
        (await bench.CountAsync(new AuditQuery { Actions = ["access.denied"], Actor = "s_client" })).ShouldBe(1);
    }
}

/// <summary>On the in-memory store.</summary>
public sealed class InMemoryHistoryImportTests : HistoryImportTests
{
    private protected override IStore Store { get; } = new InMemoryStore();
}

/// <summary>On SQLite.</summary>
public sealed class SqliteHistoryImportTests : HistoryImportTests, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-import-");
    private readonly SqliteStore _store;

    public SqliteHistoryImportTests() =>
        _store = SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(_folder.FullName, "halyard.db") });

    private protected override IStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }
}
