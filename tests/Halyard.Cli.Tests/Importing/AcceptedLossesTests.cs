using System.Net;
using System.Text;

namespace Halyard.Cli.Tests.Importing;

public sealed class AcceptedLossesTests
{
    private const string Share = """
        {"version":2,"features":[{"name":"f","enabled":true,"strategies":[{"name":"flexibleRollout","parameters":{"rollout":"50"}}]}]}
        """;

    private const string Words = """
        {"version":2,"features":[{"name":"f","enabled":true,"impressionData":true,"strategies":[{"name":"default"}]}]}
        """;

    [Theory]
    [InlineData(Share, "", 4, "flag f: to create; default: left off")]
    [InlineData(Share, "--accept-losses", 4, "flag f: to create; default: left off")]
    [InlineData(Share, "--accept-chance", 0, "flag f: to create; default: 2 rule(s)")]
    [InlineData(Words, "--accept-chance", 4, "0 to create")]
    [InlineData(Words, "--accept-losses", 0, "flag f: to create; default: 0 rule(s)")]
    public async Task Loss_IsAcceptedByItsOwnOptionOnly(string file, string option, int exit, string said)
    {
        using var cli = new Cli { Server = Answer };
        var path = cli.Write("features.json", Encoding.UTF8.GetBytes(file));
        string[] arguments = ["import", path, "--from", "unleash", "--project", "p", "--token", "t"];
        (await cli.RunAsync(option.Length == 0 ? arguments : [.. arguments, option])).ShouldBe(exit, cli.Error);
        cli.Out.ShouldContain(said);
        // Accepted or not, it is said.
        cli.Out.ShouldContain("! Flag f");
        cli.Out.Contains("unless --accept", StringComparison.Ordinal).ShouldBe(exit != 0);
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request) =>
        Cli.Answer(
            HttpStatusCode.OK,
            "application/json",
            request switch
            {
                { Method.Method: "POST" } =>
                    """{"verdict":"allow","policy":"","reason":"","diff":[],"environments":[],"flags":[],"blastRadius":0,"resources":[]}""",
                { RequestUri.AbsolutePath: "/api/v1/projects/p/environments" } =>
                    """{"items":[{"id":"e","key":"default","name":"","type":"development","order":0,"enabled":true,"revision":1}],"next":null}""",
                _ => """{"items":[],"next":null}""",
            }
        );
}
