using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Halyard.Benchmarks.Evaluating;

namespace Halyard.Benchmarks.Serving;

/// <summary>A project with 100 flags on a running server (40 % without rules, 30 % one equality, 20 % by key, 10 % five rules), and a key to it.</summary>
internal static class ServedProject
{
    public const int Flags = 100;

    /// <summary>A flag with one rule.</summary>
    public const string OneFlag = Subjects.OneRule;

    /// <summary>A user with five attributes, as a client sends it.</summary>
    public const string Question =
        """{"context":{"targetingKey":"user-0123456789abcde","plan":"enterprise","country":"DE","version":"4.2.1","email":"someone@example.com","team":"team-777"}}""";

    /// <summary>Makes the project and returns an SDK key.</summary>
    public static async Task<string> CreateAsync(HttpClient client, string administrator)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", administrator);
        await PostAsync(client, "/api/v1/projects", """{"key":"web","name":"Web"}""");
        await PostAsync(client, "/api/v1/projects/web/environments", """{"key":"live","name":"Live","type":"staging"}""");
        foreach (var (key, shape) in Subjects.Mixed(Flags))
        {
            var flag = $$$"""{"key":"{{{key}}}","environments":{"live":{{{Subjects.Configuration(shape)}}}}}""";
            await PostAsync(client, "/api/v1/projects/web/flags", flag);
        }
        var answer = await PostAsync(client, "/api/v1/sdk-keys", """{"name":"bench","project":"web","environment":"live"}""");
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("secret").GetString()!;
    }

    /// <summary>Posts JSON and returns the answer's bytes; anything but success throws.</summary>
    public static async Task<byte[]> PostAsync(HttpClient client, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        var answer = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode
            ? answer
            : throw new InvalidOperationException($"{path}: {response.StatusCode} {Encoding.UTF8.GetString(answer)}");
    }
}
