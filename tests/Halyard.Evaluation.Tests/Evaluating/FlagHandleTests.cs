using Halyard.Evaluation.Definitions;
using Halyard.Testing;

namespace Halyard.Evaluation.Tests.Evaluating;

public sealed class FlagHandleTests
{
    private const int Evaluations = 10_000;

    private const string HalfByKey =
        """{"fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1},{"variant":"off","weight":1}]}}}""";

    private static readonly EvaluationContext User = EvaluationContext.For("user-1");

    public static TheoryData<string> Configurations =>
        [
            """{"fallthrough":{"variant":"on"}}""",
            """{"enabled":false}""",
            HalfByKey,
            """{"overrides":[{"id":"o","targetingKey":"user-1","variant":"on"}]}""",
            """{"rules":[{"id":"r","conditions":[{"attribute":"targetingKey","operator":"endsWith","values":["-1"]}],"serve":{"variant":"on"}}]}""",
        ];

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Handle_AnswersAsTheKeyDoes(string configuration)
    {
        var snapshot = Given.Snapshot(Given.Flag(configuration));
        var byKey = Evaluator.Evaluate(snapshot, "flag", User, Given.Now);
        var handle = FlagHandle.Boolean("flag");

        for (var i = 0; i < 3; i++)
        {
            handle.Evaluate(snapshot, User, Given.Now).ShouldBe(byKey);
            handle.Value(snapshot, User, Given.Now, fallback: false).ShouldBe(byKey.BooleanValue(fallback: true));
        }
    }

    [Fact]
    public void Value_OfEachType_IsTheVariantsValue()
    {
        var snapshot = Given.Snapshot(
            Of("text", FlagType.String, "\"Ahoy\""),
            Of("number", FlagType.Number, "-1.5"),
            Of("json", FlagType.Json, """{"a":[1]}"""),
            Of("boolean", FlagType.Boolean, "true")
        );

        FlagHandle.String("text").Value(snapshot, User, Given.Now, "none").ShouldBe("Ahoy");
        FlagHandle.Number("number").Value(snapshot, User, Given.Now, 7).ShouldBe(-1.5);
        FlagHandle.Json("json").Value(snapshot, User, Given.Now, default).ToArray().ShouldBe("""{"a":[1]}"""u8.ToArray());
        FlagHandle.Boolean("boolean").Value(snapshot, User, Given.Now, fallback: false).ShouldBeTrue();
    }

    [Fact]
    public void Handle_OfAnotherType_IsTypeMismatch_AndTheFallback()
    {
        var snapshot = Given.Snapshot(Of("flag", FlagType.String, "\"true\""));

        var result = FlagHandle.Boolean("flag").Evaluate(snapshot, User, Given.Now);

        result.ErrorCode.ShouldBe(ErrorCode.TypeMismatch);
        result.Variant.ShouldBeNull();
        FlagHandle.Boolean("flag").Value(snapshot, User, Given.Now, fallback: true).ShouldBeTrue();
        FlagHandle.Number("flag").Value(snapshot, User, Given.Now, 7).ShouldBe(7);
        FlagHandle.Json("flag").Value(snapshot, User, Given.Now, "{}"u8.ToArray()).ToArray().ShouldBe("{}"u8.ToArray());
    }

    [Fact]
    public void FlagThatAppearsLater_IsFound_AndOneThatDisappearsIsNot()
    {
        var handle = FlagHandle.Boolean("flag");
        var with = Given.Snapshot(Given.Flag("""{"fallthrough":{"variant":"on"}}"""));

        handle.Evaluate(CompiledSnapshot.Empty, User, Given.Now).ErrorCode.ShouldBe(ErrorCode.FlagNotFound);
        handle.Value(CompiledSnapshot.Empty, User, Given.Now, fallback: true).ShouldBeTrue();
        handle.Evaluate(with, User, Given.Now).BooleanValue(fallback: false).ShouldBeTrue();
        handle.Evaluate(CompiledSnapshot.Empty, User, Given.Now).ErrorCode.ShouldBe(ErrorCode.FlagNotFound);
    }

