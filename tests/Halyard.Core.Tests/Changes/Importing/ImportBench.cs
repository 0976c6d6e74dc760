using System.Text;
using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Changes.Importing;

/// <summary>A tenant with an empty project on some store, and what imports into it.</summary>
internal sealed class ImportBench
{
    public const string Tenant = "acme";
    public const string Project = "web";

    private ImportBench(IStore store, IAuthorizer? authorizer, TimeProvider time)
    {
        Store = store;
        Changes = new ChangeService(
            store,
            Vault,
            authorizer ?? RegoAuthorizer.On(store, time),
            time,
            Entropy.System,
            new LogOrigins("flags.example.com"),
            new SystemTimeZones()
        );
        Importer = new HistoryImporter(store, Vault, Changes, Entropy.System, time);
    }

    public IStore Store { get; }

    public PersonalVault Vault { get; } = new(new InMemorySubjectKeys(), Entropy.System);

    public ChangeService Changes { get; }

    public HistoryImporter Importer { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Another importer of a tenant and project that are there.</summary>
    public static ImportBench On(IStore store, IAuthorizer? authorizer = null, TimeProvider? time = null) =>
        new(store, authorizer, time ?? TimeProvider.System);

    public static async Task<ImportBench> CreateAsync(IStore store, TimeProvider? time = null)
    {
        var bench = On(store, time: time);
        await bench.ApplyAsync("", new CreateTenant(Tenant, "Acme"));
        await bench.ApplyAsync("", new CreateProject(Project, "Web", ""));
        return bench;
    }

    public async Task ApplyAsync(string project, Operation operation)
    {
        var change = Change.Edit(project, [operation], "test");
        var result = await Changes.SubmitAsync(new(Actor.System(Tenant), RequestContext.Internal("q"), change), Token);
        result.Value.ShouldBeOfType<Outcome.Applied>();
    }

    /// <summary>Imports until the end, or until so many events were told.</summary>
    public async Task<List<ImportEvent>> ImportAsync(
        byte[] file,
        int events = int.MaxValue,
        string project = Project,
        Actor? actor = null,
        CancellationToken? cancellation = null
    )
    {
        var told = new List<ImportEvent>();
        var request = new ImportRequest(actor ?? Actor.System(Tenant), RequestContext.Internal("q"), project, file, "moving in");
        await foreach (var step in Importer.ImportAsync(request, cancellation ?? Token))
        {
            told.Add(step);
            if (told.Count == events)
                break;
        }
        return told;
    }

    /// <summary>The problems with which a file is refused before anything is written.</summary>
    public async Task<IReadOnlyList<FieldProblem>> RefusalAsync(byte[] file)
    {
        var before = await SizeAsync();
        var only = (await ImportAsync(file)).ShouldHaveSingleItem();
        (await SizeAsync()).ShouldBe(before);
        return only.ShouldBeOfType<ImportEvent.Refused>().Error.ShouldBeOfType<Error.Invalid>().Problems;
    }

    public async Task<long> SizeAsync() => (await Store.HeadAsync(Tenant, Token))!.Range.Size;

    public ValueTask<long> CountAsync(AuditQuery query) => Store.CountAsync(Tenant, query, Token);

    /// <summary>The imported entries' leaves, oldest first.</summary>
    public async Task<List<System.Text.Json.JsonElement>> ImportedLeavesAsync(string project = Project)
    {
        var query = new AuditQuery
        {
            Project = project,
            Imported = true,
            Limit = AuditQuery.MaxLimit,
        };
        var leaves = new List<System.Text.Json.JsonElement>();
        while (true)
        {
            var page = await Store.QueryAsync(Tenant, query, Token);
            foreach (var entry in page)
            {
                using var leaf = System.Text.Json.JsonDocument.Parse(entry.Leaf);
                leaves.Add(leaf.RootElement.Clone());
            }
            if (page.Count < AuditQuery.MaxLimit)
                break;
            query = query with { Before = page[^1].Index };
        }
        leaves.Reverse();
        return leaves;
    }

    /// <summary>A file of lines a second apart, each with one operation.</summary>
    public static byte[] Lines(params IEnumerable<string> operations)
    {
        var at = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var text = new StringBuilder();
        foreach (var operation in operations)
        {
            text.Append($$"""{"at":"{{at:yyyy-MM-ddTHH:mm:ss}}Z","actor":"ann","reason":"r","operations":[{{operation}}]}""");
            text.Append('\n');
            at = at.AddSeconds(1);
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static string CreateEnvironment(string key) =>
        $$"""{"op":"createEnvironment","environment":"{{key}}","type":"production"}""";

    public static string CreateFlag(string key) => $$"""{"op":"createFlag","flag":"{{key}}"}""";

    public static string Switch(string key, bool enabled, string environment = "live") =>
        $$"""{"op":"setEnabled","flag":"{{key}}","environment":"{{environment}}","enabled":{{(enabled ? "true" : "false")}}}""";
}
