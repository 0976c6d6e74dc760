using System.Net;
using System.Text;

namespace Halyard.Cli.Tests.History;

public sealed class ImportTests
{
    private const string Ndjson = "application/x-ndjson";
    private const string ProblemType = "application/problem+json";
    private const string Ledger = """{"log":"l/admin","index":7,"root":"sha256:00"}""";

    [Fact]
    public async Task Import_SendsTheFileWithTheToken_AndTellsHowItGoes()
    {
        using var cli = new Cli
        {
            Server = _ =>
                Stream(
                    """
                    {"status":"validated","lines":3,"resumedFrom":0}
                    {"status":"progress","done":2,"lines":3}
                    {"status":"progress","done":3,"lines":3}
                    {"status":"finished","done":3,"lines":3,"resumedFrom":0,"ledger":
                    """.Trim()
                        + Ledger
                        + "}\n"
                ),
        };
        cli.Set("HALYARD_TOKEN", "secret");
        (await ImportAsync(cli, "--reason", "moving in & out")).ShouldBe(0);

        var (method, address, authorization, body) = cli.Requests.ShouldHaveSingleItem();
        (method, authorization).ShouldBe(("POST", "Bearer secret"));
        address.AbsoluteUri.ShouldBe("http://127.0.0.1:8080/api/v1/projects/web/imports?reason=moving%20in%20%26%20out");
        Encoding.UTF8.GetString(body).ShouldBe("the file");
        cli.Out.ShouldContain("3 lines are in order.");
        cli.Out.ShouldContain("2 of 3");
        cli.Out.ShouldContain("up to index 7, root sha256:00");
        cli.Out.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Resumed_SaysFromWhere()
    {
        using var cli = new Cli { Server = _ => Stream("""{"status":"validated","lines":3,"resumedFrom":2}""" + "\n") };
        await ImportAsync(cli, "--token", "t");
        cli.Out.ShouldContain("going on after line 2");
    }

    [Fact]
    public async Task AlreadyImported_IsSuccess()
    {
        using var cli = new Cli { Server = _ => Stream("""{"status":"already-imported","lines":3,"done":3}""") };
        (await ImportAsync(cli, "--token", "t")).ShouldBe(0);
        cli.Out.ShouldContain("nothing was written");
    }

    [Fact]
    public async Task WrongFile_ExitsWithOne_NamingEveryLine()
    {
        using var cli = new Cli
        {
            Server = _ =>
                Cli.Answer(
                    (HttpStatusCode)422,
                    ProblemType,
                    """{"type":"t","title":"Not valid","status":422,"detail":"2 things","errors":[{"pointer":"/1/at","message":"line 2: is required"},{"pointer":"/4","message":"line 5: \u001b[31mis blank"}]}"""
                ),
        };
        (await ImportAsync(cli, "--token", "t")).ShouldBe(1);
        cli.Error.ShouldContain("line 2: is required (at '/1/at')");
        cli.Error.ShouldContain("line 5: <U+001B>[31mis blank (at '/4')");
    }

    [Theory]
    [InlineData(409, 1)]
    [InlineData(500, 2)]
    public async Task FailureOnTheWay_ExitsByItsStatus(int status, int exit)
    {
        using var cli = new Cli
        {
            Server = _ =>
                Stream(
                    """{"status":"validated","lines":3}"""
                        + "\n"
                        + $$$"""{"status":"failed","problem":{"type":"t","title":"Broken","status":{{{status}}},"detail":"why"}}"""
                ),
        };
        (await ImportAsync(cli, "--token", "t")).ShouldBe(exit);
        cli.Error.ShouldContain("Broken: why");
    }

    [Theory]
    [InlineData("{\"status\":\"validated\",\"lines\":3}\n")]
    [InlineData("")]
    public async Task AnswerThatEndsEarly_ExitsWithTwo(string answer)
    {
        using var cli = new Cli { Server = _ => Stream(answer) };
        (await ImportAsync(cli, "--token", "t")).ShouldBe(2);
        cli.Error.ShouldContain("goes on where the import stopped");
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{\"status\":\"surprise\"}")]
    [InlineData("null")]
    public async Task AnswerOfSomethingElse_ExitsWithTwo(string answer)
    {
        using var cli = new Cli { Server = _ => Stream(answer) };
        (await ImportAsync(cli, "--token", "t")).ShouldBe(2);
    }

    [Theory]
    [InlineData(401, 1)]
    [InlineData(502, 2)]
    public async Task RefusalWithoutWords_ExitsByItsStatus(int status, int exit)
    {
        using var cli = new Cli { Server = _ => Cli.Answer((HttpStatusCode)status, "text/html", "<h1>no</h1>") };
        (await ImportAsync(cli, "--token", "t")).ShouldBe(exit);
        cli.Error.ShouldContain($"answers {status}");
    }

    [Fact]
    public async Task ServerOutOfReach_ExitsWithTwo()
    {
        using var cli = new Cli();
        (await ImportAsync(cli, "--token", "t", "--server", "https://flags.example.com")).ShouldBe(2);
        cli.Error.ShouldContain("https://flags.example.com/ cannot be reached");
    }

    [Fact]
    public async Task CreateProject_CreatesOnlyWhatIsMissing()
    {
        using var cli = new Cli
        {
            Server = request =>
                request switch
                {
                    { Method.Method: "GET" } => new HttpResponseMessage(HttpStatusCode.NotFound),
                    { RequestUri.AbsolutePath: "/api/v1/projects" } => Cli.Answer(HttpStatusCode.OK, "application/json", "{}"),
                    _ => Stream("""{"status":"already-imported","lines":1}"""),
                },
        };
        (await ImportAsync(cli, "--token", "t", "--create-project")).ShouldBe(0);
        cli.Requests.Select(request => $"{request.Method} {request.Address.AbsolutePath}")
            .ShouldBe(["GET /api/v1/projects/web", "POST /api/v1/projects", "POST /api/v1/projects/web/imports"]);
        Encoding
            .UTF8.GetString(cli.Requests[1].Body)
            .ShouldBe("""{"key":"web","name":"web","reason":"Import of history.jsonl"}""");

        cli.Requests.Clear();
        cli.Server = request =>
            request.Method.Method == "GET"
                ? Cli.Answer(HttpStatusCode.OK, "application/json", "{}")
                : Stream("""{"status":"already-imported","lines":1}""");
        (await ImportAsync(cli, "--token", "t", "--create-project")).ShouldBe(0);
        cli.Requests.Count.ShouldBe(2);
    }

    private static Task<int> ImportAsync(Cli cli, params string[] more) =>
        cli.RunAsync(["history", "import", cli.Write("history.jsonl", "the file"u8.ToArray()), "--project", "web", .. more]);

    private static HttpResponseMessage Stream(string lines) => Cli.Answer(HttpStatusCode.OK, Ndjson, lines);
}
