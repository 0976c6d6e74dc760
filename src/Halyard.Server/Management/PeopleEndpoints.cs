using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Server.Authentication;
using Halyard.Server.Hosting;

namespace Halyard.Server.Management;

/// <summary>Tells the names behind pseudonymous ids to those who read them in the log anyway.</summary>
internal static class PeopleEndpoints
{
    private const int MaxSubjects = 100;
    private const string Parameter = "subject";

    public static void MapPeople(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/people", NamesAsync)
            .WithName("namePeople")
            .WithSummary(
                "The names behind up to 100 pseudonymous ids (?subject=, separated by commas), those that are known and not erased."
            )
            .Reads("audit.read")
            .Produces<PeopleAnswer>();

    private static async Task<IResult> NamesAsync(HttpContext context, IStore store, HalyardOptions options)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, Parameter);
        var subjects = (Paging.Text(context, Parameter) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (subjects.Length is 0 or > MaxSubjects)
            problems.Add(new FieldProblem($"/{Parameter}", $"must name 1 to {MaxSubjects} ids"));
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        // Where the log does not show its readers who acted, neither does this.
        var names = options.Privacy.ShowReasons
            ? await SubjectNames.ReadAsync(
                store,
                context.Caller().Actor.Tenant,
                [.. subjects.Distinct(StringComparer.Ordinal)],
                context.RequestAborted
            )
            : new Dictionary<string, string>(StringComparer.Ordinal);
        return TypedResults.Json(new PeopleAnswer(names), ContractJson.Wire.PeopleAnswer);
    }
}
