using System.Net.Http.Json;
using System.Text.Json;
using Halyard.Cli;
using Halyard.Testing;

namespace Halyard.Server.Tests.Hosting;

/// <summary>Two servers, each a process, on one DynamoDB table, through the front door.</summary>
public sealed class DynamoDbServersTests(Moto moto) : IClassFixture<Moto>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-proof-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task Change_OfSomebodyWhoLoggedIn_IsEvaluatedByTheOtherServer_Proved_AndKeptOverARestart()
    {
        await using var fleet = await Fleet.StartAsync(new DynamoDbSettings(moto));
        var one = await fleet.StartServerAsync();
        var other = await fleet.StartServerAsync();
        await fleet.PostAsync(one, "projects", """{"key":"web","name":"Web"}""");
        await fleet.PostAsync(one, "projects/web/environments", """{"key":"dev","name":"Dev","type":"development"}""");
        var made = await fleet.PostAsync(one, "sdk-keys", """{"name":"sdk","project":"web","environment":"dev"}""");
        var key = made.GetProperty("secret").GetString()!;

        // Made on one server, logged in on the other, and what they do goes by either.
        await fleet.PostAsync(
            one,
            "users",
            $$"""{"email":"ann@example.com","name":"Ann","roles":["ADMIN"],"password":"{{HalyardServer.Password}}"}"""
        );
        var ann = await LogInAsync(other);
        await SendAsync(other, "projects/web/flags", """{"key":"checkout"}""", ann);
        await SendAsync(one, "projects/web/changes", Body(enabled: true, 1), ann);
        await Fleet.SeeAsync(other, "checkout", enabled: true, key);
        await SendAsync(other, "projects/web/changes", Body(enabled: false, 2), ann);
        await Fleet.SeeAsync(one, "checkout", enabled: false, key);

        var entries = (await fleet.GetAsync(one, "audit?flag=checkout&project=web&limit=2")).GetProperty("items");
        entries[0].GetProperty("type").GetString().ShouldBe("flag.updated");
        entries[1].GetProperty("type").GetString().ShouldBe("flag.updated");
        var index = entries[1].GetProperty("index").GetInt64();
        await VerifyAsync(await fleet.GetAsync(other, $"audit/{index}/proof"));

        await one.StopAsync();
        await other.StopAsync();
        var (exit, output, error) = await fleet.RunAsync("store", "diff");
        exit.ShouldBe(0, output + error);

        var again = await fleet.StartServerAsync();
        await Fleet.SeeAsync(again, "checkout", enabled: false, key);
        var kept = (await fleet.GetAsync(again, $"audit/{index}")).GetProperty("type").GetString();
        kept.ShouldBe("flag.updated");
        await VerifyAsync(await fleet.GetAsync(again, $"audit/{index}/proof"));
        await SendAsync(again, "projects/web/changes", Body(enabled: true, 3), ann);
        await Fleet.SeeAsync(again, "checkout", enabled: true, key);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<string> LogInAsync(Node node)
    {
        var body = $$"""
            {"email":"ann@example.com","password":"{{HalyardServer.Password}}","newPassword":"{{HalyardServer.Password}} 2",
             "tenant":"acme","token":true}
            """;
        using var answer = await Fleet.SendAsync(node, "auth/password", body, "");
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        answer.IsSuccessStatusCode.ShouldBeTrue(json.GetRawText());
        return json.GetProperty("accessToken").GetString()!;
    }

    private static async Task SendAsync(Node node, string path, string body, string credential)
    {
        using var answer = await Fleet.SendAsync(node, $"api/v1/{path}", body, credential);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancel));
    }

    private async Task VerifyAsync(JsonElement proof)
    {
        var file = Path.Combine(_folder.FullName, "proof.json");
        await File.WriteAllTextAsync(file, proof.GetRawText(), Cancel);
        await using var output = new StringWriter();
        var host = new CliHost(output, output, _ => null, () => new SocketsHttpHandler());
        (await CommandLine.RunAsync(["verify-proof", file], host, Cancel)).ShouldBe(0, output.ToString());
    }

    private static string Body(bool enabled, int revision) =>
        $$"""
            {"operations":[{"op":"setEnabled","flag":"checkout","environment":"dev","enabled":{{(
                enabled ? "true" : "false"
            )}},"baseRevision":{{revision}}}]}
            """;
}
