using System.Collections.Concurrent;
using Halyard.Core.Flags;

namespace Halyard.Server.Tests.Bypasses.Matrix;

/// <summary>
/// Every operation × every type of environment × everybody who might try × every door, each list generated from the code or held to it:
/// what policies gate is changed by nobody alone. What is compared is what the gated environments serve.
/// </summary>
public sealed class BypassMatrixTests
{
    /// <summary>What reaches no environment that is gated, so that it takes effect at once.</summary>
    private static readonly string[] Harmless = ["createSegment", "deleteSegment", "updateProject"];

    private static readonly ParallelOptions Wide = new()
    {
        MaxDegreeOfParallelism = Environment.ProcessorCount * 2,
        CancellationToken = TestContext.Current.CancellationToken,
    };

    [Fact]
    public async Task OperationsByEveryDoorAndEverybody_ChangeNothingThatIsGated()
    {
        await using var world = new MatrixWorld(isGoverned: true, [.. MatrixOperations.Environments]);
        await world.InitializeAsync();
        var (cells, strange) = (0, new ConcurrentBag<string>());
        var came = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            Projects(),
            Wide,
            async (project, _) =>
            {
                var (environment, name) = project;
                var projects = Of(environment, name);
                var before = await world.GatedAsync(projects);
                foreach (var door in Doors.All)
                {
                    foreach (var who in world.People)
                    {
                        var cell = new Cell(world, who, environment, name);
                        var answer = await door.SendAsync(cell);
                        var words = $"{cell}, {door.Name}: {answer.Status} {answer.Words}";
                        (await world.GatedAsync(projects) == before).ShouldBeTrue(words);
                        answer.Status.ShouldBeLessThan(500, words);
                        // It was held up by approvals, not because it made no sense.
                        var makesSense = !Harmless.Contains(name) && !door.Senseless.Contains(name);
                        if (
                            environment != "development"
                            && who == world.People[0]
                            && makesSense
                            && !door.Answers.Contains(answer.Status)
                        )
                            strange.Add(words);
                        Interlocked.Increment(ref cells);
                        came.AddOrUpdate($"{door.Name}: {answer.Status}", 1, (_, count) => count + 1);
                    }
                }
            }
        );

        cells.ShouldBe(MatrixOperations.Environments.Count * MatrixOperations.Names.Count * Doors.All.Count * world.People.Count);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{cells} cells\n{string.Join('\n', came.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Key} × {item.Value}"))}"
        );

        strange.ShouldBeEmpty();

        // What was scheduled comes due, whoever asked for it.
        var all = Projects().Select(project => MatrixWorld.ProjectOf(project.Environment, project.Name)).ToArray();
        var gated = await world.GatedAsync(all);
        await world.ElapseAsync(Doors.UntilScheduled);
        (await world.GatedAsync(all)).ShouldBe(gated);
    }

    [Fact]
    public async Task OperationsWithoutPolicies_TakeEffectByEveryDoorThatIsOpen()
    {
        // The control: what the matrix sends is what changes the gated environments, were they not gated.
        var doors = Doors.All.Where(door => door.IsOpenWithoutPolicies).Select((door, index) => (door, $"d{index}")).ToList();
        await using var world = new MatrixWorld(isGoverned: false, [.. doors.Select(item => item.Item2)]);
        await world.InitializeAsync();
        // A request of a session that is over would not be applied.
        var admin = Somebody.With(world, "an administrator", world.Admin);
        var tries = (from item in doors from name in MatrixOperations.Names select (item.door, Place: item.Item2, name)).ToList();
        var before = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var answers = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            tries,
            Wide,
            async (attempt, _) =>
            {
                var cell = new Cell(world, admin, "production", attempt.name, attempt.Place);
                before[cell.Project] = await world.GatedAsync(Of(attempt.Place, attempt.name));
                var answer = await attempt.door.SendAsync(cell);
                answers[cell.Project] = $"{attempt.door.Name}, {attempt.name}: {answer.Status} {answer.Words}";
            }
        );
        await world.ElapseAsync(Doors.UntilScheduled);

        foreach (var (door, place, name) in tries)
        {
            var project = MatrixWorld.ProjectOf(place, name);
            var isChanged = await world.GatedAsync(Of(place, name)) != before[project];
            if (!Harmless.Contains(name))
                isChanged.ShouldBe(!door.Senseless.Contains(name), answers[project]);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{tries.Count} tries without policies");
    }

    [Fact]
    public void Operations_AreAllThereAre()
    {
        MatrixOperations.Environments.Count.ShouldBe(Enum.GetValues<EnvironmentType>().Length);
        foreach (var name in MatrixOperations.Names)
            OperationJson.Names.ShouldContain(MatrixOperations.Name(MatrixOperations.Aimed(name, "production", "p")));
        MatrixOperations.Names.Append("createProject").Order(StringComparer.Ordinal).ShouldBe(OperationJson.Names);
    }

    /// <summary>The projects in which an operation is tried.</summary>
    private static string[] Of(string place, string name) =>
        [MatrixWorld.ProjectOf(place, name), MatrixWorld.PastOf(place, name)];

    private static IEnumerable<(string Environment, string Name)> Projects() =>
        from environment in MatrixOperations.Environments
        from name in MatrixOperations.Names
        select (environment, name);
}