    [Fact]
    public void FlagThatDoesNotCompile_IsAParseError_AndServesItsOffVariant()
    {
        var broken = Given.Compile(Given.Flag("""{"offVariant":"on","fallthrough":{"variant":"nobody"}}""")).Snapshot;

        FlagHandle.Boolean("flag").Evaluate(broken, User, Given.Now).ErrorCode.ShouldBe(ErrorCode.ParseError);
        FlagHandle.Boolean("flag").Value(broken, User, Given.Now, fallback: false).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Handle_WithoutAKey_IsRefused(string? key) => Should.Throw<ArgumentException>(() => FlagHandle.String(key!));

    [Fact]
    public async Task Swaps_UnderConcurrentReaders_NeverMixTwoSnapshots()
    {
        // Odd snapshots serve "on" and lack the second flag; even ones serve "off" and have it.
        var snapshots = Enumerable.Range(0, 64).Select(i => i % 2 == 1 ? Odd() : Even()).ToArray();
        var (handle, other) = (FlagHandle.Boolean("flag"), FlagHandle.Boolean("other"));

        var readers = Enumerable.Range(0, 4).Select(reader => Task.Run(() => Read(reader)));
        var wrong = await Task.WhenAll(readers).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        wrong.ShouldBe([0, 0, 0, 0]);

        int Read(int reader)
        {
            var mistakes = 0;
            for (var i = 0; i < Evaluations; i++)
            {
                // Readers walk through the snapshots at different paces, so that they keep replacing each other's resolution.
                var index = i / (reader + 1) % snapshots.Length;
                var isOdd = index % 2 == 1;
                var answer = handle.Value(snapshots[index], User, Given.Now, fallback: !isOdd);
                var found = other.Evaluate(snapshots[index], User, Given.Now).ErrorCode is null;
                mistakes += answer == isOdd && found != isOdd ? 0 : 1;
            }
            return mistakes;
        }

        static CompiledSnapshot Odd() => Given.Snapshot(Given.Flag("""{"fallthrough":{"variant":"on"}}"""));
        static CompiledSnapshot Even() =>
            Given.Snapshot(Given.Flag("""{"fallthrough":{"variant":"off"}}"""), Given.Flag(HalfByKey, Given.Boolean("other")));
    }

    [Fact]
    public void Evaluation_ByHandle_AllocatesNothing()
    {
        var snapshot = Given.Snapshot(
            Given.Flag(HalfByKey),
            Of("text", FlagType.String, "\"Ahoy\""),
            Of("number", FlagType.Number, "-1.5"),
            Of("json", FlagType.Json, """{"a":[1]}""")
        );
        var (boolean, text, number) = (FlagHandle.Boolean("flag"), FlagHandle.String("text"), FlagHandle.Number("number"));
        var (json, unknown) = (FlagHandle.Json("json"), FlagHandle.Boolean("nobody"));

        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(AllocationBudgets.Bytes("evaluation/by-handle") * Evaluations);

        void Run()
        {
            for (var i = 0; i < Evaluations; i++)
            {
                _ = boolean.Evaluate(snapshot, User, Given.Now);
                _ = boolean.Value(snapshot, User, Given.Now, fallback: false);
                _ = text.Value(snapshot, User, Given.Now, "");
                _ = number.Value(snapshot, User, Given.Now, 0);
                _ = json.Value(snapshot, User, Given.Now, default);
                _ = unknown.Evaluate(snapshot, User, Given.Now);
            }
        }
    }

    private static FlagInEnvironment Of(string key, FlagType type, string value) =>
        Given.Flag(
            """{"fallthrough":{"variant":"on"}}""",
            new FlagDefinition(key, type, FlagStatus.Active, [new("on", new FlagValue(value)), new("off", new FlagValue(value))])
        );
}
