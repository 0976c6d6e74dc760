using System.Text.Json;
using System.Text.Json.Nodes;
using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;
using Halyard.Testing;

namespace Halyard.Core.Tests.Access;

/// <summary>The cases of <c>policies/inputs.json</c>; every engine is held to the same.</summary>
internal static class PolicyCases
{
    private static readonly string[] Asked = ["actor", "checks", "list", "ticket", "incident", "time"];

    private static readonly Dictionary<string, JsonNode> ByName = JsonNode.Parse(
        File.ReadAllText(Path.Combine(Suites.RepositoryRoot, "policies", "inputs.json"))
    )!["cases"]!
        .AsArray()
        .ToDictionary(item => item!["name"]!.ToString(), item => item!, StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static async Task HoldsAsync(string name, IPolicyEngine engine, CancellationToken cancellationToken)
    {
        var item = ByName[name];
        var actor = ActorOf(item["actor"]!);
        var state = new AccessState(0, Roles(item).ToList(), Assignments(item).ToList(), PolicyProgram.Shipped);
        var question = Asking.With(state, actor, Question(item));

        var plan = await engine.AskAsync(state, question, cancellationToken);

        WireNames.Of(plan.Kind).ShouldBe(item["expect"]!["kind"]!.ToString(), plan.Reason);
        foreach (var seen in item["expect"]!["sees"]?.AsArray() ?? [])
            plan.Allows(Resource(seen!)).ShouldBeTrue(seen!.ToJsonString());
        foreach (var hidden in item["expect"]!["hides"]?.AsArray() ?? [])
            plan.Allows(Resource(hidden!)).ShouldBeFalse(hidden!.ToJsonString());
    }

    private static byte[] Question(JsonNode item)
    {
        var question = new JsonObject { ["action"] = "x", ["tenant"] = "acme" };
        foreach (var member in Asked)
        {
            if (item[member] is { } value)
                question[member] = value.DeepClone();
        }
        return JsonSerializer.SerializeToUtf8Bytes(question);
    }

    private static Actor ActorOf(JsonNode json) =>
        new("acme", json["sid"]!.ToString(), ActorKind.User, "oidc", Strings(json["roles"]), null)
        {
            Groups = Strings(json["groups"]),
        };

    private static IEnumerable<Role> Roles(JsonNode item)
    {
        foreach (var json in item["roles"]?.AsArray() ?? [])
        {
            json!["id"] = "r_1";
            yield return (Role)Document(Role.NameOf(json["key"]!.ToString()), json);
        }
    }

    private static IEnumerable<Assignment> Assignments(JsonNode item)
    {
        foreach (var json in item["assignments"]?.AsArray() ?? [])
            yield return (Assignment)Document(Assignment.NameOf(json!["id"]!.ToString()), json);
    }

    private static Resource Document(ResourceName name, JsonNode json) =>
        RoleJson.Read(name, JsonSerializer.SerializeToUtf8Bytes(json)).ShouldNotBeNull();

    private static ResourceAttributes Resource(JsonNode json)
    {
        WireNames.TryParse<EnvironmentScope>(json["environmentType"]!.ToString(), out var type).ShouldBeTrue();
        return new ResourceAttributes(
            json["kind"]!.ToString(),
            json["project"]!.ToString(),
            json["key"]!.ToString(),
            json["environment"]!.ToString(),
            type,
            Strings(json["tags"])
        );
    }

    private static Sequence<string> Strings(JsonNode? list) =>
        (list?.AsArray() ?? []).Select(item => item!.ToString()).ToSequence();
}
