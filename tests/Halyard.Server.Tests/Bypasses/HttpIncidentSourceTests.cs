using Halyard.Core.Approvals.Bypasses;
using Halyard.Server.Bypasses;
using Halyard.Server.Delivery;
using Microsoft.Extensions.Configuration;

namespace Halyard.Server.Tests.Bypasses;

/// <summary>The source of incidents, friendly and hostile. What it does not say clearly it does not say.</summary>
public sealed class HttpIncidentSourceTests : IAsyncLifetime
{
    private IncidentStandIn _standIn = null!;
    private IncidentOptions _options = null!;

    public async ValueTask InitializeAsync()
    {
        _standIn = await IncidentStandIn.StartAsync();
        _options = new IncidentOptions { Url = _standIn.Url, TimeoutSeconds = 1 };
        _options.AllowedHosts.Add("127.0.0.1");
    }

    public ValueTask DisposeAsync() => _standIn.DisposeAsync();

    [Fact]
    public async Task Incident_IsReadAsConfigured()
    {
        _options.IdField = "incident.number";
        _options.StatusField = "incident.state";
        _options.SeverityField = "incident.priority";
        _options.ActiveStates.Add("firing");
        _options.Severities["P1"] = "SEV1";
        _standIn.Answer("INC-1", """{"incident":{"number":"INC-1","state":"firing","priority":"P1"}}""");

        (await FindAsync("INC-1")).ShouldBe(new IncidentReport.Known(Severity.Sev1, true, "firing"));
    }

    [Theory]
    [InlineData("""{"id":"INC-1","status":"open","severity":"SEV9"}""")]
    [InlineData("""{"id":"INC-1","status":"open","severity":1}""")]
    [InlineData("""{"id":"INC-1","status":"open"}""")]
    public async Task SeverityThatIsNotKnown_IsNone(string body)
    {
        _standIn.Answer("INC-1", body);

        (await FindAsync("INC-1")).ShouldBe(new IncidentReport.Known(null, true, "open"));
    }

    [Theory]
    [InlineData("""{"id":"INC-2","status":"open","severity":"SEV1"}""", 200)]
    [InlineData("""{"status":"open","severity":"SEV1"}""", 200)]
    [InlineData("""{"id":"INC-1","severity":"SEV1"}""", 200)]
    [InlineData("""{"id":"INC-1","status":"open","status":"closed","severity":"SEV1"}""", 200)]
    [InlineData("""{"id":"INC-1","status":null,"severity":"SEV1"}""", 200)]
    [InlineData("""{"id":"INC-1","status":"open","severity":"SEV1"},""", 200)]
    [InlineData("""[{"id":"INC-1","status":"open","severity":"SEV1"}]""", 200)]
    [InlineData("not json", 200)]
    [InlineData("", 200)]
    [InlineData("""{"id":"INC-1","status":"open","severity":"SEV1"}""", 201)]
    [InlineData("""{"id":"INC-1","status":"open","severity":"SEV1"}""", 401)]
    [InlineData("""{"id":"INC-1","status":"open","severity":"SEV1"}""", 500)]
    public async Task AnswerThatSaysNothingClearly_IsNoAnswer(string body, int status)
    {
        _standIn.Answer("INC-1", body, status);

        (await FindAsync("INC-1")).ShouldBeOfType<IncidentReport.Unavailable>();
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        _standIn.Say("INC-2", "SEV1");
        _standIn.Answer(
            "INC-1",
            context =>
            {
                context.Response.Redirect("/incidents/INC-2");
                return Task.CompletedTask;
            }
        );

        (await FindAsync("INC-1")).ShouldBeOfType<IncidentReport.Unavailable>();
        _standIn.Asked.ShouldBe(["/incidents/INC-1"]);
    }

    [Fact]
    public async Task AnswerWithoutEnd_IsCutOff()
    {
        _standIn.Answer(
            "INC-1",
            $$"""{"id":"INC-1","status":"open","more":"{{new string('x', HttpIncidentSource.MaxBytes)}}"}"""
        );

        (await FindAsync("INC-1")).ShouldBeOfType<IncidentReport.Unavailable>().Why.ShouldContain("more than");
    }

    [Fact]
    public async Task SourceThatNeverAnswers_IsNotWaitedFor()
    {
        _standIn.Answer("INC-1", context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        (await FindAsync("INC-1")).ShouldBeOfType<IncidentReport.Unavailable>().Why.ShouldContain("does not answer");
    }

    [Fact]
    public async Task SourceThatIsGone_IsUnavailable()
    {
        await _standIn.DisposeAsync();

        (await FindAsync("INC-1")).ShouldBeOfType<IncidentReport.Unavailable>();
    }

    [Theory]
    [InlineData("../admin")]
    [InlineData("..")]
    [InlineData("INC-1/../../x")]
    [InlineData("INC-1?x=y")]
    [InlineData("INC%2F1")]
    [InlineData("INC-1\r\nX: y")]
    [InlineData("@example.org")]
    [InlineData("")]
    public async Task NameThatIsNone_ReachesNobody(string incident)
    {
        (await FindAsync(incident)).ShouldBe(new IncidentReport.Unknown());
        _standIn.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("https://incidents.example.org/{incident}", "incidents.example.org", true)]
    [InlineData("http://incidents.example.org/{incident}", "incidents.example.org", false)]
    [InlineData("https://incidents.example.org/{incident}", "other.example.org", false)]
    [InlineData("https://incidents.example.org/", "incidents.example.org", false)]
    [InlineData("https://user:secret@incidents.example.org/{incident}", "incidents.example.org", false)]
    [InlineData("https://{incident}.example.org/", "x.example.org", false)]
    [InlineData("http://127.0.0.1:9000/{incident}", "127.0.0.1", true)]
    public void Address_MustBeAnAllowedOne(string url, string allowed, bool isGood)
    {
        var options = new IncidentOptions { Url = url };
        options.AllowedHosts.Add(allowed);

        options.Problems().Any().ShouldBe(!isGood);
    }

    private async Task<IncidentReport> FindAsync(string incident)
    {
        using var source = new HttpIncidentSource(_options, new Secrets(new ConfigurationBuilder().Build()), TimeProvider.System);
        return await source.FindAsync(incident, TestContext.Current.CancellationToken);
    }
}
