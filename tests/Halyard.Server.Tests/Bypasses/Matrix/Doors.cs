using Halyard.Evaluation.Definitions;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Bypasses.Matrix;

/// <summary>A way in which somebody may send an operation.</summary>
/// <param name="Name">What it is called in the words of a failure.</param>
/// <param name="SendAsync">Sends it: what came of it.</param>
/// <param name="Answers">The statuses that say that it did not take effect.</param>
internal sealed record Door(string Name, Func<Cell, Task<Answer>> SendAsync, params int[] Answers)
{
    /// <summary>Whether operations take effect by it where no policy is in force.</summary>
    public bool IsOpenWithoutPolicies { get; init; } = true;

    /// <summary>The operations that even then change nothing by it: they make no sense there.</summary>
    public string[] Senseless { get; init; } = [];
}

/// <summary>All of them.</summary>
internal static class Doors
{
    private static readonly TimeSpan Soon = TimeSpan.FromHours(1);

    /// <summary>How long until what is scheduled begins.</summary>
    public static TimeSpan UntilScheduled => Soon + TimeSpan.FromMinutes(30);

    public static IReadOnlyList<Door> All { get; } =
    [
        new("direct", async cell => await cell.ChangeAsync(await cell.OperationAsync()), 202, 403),
        new(
            "despite freezes",
            async cell => await cell.ChangeAsync([await cell.OperationAsync()], ",\"despiteFreezes\":true"),
            202,
            403
        ),
        new("with a harmless one first", HarmlessFirstAsync, 202, 403),
        new("with the environment's type changed first", RetypedAsync, 202, 403, 404, 422),
        new("with the tag that exempts first", TaggedAsync, 202, 403, 404, 422),
        new("promoted from development", PromotedAsync, 202, 403, 404, 422)
        {
            // What is gone cannot be promoted.
            Senseless = ["deleteEnvironment", "deleteFlag"],
        },
        new("scheduled", ScheduledAsync, 202, 403),
        new("edited into a request", EditedAsync, 200, 202, 403, 409) { IsOpenWithoutPolicies = false },
        new("approved alone, by tokens of one's own", AloneAsync, 403) { IsOpenWithoutPolicies = false },
        new("approved by one of two", HalfAsync, 200, 202, 403, 409) { IsOpenWithoutPolicies = false },
        new("imported", cell => cell.ImportAsync(), 200, 403, 422)
        {
            // Where history begins there is nothing to return to.
            Senseless = ["revertToRevision"],
        },
        new("bypass, incident unknown", cell => cell.BypassAsync("INC-404"), 403, 422) { IsOpenWithoutPolicies = false },
        new("bypass, incident over", cell => cell.BypassAsync("INC-0"), 403, 422) { IsOpenWithoutPolicies = false },
        new("bypass, incident small", cell => cell.BypassAsync("INC-3"), 403, 422) { IsOpenWithoutPolicies = false },
        new("bypass, nobody senior agreed", cell => cell.BypassAsync("INC-2"), 202, 403, 422) { IsOpenWithoutPolicies = false },
    ];

    private static async Task<Answer> HarmlessFirstAsync(Cell cell) =>
        await cell.ChangeAsync(
            MatrixOperations.Aimed("createSegment", cell.Environment, cell.Project).ToJsonString(),
            await cell.OperationAsync()
        );

    private static async Task<Answer> RetypedAsync(Cell cell)
    {
        var retype = $$"""{"op":"updateEnvironment","environment":"{{cell.Environment}}","type":"development"}""";
        return await cell.ChangeAsync(await cell.BasedAsync(retype), await cell.OperationAsync());
    }

    private static async Task<Answer> TaggedAsync(Cell cell)
    {
        const string Tag = """{"op":"updateFlag","flag":"checkout","tags":["kill-switch"]}""";
        return await cell.ChangeAsync(await cell.BasedAsync(Tag), await cell.OperationAsync());
    }

    /// <summary>Done where it needs nobody, and carried over.</summary>
    private static async Task<Answer> PromotedAsync(Cell cell)
    {
        var from = cell.Environment == "development" ? "staging" : "development";
        // Promoting to where it is promoted from would carry nothing over.
        var there =
            cell.Name == "promote"
                ? await cell.BasedAsync($$"""{"op":"setEnabled","flag":"checkout","environment":"{{from}}","enabled":false}""")
                : await cell.BasedAsync(MatrixOperations.Aimed(cell.Name, from, cell.Project));
        var promote = $$"""{"op":"promote","flag":"checkout","environment":"{{cell.Environment}}","from":"{{from}}"}""";
        return await cell.ChangeAsync(there, await cell.BasedAsync(promote));
    }

    private static async Task<Answer> ScheduledAsync(Cell cell)
    {
        var begin = cell.World.Time.GetUtcNow() + Soon;
        var window = $$"""{"notBefore":"{{Rfc3339.Format(begin)}}","notAfter":"{{Rfc3339.Format(begin.AddDays(2))}}"}""";
        return await cell.ChangeAsync([await cell.OperationAsync()], $",\"schedule\":{window}");
    }

    /// <summary>A request for something else that one of two approved, with the operation put in its place.</summary>
    private static async Task<Answer> EditedAsync(Cell cell)
    {
        const string Rename = """{"op":"updateFlag","flag":"payments","name":"Pay"}""";
        var asked = await cell.ChangeAsync(await cell.BasedAsync(Rename));
        await cell.FollowAsync(asked, cell.World.Approver, "approve");
        var edit = $$"""{"operations":[{{await cell.OperationAsync()}}],"reason":"rather this"}""";
        return await cell.FollowAsync(asked, cell.Who, "edit", edit);
    }

    private static async Task<Answer> AloneAsync(Cell cell) =>
        await cell.ApproveAloneAsync(await cell.ChangeAsync(await cell.OperationAsync()));

    private static async Task<Answer> HalfAsync(Cell cell)
    {
        var asked = await cell.ChangeAsync(await cell.OperationAsync());
        await cell.FollowAsync(asked, cell.World.Approver, "approve");
        await cell.FollowAsync(asked, cell.World.Approver, "approve");
        return await cell.FollowAsync(asked, cell.Who, "apply");
    }
}
