using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Tests.Reading;
using Halyard.Evaluation;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Changes.Approving;

public sealed class ComparedResourcesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ComparingThePartThatIsConcerned_FindsWhatComparingEverythingFinds(int seed)
    {
        var before = new Dictionary<ResourceName, Loaded>();
        var (compared, smaller) = (0, 0);

        await RandomHistory.RunAsync(
            new InMemoryStore(),
            seed,
            120,
            async history =>
            {
                var after = await SeenAsync(history.Store);
                var edits = Edits(before, after).ToList();
                var served = Served(before);
                var part = ComparedResources.Before(served, edits);
                smaller += part.Count < served.Count ? 1 : 0;
                foreach (var environment in before.Values.Select(item => item.Resource).OfType<ProjectEnvironment>())
                {
                    if (!after.TryGetValue(environment.Name, out var becomes))
                        continue;
                    var whole = Compare(
                        environment,
                        (ProjectEnvironment)becomes.Resource,
                        served.Values.Select(PlacedOf),
                        Served(after).Values.Select(PlacedOf),
                        history.Pipeline.Time.Now
                    );
                    var some = Compare(
                        environment,
                        (ProjectEnvironment)becomes.Resource,
                        part.Values,
                        ComparedResources.After(part, edits).Values,
                        history.Pipeline.Time.Now
                    );
                    some.ShouldBe(whole);
                    compared += whole.Count;
                }
                before = after;
            }
        );

        compared.ShouldBeGreaterThan(20);
        smaller.ShouldBeGreaterThan(0);
    }

    private static List<string> Compare(
        ProjectEnvironment was,
        ProjectEnvironment becomes,
        IEnumerable<Placed> before,
        IEnumerable<Placed> after,
        DateTimeOffset now
    ) =>
        [
            .. EnvironmentComparison
                .Of(Definition(was, before), Definition(becomes, after), now)
                .Select(flag =>
                    $"{flag.Key} {flag.IsSafer} {flag.Blast.IsComplete} {flag.Blast.Population(new Dictionary<string, long>())}"
                ),
        ];

    private static EnvironmentDefinition Definition(ProjectEnvironment environment, IEnumerable<Placed> placed)
    {
        var all = placed.OrderBy(item => item.Resource.Name.Key, StringComparer.Ordinal).ToList();
        return EnvironmentDefinitions.Build(
            environment,
            all.Where(item => item.Resource is Flag).Select(item => ((Flag)item.Resource, item.Revision)),
            all.Select(item => item.Resource).OfType<Segment>(),
            0
        );
    }

    private static IEnumerable<ResourceEdit> Edits(
        Dictionary<ResourceName, Loaded> before,
        Dictionary<ResourceName, Loaded> after
    ) =>
        before
            .Keys.Union(after.Keys)
            .Select(name => new ResourceEdit(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)?.Resource))
            .Where(edit => !Equals(edit.Before?.Resource, edit.After));

    private static Dictionary<ResourceName, Loaded> Served(Dictionary<ResourceName, Loaded> all) =>
        all.Where(item => item.Key.Kind != ResourceKind.Environment).ToDictionary(item => item.Key, item => item.Value);

    private static Placed PlacedOf(Loaded loaded) => new(loaded.Resource, loaded.Revision);

    private static async Task<Dictionary<ResourceName, Loaded>> SeenAsync(IStore store)
    {
        var found = new Dictionary<ResourceName, StoredResource>();
        foreach (var kind in new[] { ResourceKind.Environment, ResourceKind.Flag, ResourceKind.Segment })
            await store.AddAllAsync(
                Fixtures.Pipeline.Tenant,
                kind,
                Fixtures.Pipeline.Project,
                found,
                TestContext.Current.CancellationToken
            );
        return found.ToDictionary(item => item.Key, item => ResourceDocuments.Load(item.Value));
    }
}
