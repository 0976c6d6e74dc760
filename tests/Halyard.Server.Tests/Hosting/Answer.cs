using System.Text;
using System.Text.Json;

namespace Halyard.Server.Tests.Hosting;

/// <summary>What the server answered.</summary>
public sealed record Answer(int Status, byte[] Bytes, string? MediaType, string? ETag)
{
    /// <summary>Every header of the answer; those that came twice joined by a line's end.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string Words => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Bytes);

    /// <summary>The body, where the status is this one; else the test fails with what came instead.</summary>
    public JsonElement Expect(int status)
    {
        Status.ShouldBe(status, Words);
        return Bytes.Length == 0 ? default : Json;
    }

    /// <summary>The problem (RFC 9457), where the answer is a proper one of this status and type.</summary>
    public JsonElement ExpectProblem(int status, string type)
    {
        Status.ShouldBe(status, Words);
        MediaType.ShouldBe("application/problem+json");
        var problem = Json;
        problem.Text("type").ShouldBe($"https://halyard.dev/problems/{type}", Words);
        problem.Text("title").ShouldNotBeEmpty();
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        return problem;
    }

    /// <summary>The pointers of a refusal, in ordinal order.</summary>
    public IReadOnlyList<string> ExpectInvalid() =>
        [
            .. ExpectProblem(422, "invalid")
                .GetProperty("errors")
                .EnumerateArray()
                .Select(error => error.Text("pointer"))
                .Order(StringComparer.Ordinal),
        ];
}

/// <summary>Short reading of JSON.</summary>
public static class JsonReading
{
    public static string Text(this JsonElement json, string member) => json.GetProperty(member).GetString().ShouldNotBeNull();

    public static IReadOnlyList<JsonElement> Items(this JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];
}
