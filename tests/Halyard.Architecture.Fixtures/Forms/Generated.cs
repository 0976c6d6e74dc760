using Halyard.Architecture.Fixtures.Forbidden;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Halyard.Architecture.Fixtures.Forms;

public static class AsyncLambdaInEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(
            "/",
            async () =>
            {
                await Task.Yield();
                return Service.Count();
            }
        );
}

public static class CapturingAsyncLambda
{
    public static void Map(IEndpointRouteBuilder routes, string name) =>
        routes.MapGet(
            "/",
            async () =>
            {
                await Task.Yield();
                return name + Service.Count();
            }
        );
}

public static class LambdaParameter
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/", (Thing thing) => "ok");
}

public static class Lambda
{
    public static Func<int> Run() => () => Service.Count();
}

public static class CapturingLambda
{
    public static Func<int> Run(int more) => () => Service.Count() + more;
}

public static class LocalFunction
{
    public static int Run()
    {
        return Inner();

        static int Inner() => Service.Count();
    }
}

public static class AsyncMethod
{
    public static async Task<int> RunAsync()
    {
        await Task.Yield();
        return Service.Count();
    }
}

public static class Iterator
{
    public static IEnumerable<int> Run()
    {
        yield return Service.Count();
    }
}

public static class AsyncIterator
{
    public static async IAsyncEnumerable<int> RunAsync()
    {
        await Task.Yield();
        yield return Service.Count();
    }
}

public static class Query
{
    public static IEnumerable<int> Run(IEnumerable<int> numbers) =>
        from number in numbers
        let count = Service.Count()
        where number > count
        select number;
}

public static class AnonymousType
{
    public static object Run() => new { Count = Service.Count() };
}

public static class NestedType
{
    private static class Deep
    {
        public static class Deeper
        {
            public static int Run() => Service.Count();
        }
    }
}
