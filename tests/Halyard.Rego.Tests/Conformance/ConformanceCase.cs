using System.Text.Json;

namespace Halyard.Rego.Tests.Conformance;

/// <summary>One of OPA's own cases: a query with what it must answer.</summary>
internal sealed record ConformanceCase(string Id, JsonElement Json)
{
    private static readonly string[] Elsewhere =
    [
        "graphql.",
        "providers.aws.",
        "crypto.x509.",
        "http.send",
        "net.lookup_ip_addr",
    ];

    public string Note => Json.GetProperty("note").GetString()!;

    /// <summary>Whether it uses what Halyard leaves out: other products' formats, and the network.</summary>
    public bool Applies => !Elsewhere.Any(name => Modules.Any(module => module.Text.Contains(name)));

    public IReadOnlyList<RegoSource> Modules =>
        Json.TryGetProperty("modules", out var modules) && modules.ValueKind == JsonValueKind.Array
            ? [.. modules.EnumerateArray().Select((module, at) => new RegoSource($"test-{at}.rego", module.GetString()!))]
            : [];

    public static IReadOnlyList<ConformanceCase> ReadAll(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .SelectMany(path => Read(path, Path.ChangeExtension(Path.GetRelativePath(folder, path), null))),
        ];

    /// <summary>What is wrong with the answer; null when it is the wanted one.</summary>
    public string? Run()
    {
        var compiled = RegoCompiler.Compile(Modules, new RegoOptions(Flag("strict_error")));
        if (compiled.Policy is not { } policy)
            return compiled.Problems[0].ToString();
        var prepared = policy.Prepare(Json.GetProperty("query").GetString()!);
        if (prepared.Query is not { } query)
            return $"query: {prepared.Problems[0]}";
        var data = Json.TryGetProperty("data", out var given) ? RegoValue.Parse(given) : RegoObject.Empty;
        return Check(query.Evaluate(Input(), data, RegoBudget.Default, DateTimeOffset.UnixEpoch));
    }

    private static IEnumerable<ConformanceCase> Read(string path, string name) =>
        JsonDocument
            .Parse(File.ReadAllText(path))
            .RootElement.GetProperty("cases")
            .EnumerateArray()
            .Select((json, at) => new ConformanceCase($"{name}#{at}", json));

    private RegoValue? Input()
    {
        if (Json.TryGetProperty("input_term", out var term))
        {
            var query = RegoCompiler.Compile([]).Policy!.Prepare(term.GetString()!).Query!;
            return (
                (RegoAnswer.Defined)query.Evaluate(null, RegoObject.Empty, RegoBudget.Default, DateTimeOffset.UnixEpoch)
            ).Value;
        }
        return Json.TryGetProperty("input", out var input) ? RegoValue.Parse(input) : null;
    }

    private string? Check(RegoAnswer answer)
    {
        if (Text("want_error_code") is { } code)
        {
            return
                answer is RegoAnswer.Failed failed
                && failed.Code == code
                && $"{failed.Code}: {failed.Message}".Contains(Text("want_error") ?? "")
                ? null
                : $"wanted {code}: {Text("want_error")}, got {Show(answer)}";
        }
        if (Text("want_error") is { } error)
            return answer is RegoAnswer.Failed failed && failed.Message.Contains(error)
                ? null
                : $"wanted {error}, got {Show(answer)}";
        var wanted = Json.GetProperty("want_result").EnumerateArray().Select(Wanted).Order().ToArray();
        RegoValue[] found = answer switch
        {
            RegoAnswer.Defined defined =>
            [
                .. defined.Bindings.Select(binding => Comparable(RegoValue.Parse(Bytes(binding)))).Order(),
            ],
            RegoAnswer.Undefined => [],
            _ => [RegoValue.Null],
        };
        return wanted.SequenceEqual(found) ? null : $"wanted {Json.GetProperty("want_result").GetRawText()}, got {Show(answer)}";
    }

    private RegoValue Wanted(JsonElement bindings) => Comparable(RegoValue.Parse(bindings));

    // Sets are arrays in the wanted results, in any order where the case says so.
    private RegoValue Comparable(RegoValue bindings) =>
        Flag("sort_bindings") && bindings is RegoObject members
            ? RegoObject.From(
                members.Select(member =>
                    KeyValuePair.Create(
                        member.Key,
                        member.Value is RegoArray array ? RegoArray.From(array.Order()) : member.Value
                    )
                )
            )
            : bindings;

    private static byte[] Bytes(RegoValue value) => System.Text.Encoding.UTF8.GetBytes(value.ToJson());

    private static string Show(RegoAnswer answer) =>
        answer is RegoAnswer.Defined defined ? string.Join(", ", defined.Bindings) : answer.ToString()!;

    private bool Flag(string name) => Json.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    private string? Text(string name) => Json.TryGetProperty(name, out var text) ? text.GetString() : null;
}
