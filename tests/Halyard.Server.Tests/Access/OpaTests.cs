using System.Net;
using System.Text.Json;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Tests.Access;
using Halyard.Rego;
using Halyard.Server.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Halyard.Server.Tests.Access;

/// <summary>OPA over REST answers as the engine in this process does, and whatever it answers otherwise is no.</summary>
public sealed class OpaTests(OpaTests.Opa opa) : IClassFixture<OpaTests.Opa>
{
    private const string Yes = """{"result":{"kind":"always"}}""";

    public static TheoryData<string> Cases => [.. PolicyCases.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_IsDecidedAsInThisProcess(string name)
    {
        opa.Answer = opa.EvaluateAsync;
        using var engine = opa.Engine();
        await PolicyCases.HoldsAsync(name, engine, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task PlainYes_IsYes() => (await AskAsync(200, Yes)).Kind.ShouldBe(PlanKind.Always);

    [Theory]
    [InlineData(200, "{}", "no answer")]
    [InlineData(200, """{"decision_id":"1"}""", "no answer")]
    [InlineData(200, """{"result":null}""", "cannot be understood")]
    [InlineData(200, """{"result":true}""", "cannot be understood")]
    [InlineData(200, """{"result":{}}""", "cannot be understood")]
    [InlineData(200, """{"result":{"kind":"sometimes"}}""", "cannot be understood")]
    [InlineData(200, """{"result":{"kind":"always","surprise":1}}""", "cannot be understood")]
    [InlineData(200, """{"result":{"kind":"always","masks":{"a":"null"}}}""", "cannot be understood")]
    [InlineData(200, """{"result":{"kind":"always","filter":{"op":"all","of":[]}}}""", "cannot be understood")]
    [InlineData(200, """{"result":{"kind":"when"}}""", "cannot be understood")]
    [InlineData(200, """{"result":{"kind":"when","filter":{"op":"xor","of":[]}}}""", "cannot be understood")]
    [InlineData(
        200,
        """{"result":{"kind":"when","filter":{"op":"within","limit":"planets","values":[]}}}""",
        "cannot be understood"
    )]
    [InlineData(200, """{"result":{"kind":"when","filter":{"op":"all"}}}""", "cannot be understood")]
    [InlineData(200, """{"result":{"kind":"never"},"result":{"kind":"always"}}""", "not JSON")]
    [InlineData(200, "[]", "no object")]
    [InlineData(200, "yes", "not JSON")]
    [InlineData(200, "", "not JSON")]
    [InlineData(201, Yes, "status 201")]
    [InlineData(302, Yes, "status 302")]
    [InlineData(500, Yes, "status 500")]
    public async Task AnythingElse_IsNoWithTheReason(int status, string body, string reason)
    {
        var plan = await AskAsync(status, body);

        plan.Kind.ShouldBe(PlanKind.Never);
        plan.Reason.ShouldContain(reason);
    }

    [Fact]
    public async Task AnswerThatIsTooLarge_IsNo() =>
        (await AskAsync(200, $$"""{"result":{"kind":"always"},"metrics":"{{new string('x', 300_000)}}"}""")).Reason.ShouldContain(
            "more than"
        );

    [Fact]
    public async Task NoAnswerInTime_IsNo()
    {
        opa.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var engine = opa.Engine(timeout: 50);

        (await AskAsync(engine)).Reason.ShouldContain("within 50 ms");
    }

    [Fact]
    public async Task NobodyThere_IsNo()
    {
        using var engine = new OpaEngine(new AuthorizationOptions { OpaUrl = "http://127.0.0.1:1" }, TimeProvider.System);

        (await AskAsync(engine)).Reason.ShouldContain("cannot be reached");
    }

    [Theory]
    [InlineData("rego", "", 500, 0)]
    [InlineData("opa", "https://opa.example.com", 500, 0)]
    [InlineData("opa", "http://127.0.0.1:8181", 500, 0)]
    [InlineData("opa", "http://opa.example.com", 500, 1)]
    [InlineData("opa", "", 500, 1)]
    [InlineData("opa", "https://user:secret@opa.example.com", 5, 2)]
    [InlineData("cedar", "", 500, 1)]
    public void Options_ThatCannotBeMeant_AreRefused(string engine, string url, int timeout, int problems) =>
        new AuthorizationOptions
        {
            Engine = engine,
            OpaUrl = url,
            OpaTimeoutMs = timeout,
        }
            .Problems()
            .Count()
            .ShouldBe(problems);

    private async Task<AccessPlan> AskAsync(int status, string body)
    {
        opa.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return context.Response.WriteAsync(body);
        };
        using var engine = opa.Engine();
        return await AskAsync(engine);
    }

    private static async Task<AccessPlan> AskAsync(OpaEngine engine)
    {
        var state = new AccessState(7, [], [], PolicyProgram.Shipped);
        var plan = await engine.AskAsync(state, RegoObject.Empty, TestContext.Current.CancellationToken);
        plan.Policy.ShouldBe("opa access@7");
        return plan;
    }

    /// <summary>OPA's REST API in front of the engine of this process: a stand-in, so that no download is needed.</summary>
    public sealed class Opa : IAsyncLifetime
    {
        private WebApplication? _app;

        /// <summary>What it answers with.</summary>
        internal RequestDelegate Answer { get; set; } = _ => Task.CompletedTask;

        public async ValueTask InitializeAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.MapPost("/v1/data/halyard/authz", context => Answer(context));
            await _app.StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (_app is not null)
                await _app.DisposeAsync();
        }

        internal OpaEngine Engine(int timeout = 10_000) =>
            new(new AuthorizationOptions { OpaUrl = _app!.Urls.Single(), OpaTimeoutMs = timeout }, TimeProvider.System);

        /// <summary>As OPA does with the policy that ships: the value as <c>result</c>, left out where there is none.</summary>
        internal async Task EvaluateAsync(HttpContext context)
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            var modules = AuthorizationPolicy.Shipped.Select(module => new RegoSource(module.Name, module.Text));
            var query = RegoCompiler.Compile([.. modules]).Policy!.Prepare(PolicyProgram.EntryPoint).Query!;
            var input = RegoValue.Parse(body.RootElement.GetProperty("input"));
            var answer = query.Evaluate(input, RegoObject.Empty, RegoBudget.Default, DateTimeOffset.UnixEpoch);
            context.Response.StatusCode = (int)HttpStatusCode.OK;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                answer is RegoAnswer.Defined defined ? $$"""{"result":{{defined.Value.ToJson()}}}""" : "{}"
            );
        }
    }
}
