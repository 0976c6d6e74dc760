using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Core.Tests.Changes.Importing;

/// <content>What rules forbid of a file is found before its first line is written, as far as they are known then.</content>
public abstract partial class HistoryImportTests
{
    /// <summary>So many lines come before the one that rules forbid: more than a batch.</summary>
    private const int Before = 2 * First;

    private const string FirstForbidden = "line 513: ";

    private static readonly string[] Places =
    [
        """{"op":"createEnvironment","environment":"dev","type":"development"}""",
        """{"op":"createEnvironment","environment":"test","type":"staging"}""",
        """{"op":"createEnvironment","environment":"live","type":"production"}""",
    ];

    [Fact]
    public async Task Line_ThatNeedsApproval_IsRefusedBeforeTheFirstIsWritten_AndTheAttemptIsInTheLog()
    {
        var bench = await GovernedAsync();
        var before = await bench.SizeAsync();

        var problems = RefusedIn(await bench.ImportAsync(FileWith(ImportBench.Switch("f0", true))));

        problems
            .ShouldHaveSingleItem()
            .ShouldBe(
                new FieldProblem(
                    $"/{Before}",
                    $"{FirstForbidden}what it would change needs approval, and history cannot wait for any"
                )
            );
        (await bench.SizeAsync()).ShouldBe(before + 1);
        (await bench.CountAsync(new AuditQuery { Actions = ["access.denied"] })).ShouldBe(1);
        (await bench.CountAsync(new AuditQuery { Actions = ["job.started"] })).ShouldBe(0);
    }

    [Fact]
    public async Task Line_ThatAFreezeHoldsUp_IsRefusedBeforeTheFirstIsWritten()
    {
        var bench = await PlacesAsync();
        using var json = JsonDocument.Parse(
            """{"scope":{"environments":["live"]},"intervals":[{"from":"2020-01-01T00:00:00Z","to":"2199-01-01T00:00:00Z"}]}"""
        );
        await bench.ApplyAsync("", new CreateFreeze("still", FreezeJson.ReadSettings(JsonCursor.Root(json.RootElement, []))));

        var problem = RefusedIn(await bench.ImportAsync(FileWith(ImportBench.Switch("f0", true)))).ShouldHaveSingleItem();

        problem.Pointer.ShouldBe($"/{Before}");
        problem.Message.ShouldStartWith($"{FirstForbidden}freeze 'still' holds live until");
        (await bench.ImportedLeavesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Promotion_InAFile_HasSoakedNoLongerThanTheImport_HoweverOldTheLogIs()
    {
        var time = new ManualTime();
        var bench = await PlacesAsync(time);
        var gate = new PromotionGate(EnvironmentType.Development, EnvironmentType.Staging, TimeSpan.FromHours(1), null, null, 0);
        await bench.ApplyAsync("", new SetPromotionGates([gate], null));
        time.Now += TimeSpan.FromDays(2);
        const string promotion = """{"op":"promote","flag":"f0","from":"dev","environment":"test"}""";

        var problem = RefusedIn(await bench.ImportAsync(FileWith(promotion))).ShouldHaveSingleItem();

        problem.Pointer.ShouldBe($"/{Before}");
        problem.Message.ShouldStartWith($"{FirstForbidden}not promoted: flag 'f0': it was in force in development for 0 h");
        (await bench.ImportedLeavesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Promotion_InAFile_ThatGatesLetThrough_IsImported()
    {
        var bench = await PlacesAsync();
        var gate = new PromotionGate(EnvironmentType.Development, EnvironmentType.Staging, TimeSpan.Zero, null, null, 0);
        await bench.ApplyAsync("", new SetPromotionGates([gate], null));

        var told = await bench.ImportAsync(FileWith("""{"op":"promote","flag":"f0","from":"dev","environment":"test"}"""));

        told[^1].ShouldBeOfType<ImportEvent.Finished>();
    }

    [Fact]
    public async Task File_ThatPoliciesLetThrough_IsImportedWhole()
    {
        var bench = await GovernedAsync();

        var told = await bench.ImportAsync(FileWith(Ops.Needs("f1", "f0"), ImportBench.Switch("f0", false, "dev")));

        told[^1].ShouldBeOfType<ImportEvent.Finished>();
        (await bench.ImportedLeavesAsync()).Count.ShouldBe(Before + 2);
    }

    [Fact]
    public async Task Rest_OfAFileThatWasBrokenOff_IsHeldAgainstTheRulesOfNow()
    {
        var bench = await PlacesAsync();
        var file = FileWith(ImportBench.Switch("f0", true));
        await bench.ImportAsync(file, events: 2);
        await GovernAsync(bench);

        RefusedIn(await bench.ImportAsync(file)).ShouldHaveSingleItem().Pointer.ShouldBe($"/{Before}");

        (await bench.ImportedLeavesAsync()).Count.ShouldBe(First);
    }

    [Fact]
    public async Task Mistakes_InAFile_AreToldBeforeWhatRulesForbid()
    {
        var bench = await GovernedAsync();

        var problems = await bench.RefusalAsync(FileWith(ImportBench.Switch("f0", true), ImportBench.Switch("none", true)));

        problems.ShouldHaveSingleItem().Pointer.ShouldBe($"/{Before + 1}/operations/0/flag");
    }

    private async Task<ImportBench> PlacesAsync(ManualTime? time = null)
    {
        var bench = await ImportBench.CreateAsync(Store, time);
        foreach (var place in Places)
            await bench.ApplyAsync(ImportBench.Project, Ops.Read(place));
        return bench;
    }

    private async Task<ImportBench> GovernedAsync()
    {
        var bench = await PlacesAsync();
        await GovernAsync(bench);
        return bench;
    }

    private static async Task GovernAsync(ImportBench bench)
    {
        var governing = new Submission(Actor.System(ImportBench.Tenant), RequestContext.Internal("q"), TwoPeople.Govern());
        (await bench.Changes.SubmitAsync(governing, Token)).Value.ShouldBeOfType<Outcome.Applied>();
    }

    /// <summary>Flags that are on in development, then these operations, each a line.</summary>
    private static byte[] FileWith(params IEnumerable<string> last)
    {
        const string initial = "\"environments\":{\"dev\":{\"enabled\":true}}";
        var flags = Enumerable.Range(0, Before).Select(i => $$"""{"op":"createFlag","flag":"f{{i}}",{{initial}}}""");
        return ImportBench.Lines([.. flags, .. last]);
    }

    private static IReadOnlyList<FieldProblem> RefusedIn(IReadOnlyList<ImportEvent> told) =>
        told.ShouldHaveSingleItem().ShouldBeOfType<ImportEvent.Refused>().Error.ShouldBeOfType<Error.Invalid>().Problems;
}
