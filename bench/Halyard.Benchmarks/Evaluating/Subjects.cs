using System.Collections.Frozen;
using Halyard.Benchmarks.Measuring;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Benchmarks.Evaluating;

/// <summary>The flags of the comparison, each in Halyard's terms and written by hand.</summary>
internal static class Subjects
{
    /// <summary>A flag of every mixture, with one rule.</summary>
    public const string OneRule = "flag-0004";

    private const string OnOff = """[{"key":"on","value":true},{"key":"off","value":false}]""";
    private const string Json =
        """[{"key":"a","value":{"columns":2}},{"key":"b","value":{"columns":3}},{"key":"c","value":{"columns":4}}]""";

    /// <summary>1,000 strings, one of which is the user's team.</summary>
    public static readonly string[] Teams = [.. Enumerable.Range(0, 1_000).Select(i => $"team-{i}")];

    public static EvaluationContext Context { get; } =
        new EvaluationContextBuilder(Sent("user-0123456789abcde"))
            .Set("plan", Sent("enterprise"))
            .Set("country", Sent("DE"))
            .Set("version", Sent("4.2.1"))
            .Set("email", Sent("someone@example.com"))
            .Set("team", Sent("team-777"))
            .Build();

    public static FloorContext FloorContext { get; } =
        new(
            Sent("user-0123456789abcde"),
            [Sent("enterprise"), Sent("DE"), Sent("4.2.1"), Sent("someone@example.com"), Sent("team-777")]
        );

    /// <summary>The environment with these flags, as it is stored.</summary>
    public static EnvironmentDefinition Definition(IEnumerable<(string Key, char Shape)> flags) =>
        new("web", "live", 1, [.. flags.Select(flag => Flag(flag.Key, flag.Shape))], []);

    public static CompiledSnapshot Snapshot(IEnumerable<(string Key, char Shape)> flags)
    {
        var compiled = SnapshotCompiler.Compile(Definition(flags));
        return compiled.Diagnostics.Count == 0
            ? compiled.Snapshot
            : throw new InvalidOperationException(compiled.Diagnostics[0].ToString());
    }

    public static FrozenDictionary<string, FloorFlag> Floor(IEnumerable<(string Key, char Shape)> flags) =>
        flags.ToFrozenDictionary(flag => flag.Key, flag => Floor(flag.Key, flag.Shape), StringComparer.Ordinal);

    /// <summary>1,000 flags: 40 % a, 30 % b, 20 % d, 10 % c.</summary>
    public static IEnumerable<(string Key, char Shape)> Thousand() => Mixed(1_000);

    /// <summary>Flags in the same proportions.</summary>
    public static IEnumerable<(string Key, char Shape)> Mixed(int count) =>
        Enumerable.Range(0, count).Select(i => ($"flag-{i:D4}", "aaaabbbddc"[i % 10]));

    private static FlagInEnvironment Flag(string key, char shape)
    {
        var type = shape == 'f' ? FlagType.Json : FlagType.Boolean;
        var variants = Written.Read(
            json => json.List("variants", 10).Select(DefinitionJson.ReadVariant).ToSequence(),
            $$"""{"variants":{{(shape == 'f' ? Json : OnOff)}} }"""
        );
        var configuration = Written.Read(DefinitionJson.ReadEnvironment, Configuration(shape));
        return new FlagInEnvironment(new FlagDefinition(key, type, FlagStatus.Active, variants), configuration, 7);
    }

    /// <summary>The flag's configuration in an environment, as JSON.</summary>
    public static string Configuration(char shape) =>
        shape switch
        {
            'a' => Serving("", """{"variant":"on"}"""),
            'b' => Serving(Rule("b", Equal("plan", "enterprise")), """{"variant":"off"}"""),
            'c' => Serving(
                string.Join(
                    ',',
                    Enumerable
                        .Range(0, 5)
                        .Select(i =>
                            Rule(
                                $"c{i}",
                                Equal("country", "DE"),
                                Equal("plan", "enterprise"),
                                Equal("team", i == 4 ? "team-777" : $"team-{i}")
                            )
                        )
                ),
                """{"variant":"off"}"""
            ),
            'd' => Serving("", Rollout("on", "off")),
            'e' => Serving(Rule("e", Equal("team", Teams)), """{"variant":"off"}"""),
            'f' => Serving("", Rollout("a", "b", "c")).Replace("\"off\"", "\"a\"", StringComparison.Ordinal),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
        };

    private static FloorFlag Floor(string key, char shape) =>
        shape switch
        {
            'a' => new ConstantFloor(1),
            'b' => new RulesFloor([new EqualsFloor(FloorContext.Plan, "enterprise")]),
            'c' => new RulesFloor([
                .. Enumerable
                    .Range(0, 5)
                    .Select(i =>
                        new FloorCondition[]
                        {
                            new EqualsFloor(FloorContext.Country, "DE"),
                            new EqualsFloor(FloorContext.Plan, "enterprise"),
                            new EqualsFloor(FloorContext.Team, i == 4 ? "team-777" : $"team-{i}"),
                        }
                    ),
            ]),
            'd' => new SplitFloor(key, [1, 0]),
            'e' => new RulesFloor([new MemberFloor(FloorContext.Team, Teams)]),
            'f' => new JsonFloor(
                key,
                ["""{"columns":2}"""u8.ToArray(), """{"columns":3}"""u8.ToArray(), """{"columns":4}"""u8.ToArray()]
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
        };

    // A string of its own, as what a request brings is: one that the definition shares would be equal at a glance.
    private static string Sent(string text) => new(text.AsSpan());

    private static string Serving(string rules, string fallthrough) =>
        $$"""{"enabled":true,"offVariant":"off","rules":[{{rules}}],"fallthrough":{{fallthrough}}}""";

    private static string Rule(string id, params string[] conditions) =>
        $$"""{"id":"{{id}}","conditions":[{{string.Join(',', conditions)}}],"serve":{"variant":"on"} }""";

    private static string Equal(string attribute, params string[] values) =>
        $$"""{"attribute":"{{attribute}}","operator":"equals","values":[{{string.Join(',', values.Select(value => $"\"{value}\""))}}]}""";

    private static string Rollout(params string[] variants)
    {
        var weights = variants.Select(variant => $$"""{"variant":"{{variant}}","weight":1}""");
        return $$"""{"rollout":{"weights":[{{string.Join(',', weights)}}]} }""";
    }
}
