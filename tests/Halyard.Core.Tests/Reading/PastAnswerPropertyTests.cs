using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Reading;

public sealed class PastAnswerPropertyTests(ITestOutputHelper output)
{
    [Fact]
    public async Task StateAtEachCommit_AnswersWhatTheLiveStateAnsweredThen()
    {
        var (answers, different) = (0, new HashSet<string>(StringComparer.Ordinal));
        for (var seed = 1; seed <= 8; seed++)
        {
            var seen = new Dictionary<DateTimeOffset, (EvaluationContext Context, string Answers)>();
            var history = await RandomHistory.RunAsync(
                new InMemoryStore(),
                seed,
                steps: 120,
                async running =>
                {
                    var user = running.User($"user-{seen.Count % 20}");
                    // Of several changes at one instant the last is what holds from then on.
                    seen[running.Pipeline.Time.Now] = (user, await running.LiveAsync(user));
                }
            );
            var reader = new ProjectReader(history.Store, history.Vault);
            foreach (var (at, (context, live)) in seen)
            {
                (await PastAsync(reader, context, at)).ShouldBe(live, $"seed {seed}, {at:O}");
                answers++;
                different.Add(live);
            }
        }
        output.WriteLine($"{answers} instants, {different.Count} different answers");
        different.Count.ShouldBeGreaterThan(200);
    }

    private static async Task<string> PastAsync(ProjectReader reader, EvaluationContext context, DateTimeOffset at)
    {
        var none = TestContext.Current.CancellationToken;
        var state = new List<string>();
        var environments = await reader.AtAsync(
            Pipeline.Tenant,
            ResourceKind.Environment,
            Pipeline.Project,
            at,
            reveal: true,
            none
        );
        foreach (var key in environments.Select(environment => environment.Resource.Name.Key))
        {
            var past = await reader.EnvironmentAtAsync(Pipeline.Tenant, Pipeline.Project, key, at, none);
            state.Add(RandomHistory.Answers(past.ShouldNotBeNull().Definition, context, at));
        }
        return string.Join('\n', state);
    }
}
