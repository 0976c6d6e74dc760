using System.Collections.Concurrent;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Bypasses.Matrix;

/// <summary>The one way past approvals, tried with every operation by everybody in a real emergency.</summary>
public sealed class BypassOfEverythingTests
{
    private static readonly TimeSpan Longest = BypassTerms.MaxDuration + TimeSpan.FromMinutes(1);

    [Fact]
    public async Task BypassOfEveryOperation_IsOfTheBypassRolesAlone_OwesARatification_AndDoesNotLast()
    {
        await using var world = new MatrixWorld(isGoverned: true, "production");
        await world.InitializeAsync();
        var before = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var temporary = new ConcurrentBag<string>();
        var cells = 0;
        await Parallel.ForEachAsync(
            MatrixOperations.Names,
            TestContext.Current.CancellationToken,
            async (name, _) =>
            {
                var project = MatrixWorld.ProjectOf("production", name);
                before[project] = await world.GatedAsync(project);
                foreach (var who in world.People.OrderBy(who => who.MayBypass))
                {
                    var now = await world.GatedAsync(project);
                    var cell = new Cell(world, who, "production", name);
                    var answer = await cell.BypassAsync("INC-1");
                    var words = $"{cell}: {answer.Status} {answer.Words}";
                    Interlocked.Increment(ref cells);
                    answer.Status.ShouldBeLessThan(500, words);
                    if (await world.GatedAsync(project) == now)
                        continue;
                    who.MayBypass.ShouldBeTrue(words);
                    var bypass = answer.Expect(200).GetProperty("bypass");
                    bypass.Text("state").ShouldBe("applied", words);
                    bypass.GetProperty("open").GetBoolean().ShouldBeTrue(words);
                    (bypass.Text("kind") == "temporary").ShouldBe(bypass.TryGetProperty("revertAt", out var _), words);
                    if (bypass.Text("kind") == "temporary")
                        temporary.Add(project);
                    break;
                }
            }
        );
        // What an emergency may change: one flag in one environment.
        temporary.Count.ShouldBeGreaterThan(10);

        await world.ElapseAsync(Longest);

        foreach (var project in temporary)
            WithoutRevisions(await world.GatedAsync(project)).ShouldBe(WithoutRevisions(before[project]), project);
        TestContext.Current.TestOutputHelper?.WriteLine($"{cells} cells, {temporary.Count} operations undone in time");
    }

    /// <summary>What is served, whenever it was last changed.</summary>
    private static string WithoutRevisions(string gated) =>
        System.Text.RegularExpressions.Regex.Replace(
            gated,
            "\"changedIn\":[0-9]+",
            "",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
}
