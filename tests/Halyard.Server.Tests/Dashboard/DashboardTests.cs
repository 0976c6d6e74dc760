using System.Text.RegularExpressions;
using Halyard.Server.Dashboard;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Dashboard;

/// <summary>How the dashboard's files reach a browser, with a dashboard of two files.</summary>
public sealed partial class DashboardTests(DashboardTests.Server server) : IClassFixture<DashboardTests.Server>
{
    private const string Html = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData("/")]
    [InlineData("/login")]
    [InlineData("/projects/web/flags/check-out.v2?tab=history")]
    public async Task Browser_GetsThePageAtEveryAddress_AndKeepsItNowhere(string path)
    {
        var answer = await OpenAsync(path);

        answer.Status.ShouldBe(200);
        answer.MediaType.ShouldBe("text/html");
        answer.Words.ShouldContain("<title>Halyard</title>");
        answer.Headers["Cache-Control"].ShouldBe("no-store");
        answer.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
    }

    [Fact]
    public async Task Page_RunsNothingThatStandsInIt_AndItsNonceIsNewEachTime()
    {
        var (first, second) = (await OpenAsync("/"), await OpenAsync("/"));

        var policy = first.Headers["Content-Security-Policy"];
        policy.ShouldStartWith("default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldContain("script-src 'self';");
        var nonce = Nonce().Match(policy).Groups[1].Value;
        nonce.Length.ShouldBe(32);
        first.Words.ShouldContain($"nonce=\"{nonce}\"");
        first.Words.ShouldNotContain(DashboardFiles.NonceMark);
        second.Headers["Content-Security-Policy"].ShouldNotContain(nonce);
    }

    [Theory]
    [InlineData("/api/v1/nothing", 404)]
    [InlineData("/api/v1/me", 401)]
    [InlineData("/ofrep/v1/nothing", 404)]
    [InlineData("/auth/nothing", 404)]
    [InlineData("/health/nothing", 404)]
    [InlineData("/ledger/nothing", 404)]
    [InlineData("/openapi/nothing.json", 404)]
    [InlineData("/.well-known/security.txt", 404)]
    [InlineData("/assets/gone-12345678.js", 404)]
    public async Task ServersOwnAddresses_NeverAnswerWithThePage(string path, int status)
    {
        var answer = await OpenAsync(path);

        answer.Status.ShouldBe(status);
        answer.Words.ShouldNotContain("<title>");
    }

    [Theory]
    [InlineData("GET", "application/json")]
    [InlineData("GET", "")]
    [InlineData("POST", Html)]
    public async Task WhoeverAsksForDataOrWrites_GetsAProblemWhereNothingIs(string method, string accept)
    {
        var answer = await server.SendAsync(method, "/projects", null, "", ("Accept", accept));

        answer.Status.ShouldBe(404);
        answer.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Assets_AreKeptForEver_AndOtherFilesAskedForAgain()
    {
        var asset = await server.SendAsync("GET", "/assets/app-12345678.js", null, "");
        var scheme = await server.SendAsync("GET", "/scheme.js", null, "");

        asset.Words.ShouldBe(Server.Script);
        asset.MediaType.ShouldBe("text/javascript");
        asset.Headers["Cache-Control"].ShouldBe("public, max-age=31536000, immutable");
        scheme.Headers["Cache-Control"].ShouldBe("no-cache");
        var again = await server.SendAsync("GET", "/scheme.js", null, "", ("If-None-Match", scheme.ETag!));
        again.Status.ShouldBe(304);
        again.Words.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    [InlineData("", null)]
    public async Task Asset_ComesCompressedAsTheBrowserTakesIt(string accepted, string? encoding)
    {
        var answer = await server.SendAsync("GET", "/assets/app-12345678.js", null, "", ("Accept-Encoding", accepted));

        answer.Headers["Vary"].ShouldBe("Accept-Encoding");
        answer.Words.ShouldBe(encoding ?? Server.Script);
    }

    [Theory]
    [InlineData("/assets/../secret.txt")]
    [InlineData("/assets/%2e%2e/%2e%2e/secret.txt")]
    [InlineData("/..%2f..%2fsecret.txt")]
    [InlineData("/index.html.bak")]
    [InlineData("/assets/app-12345678.js.br")]
    public async Task Addresses_ReachNoFileThatWasNotRead(string path) =>
        (await server.SendAsync("GET", path, null, "")).Status.ShouldBe(404);

    [Fact]
    public async Task Head_TellsTheSizeAlone()
    {
        var answer = await server.SendAsync("HEAD", "/assets/app-12345678.js", null, "");

        answer.Status.ShouldBe(200);
        answer.Words.ShouldBeEmpty();
    }

    [Fact]
    public void Folder_WithoutADashboard_IsRefusedAtTheStart() =>
        new DashboardOptions { Folder = Path.GetTempPath() }
            .Problems()
            .Single()
            .ShouldContain("index.html");

    private Task<Answer> OpenAsync(string path) => server.SendAsync("GET", path, null, "", ("Accept", Html));

    [GeneratedRegex("'nonce-([0-9a-f]+)'")]
    private static partial Regex Nonce();

    /// <summary>A server with a dashboard of two files, and a file outside of it.</summary>
    public sealed class Server : HalyardServer
    {
        public const string Script = "export {};";

        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-dashboard-");

        protected override IEnumerable<string> Settings => [$"--Halyard:Dashboard:Folder={_folder.FullName}/dist"];

        protected override async ValueTask StartNeighboursAsync()
        {
            var assets = Directory.CreateDirectory(Path.Combine(_folder.FullName, "dist", "assets")).FullName;
            var dist = Path.GetDirectoryName(assets)!;
            await File.WriteAllTextAsync(
                Path.Combine(dist, "index.html"),
                """<meta property="csp-nonce" nonce="__NONCE__"><title>Halyard</title>"""
            );
            await File.WriteAllTextAsync(Path.Combine(dist, "scheme.js"), "void 0;");
            await File.WriteAllTextAsync(Path.Combine(dist, "index.html.bak"), "old");
            await File.WriteAllTextAsync(Path.Combine(assets, "app-12345678.js"), Script);
            // Which of them was sent is what the test reads.
            await File.WriteAllTextAsync(Path.Combine(assets, "app-12345678.js.br"), "br");
            await File.WriteAllTextAsync(Path.Combine(assets, "app-12345678.js.gz"), "gzip");
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "secret.txt"), "secret");
        }

        protected override ValueTask StopNeighboursAsync()
        {
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
