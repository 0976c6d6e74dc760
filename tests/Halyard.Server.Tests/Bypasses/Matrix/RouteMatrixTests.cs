using Halyard.Server.Authentication;
using Microsoft.AspNetCore.Routing;

namespace Halyard.Server.Tests.Bypasses.Matrix;

/// <summary>
/// Every route that writes, aimed at every type of environment by everybody: what policies gate is changed by none.
/// </summary>
public sealed class RouteMatrixTests
{
    /// <summary>What changes the gated environments where no policy is in force; all else is about other matters.</summary>
    private static readonly string[] Writers =
    [
        "DELETE /api/v1/projects/{project}/flags/{flag}",
        "PATCH /api/v1/projects/{project}/flags/{flag}",
        "POST /api/v1/bypasses",
        "POST /api/v1/projects/{project}/changes",
        "POST /api/v1/projects/{project}/environments",
        "POST /api/v1/projects/{project}/flags",
        "POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/disable",
        "POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/enable",
        "POST /api/v1/projects/{project}/imports",
        "PUT /api/v1/policies",
    ];

    [Fact]
    public async Task RoutesThatWrite_CalledByEverybody_ChangeNothingThatIsGated()
    {
        await using var world = new MatrixWorld(isGoverned: true);
        await world.InitializeAsync();
        Mutating(world)
            .Order(StringComparer.Ordinal)
            .ShouldBe(AimedCalls.All.Select(call => call.Route).Distinct().Order(StringComparer.Ordinal));
        var before = await world.GatedAsync(MatrixWorld.Routes);
        var cells = 0;
        foreach (var environment in MatrixOperations.Environments)
        {
            var calls = new AimedCalls(world, environment, "INC-404");
            foreach (var who in world.People)
            {
                foreach (var call in AimedCalls.All.Where(call => calls.IsAimed(call) || environment == "production"))
                {
                    await calls.PrepareAsync(call);
                    var answer = await calls.SendAsync(call, who);
                    var words = $"{who.Name}: {call.Route} in {environment}: {answer.Status} {answer.Words}";
                    (await world.GatedAsync(MatrixWorld.Routes) == before).ShouldBeTrue(words);
                    answer.Status.ShouldBeLessThan(500, words);
                    cells++;
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cells} cells of {AimedCalls.All.Count} calls");
        cells.ShouldBeGreaterThan(AimedCalls.All.Count * world.People.Count);
    }

    [Fact]
    public async Task RoutesThatWrite_WithoutPolicies_DoWhatTheyAreFor()
    {
        // The control: the same calls, were nothing gated and the emergency a real one.
        await using var world = new MatrixWorld(isGoverned: false);
        await world.InitializeAsync();
        var calls = new AimedCalls(world, "production", "INC-1");
        var (admin, onCall) = (Somebody.With(world, "an administrator", world.Admin), world.People.First(who => who.MayBypass));
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in AimedCalls.All)
        {
            var before = await world.GatedAsync(MatrixWorld.Routes);
            await calls.SendAsync(call, call.Path == "/api/v1/bypasses" ? onCall : admin);
            if (await world.GatedAsync(MatrixWorld.Routes) != before)
                changed.Add(call.Route);
        }

        changed.Order(StringComparer.Ordinal).ShouldBe(Writers);
    }

    /// <summary>What is mapped and submits changes.</summary>
    private static IEnumerable<string> Mutating(MatrixWorld world) =>
        from endpoint in world.Endpoints
        where endpoint.Metadata.GetMetadata<SubmitsChangeMarker>() is not null
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}";
}
