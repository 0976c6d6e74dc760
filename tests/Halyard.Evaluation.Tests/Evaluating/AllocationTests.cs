using Halyard.Evaluation.Definitions;
using Halyard.Testing;

namespace Halyard.Evaluation.Tests.Evaluating;

public sealed class AllocationTests
{
    private const int Evaluations = 10_000;

    private static readonly long ByKey = AllocationBudgets.Bytes("evaluation/by-key") * Evaluations;

    public static TheoryData<string> Configurations =>
        [
            """{"fallthrough":{"variant":"on"}}""",
            """{"enabled":false}""",
            """{"fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":1}]}}}""",
            """{"fallthrough":{"rollout":{"bucketBy":"seats","weights":[{"variant":"on","weight":1},{"variant":"off","weight":1}],"experiment":{"key":"e","control":"off","traffic":50000}}}}""",
            """{"overrides":[{"id":"e","attribute":"tags","value":"z","variant":"on","emergency":true},{"id":"o","targetingKey":"user-1","variant":"on","expiresAt":"2030-01-01T00:00:00Z"}]}""",
            """{"prerequisites":[{"flag":"needed","variants":["on"]}],"fallthrough":{"variant":"on"}}""",
            Rule("equals", "company.plan", "\"x\",\"pro\""),
            Rule("equals", "company.plan", string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"v{i}\""))),
            Rule("equals", "seats", "1,2,3,4,5,6,7,8,9,10,25"),
            Rule("equalsIgnoreCase", "company.plan", "\"PRO\""),
            Rule("contains", "email", "\"acme\""),
            Rule("containsIgnoreCase", "email", "\"ACME\""),
            Rule("endsWith", "email", "\"example\""),
            Rule("matches", "email", "\"^[a-zé]+@acme\\\\.\""),
            Rule("greaterThan", "seats", "10"),
            Rule("between", "seats", "10,30"),
            Rule("exists", "seats", ""),
            Rule("semverCaret", "version", "\"1.2.0-rc.1\""),
            Rule("before", "created", "\"2026-01-01T00:00:00Z\""),
            Rule("cidr", "ip", "\"10.0.0.0/8\",\"2001:db8::/32\""),
            Rule("equals", "tags", "\"y\""),
            Rule("equals", "absent", "\"y\""),
            """{"rules":[{"id":"r","conditions":[{"operator":"segment","values":["outer"]}],"serve":{"variant":"on"}}]}""",
        ];

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Evaluation_OfAnyFeature_AllocatesNothing(string configuration)
    {
        var snapshot = Snapshot(configuration, Given.Boolean());
        Allocated(snapshot, static result => result.TryGetBoolean(out _, out _)).ShouldBe(ByKey, configuration);
    }

    [Theory]
    [InlineData(FlagType.Boolean, "true")]
    [InlineData(FlagType.String, "\"text\"")]
    [InlineData(FlagType.Number, "1.5")]
    [InlineData(FlagType.Json, "{\"a\":1}")]
    public void Evaluation_OfAnyType_AllocatesNothing(FlagType type, string value)
    {
        var flag = new FlagDefinition(
            "flag",
            type,
            FlagStatus.Active,
            [new("on", new FlagValue(value)), new("off", new FlagValue(value))]
        );
        var snapshot = Snapshot(
            """{"fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":1}]}}}""",
            flag
        );
        Allocated(
                snapshot,
                static result =>
                {
                    _ = result.BooleanValue(false);
                    _ = result.StringValue("");
                    _ = result.NumberValue(0);
                    _ = result.JsonValue(default);
                    return result.As(FlagType.Json).Variant is not null || result.RuleId is null;
                }
            )
            .ShouldBe(ByKey);
    }

    [Fact]
    public void Evaluation_OfAnUnknownFlag_AllocatesNothing() =>
        Allocated(CompiledSnapshot.Empty, static _ => true).ShouldBe(AllocationBudgets.Bytes("evaluation/unknown-flag"));

    private static string Rule(string comparison, string attribute, string values) =>
        $$"""
            {"rules":[{"id":"r","conditions":[{"attribute":"{{attribute}}","operator":"{{comparison}}","values":[{{values}}]}],"serve":{"variant":"on"} } ] }
            """;

    private static CompiledSnapshot Snapshot(string configuration, FlagDefinition flag)
    {
        var segments = new[]
        {
            """{"key":"outer","excludes":["nobody"],"rules":[{"id":"r","conditions":[{"operator":"segment","values":["inner"]}]}]}""",
            """{"key":"inner","includes":["user-1"]}""",
        };
        var result = SnapshotCompiler.Compile(
            new(
                "p",
                "e",
                1,
                [
                    Given.Flag(configuration, flag),
                    Given.Flag(
                        """{"fallthrough":{"variant":"on"},"rules":[{"id":"r","conditions":[{"attribute":"x","operator":"exists"}],"serve":{"variant":"off"} } ] }""",
                        Given.Boolean("needed")
                    ),
                ],
                [.. segments.Select(json => Given.Read(DefinitionJson.ReadSegment, json))]
            )
        );
        result.Diagnostics.ShouldBeEmpty();
        return result.Snapshot;
    }

    private static long Allocated(CompiledSnapshot snapshot, Func<EvaluationResult, bool> use)
    {
        var context = Given.Context(
            """
            {"targetingKey":"user-1","company":{"plan":"pro"},"seats":25,"email":"zoé@acme.example","version":"v1.4.0+7","created":"2025-06-01T00:00:00Z",
            "ip":"2001:db8::7","tags":["x","y"]}
            """
        );
        Run();
        // What evaluation allocates it allocates each time; what the runtime does on this thread now and then it does not.
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;

        void Run()
        {
            for (var i = 0; i < Evaluations; i++)
            {
                use(Evaluator.Evaluate(snapshot, "flag", context, Given.Now));
                use(Evaluator.Evaluate(snapshot, "flag"u8, context, Given.Now));
            }
        }
    }
}
