using System.Text.Json.Nodes;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Bypasses.Matrix;

/// <summary>One try: somebody aims an operation at an environment.</summary>
/// <param name="World">Where.</param>
/// <param name="Who">Who tries.</param>
/// <param name="Environment">What is aimed at.</param>
/// <param name="Name">The operation's name.</param>
/// <param name="Place">Whose projects it is tried in; by default the environment's.</param>
internal sealed record Cell(MatrixWorld World, Somebody Who, string Environment, string Name, string? Place = null)
{
    private const string Directors = "\"role\":\"director-product\"";

    /// <summary>Where it is tried.</summary>
    public string Project { get; } = MatrixWorld.ProjectOf(Place ?? Environment, Name);

    /// <summary>Where its past is imported: a project without flags.</summary>
    private string Past => MatrixWorld.PastOf(Place ?? Environment, Name);

    /// <summary>The operation, aimed.</summary>
    public JsonObject Aimed => MatrixOperations.Aimed(Name, Environment, Project);

    /// <summary>The operation, based on what is there now.</summary>
    public Task<string> OperationAsync() => BasedAsync(Aimed);

    /// <summary>An operation with the revision that it would replace.</summary>
    public async Task<string> BasedAsync(JsonObject operation)
    {
        var name = MatrixOperations.TargetOf(Project, operation);
        if (await World.RevisionAsync(name) is > 0 and var revision)
            operation["baseRevision"] = revision;
        return operation.ToJsonString();
    }

    public Task<string> BasedAsync(string operation) => BasedAsync(JsonNode.Parse(operation)!.AsObject());

    /// <summary>Sends operations as one change.</summary>
    public Task<Answer> ChangeAsync(params string[] operations) => ChangeAsync(operations, "");

    public Task<Answer> ChangeAsync(string[] operations, string more) =>
        Who.PostAsync($"/api/v1/projects/{Project}/changes", MatrixWorld.Change(operations, more));

    /// <summary>Sends it as the past of a project that has no flags yet.</summary>
    public Task<Answer> ImportAsync()
    {
        var operations = MatrixOperations
            .Given(Environment)
            .Append(MatrixOperations.Aimed(Name, Environment, Past).ToJsonString());
        var line =
            $$"""{"at":"2024-01-11T15:58:29Z","actor":"dev-1","reason":"Old","operations":[{{string.Join(',', operations)}}]}""";
        return Who.PostAsync($"/api/v1/projects/{Past}/imports", line);
    }

    /// <summary>Passes approvals by, in the name of an incident.</summary>
    public Task<Answer> BypassAsync(string incident, string more = "")
    {
        var operation = Aimed;
        operation["project"] = Project;
        if (Name == "revertToRevision")
            operation["environment"] = Environment;
        return Who.PostAsync(
            "/api/v1/bypasses",
            $$"""{"incident":"{{incident}}","severity":"SEV1","justification":"it burns","operation":{{operation.ToJsonString()}}{{more}}}"""
        );
    }

    /// <summary>Does something to the request that an answer names; the answer itself where it names none.</summary>
    public async Task<Answer> FollowAsync(Answer asked, Somebody who, string verb, string body = "{}")
    {
        if (asked.Status != 202)
            return asked;
        var request = asked.Json.GetProperty("changeRequest");
        var path = $"/api/v1/change-requests/{request.Text("id")}/{verb}";
        return await who.PostAsync(path, body, ("If-Match", $"\"{request.Text("hash")}\""));
    }

    /// <summary>Approves it oneself, with two further tokens of the right role if one may make them, and has it applied.</summary>
    public async Task<Answer> ApproveAloneAsync(Answer asked)
    {
        if (asked.Status != 202)
            return asked;
        var last = await FollowAsync(asked, Who, "approve");
        for (var guise = 0; guise < 2; guise++)
        {
            var made = await Who.PostAsync("/api/v1/tokens", $$"""{"name":"guise",{{Directors}}}""");
            if (made.Status != 200)
                break;
            last = await FollowAsync(asked, Somebody.With(World, "guise", made.Json.Text("secret")), "approve");
        }
        await FollowAsync(asked, Who, "apply");
        return last;
    }

    public override string ToString() => $"{Who.Name}: {Name} in {Environment}";
}
