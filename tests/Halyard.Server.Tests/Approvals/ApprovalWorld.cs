using System.Text;
using System.Text.Json;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>A server with the seed's approval policy in force, and the people that it names.</summary>
public class ApprovalWorld : HalyardServer
{
    public const string Enable = "/environments/production/enable";

    public const string Policy = """
        apiVersion: featureflags/v1
        kind: ApprovalPolicy
        metadata:
          name: two-people
        spec:
          rules:
            - name: kill-switch-bypass
              conditions:
                - field: flag.tags
                  operator: contains
                  value: kill-switch
              approval:
                required: false
            - name: production-changes
              conditions:
                - field: environment.type
                  operator: equals
                  value: production
              approval:
                required: true
                stages:
                  - name: technical-review
                    order: 1
                    requiredApprovers: 1
                    approverRoles: [tech-lead]
                    timeoutHours: 24
                    onTimeout: reject
                  - name: business-review
                    order: 2
                    requiredApprovers: 1
                    approverRoles: [product-owner]
                    timeoutHours: 48
                    onTimeout: reject
        """;

    public string SecondAdmin { get; private set; } = "";

    public string Developer { get; private set; } = "";

    public string Lead { get; private set; } = "";

    public string OtherLead { get; private set; } = "";

    public string ProductOwner { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        SecondAdmin = (await TokenAsync("ADMIN")).Secret;
        Developer = (await TokenAsync("developer")).Secret;
        Lead = (await TokenAsync("tech-lead")).Secret;
        OtherLead = (await TokenAsync("tech-lead")).Secret;
        ProductOwner = (await TokenAsync("product-owner")).Secret;
        await ProjectAsync("shop");
        foreach (var flag in new[] { "checkout", "banner", "search", "race", "drift", "strict", "checked", "killed", "calm" })
            await FlagAsync("shop", flag);
        (await PutPoliciesAsync(Policy)).Expect(200);
    }

    public Task<Answer> PutPoliciesAsync(string yaml, string? credential = null) =>
        SendAsync(
            "PUT",
            "/api/v1/policies",
            JsonSerializer.SerializeToUtf8Bytes(new { policies = new[] { new { yaml } }, reason = "govern production" }),
            credential ?? Admin
        );

    /// <summary>Asks for a flag to be switched on in production; the request's id and hash.</summary>
    public async Task<(string Id, string Hash)> AskAsync(string flag, string? credential = null)
    {
        var answer = await PostAsync(
            $"/api/v1/projects/shop/flags/{flag}{Enable}",
            """{"reason":"FEAT-123 goes live","ticket":"FEAT-123"}""",
            credential ?? Developer
        );
        var json = answer.Expect(202);
        json.Text("status").ShouldBe("pending");
        return (json.GetProperty("changeRequest").Text("id"), json.GetProperty("changeRequest").Text("hash"));
    }

    /// <summary>Asks for an operation; the request's id and hash.</summary>
    public async Task<(string Id, string Hash)> AskToAsync(string operation)
    {
        var body = $$"""{"operations":[{{operation}}],"reason":"test"}""";
        var request = (await PostAsync("/api/v1/projects/shop/changes", body, OtherLead))
            .Expect(202)
            .GetProperty("changeRequest");
        return (request.Text("id"), request.Text("hash"));
    }

    /// <summary>Gives approvals, by default the two that production needs, after which it is applied.</summary>
    public async Task ApproveAsync((string Id, string Hash) request, params string[] first)
    {
        foreach (var voter in (string[])[.. first, Lead, ProductOwner])
            (await VoteAsync(request.Id, request.Hash, "approve", voter)).Expect(200);
        (await StateAsync(request.Id)).ShouldBe("applied");
    }

    /// <summary>Switches a flag off in production, with both approvals.</summary>
    public async Task DisableAsync(string flag)
    {
        var path = $"/api/v1/projects/shop/flags/{flag}/environments/production/disable";
        var request = (await PostAsync(path, """{"reason":"test"}""", OtherLead)).Expect(202).GetProperty("changeRequest");
        await ApproveAsync((request.Text("id"), request.Text("hash")));
    }

    /// <summary>Puts another policy in force, with a second administrator's approval.</summary>
    public async Task ReplacePoliciesAsync(string yaml)
    {
        var request = (await PutPoliciesAsync(yaml)).Expect(202).GetProperty("changeRequest");
        (await VoteAsync(request.Text("id"), request.Text("hash"), "approve", SecondAdmin)).Expect(200);
    }

    public Task<Answer> VoteAsync(string id, string hash, string verb, string credential, string body = "{}") =>
        SendAsync(
            "POST",
            $"/api/v1/change-requests/{id}/{verb}",
            Encoding.UTF8.GetBytes(body),
            credential,
            ("If-Match", $"\"{hash}\"")
        );

    public async Task<string> StateAsync(string id) =>
        (await GetAsync($"/api/v1/change-requests/{id}")).Expect(200).Text("state");

    public async Task<bool> IsOnAsync(string flag, string environment = "production") =>
        (await GetAsync($"/api/v1/projects/shop/flags/{flag}"))
            .Expect(200)
            .GetProperty("environments")
            .TryGetProperty(environment, out var there) && there.GetProperty("enabled").GetBoolean();
}
