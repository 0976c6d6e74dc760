using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Evaluating;

public sealed class SegmentTests
{
    private const string Beta =
        """{"key":"beta","includes":["in","both"],"excludes":["out","both"],"rules":[{"id":"r","conditions":[{"attribute":"beta","operator":"equals","values":[true]}]}]}""";

    [Theory]
    [InlineData("""{"targetingKey":"in"}""", true)]
    [InlineData("""{"targetingKey":"both"}""", false)]
    [InlineData("""{"targetingKey":"out","beta":true}""", false)]
    [InlineData("""{"targetingKey":"x","beta":true}""", true)]
    [InlineData("""{"beta":true}""", true)]
    [InlineData("""{"targetingKey":"x"}""", false)]
    [InlineData("{}", false)]
    public void Segment_Contains_IncludesAndRulesButNeverExcludes(string context, bool contains)
    {
        Member(context, "", Beta).ShouldBe(contains);
        Member(context, ",\"negate\":true", Beta).ShouldBe(!contains);
        Member(context, ",\"whenMissing\":\"match\"", Beta).ShouldBe(contains);
    }

    [Fact]
    public void Segments_InsideSegments_AreFollowedInAnyOrderOfDefinition()
    {
        var outer = """{"key":"outer","rules":[{"id":"r","conditions":[{"operator":"segment","values":["beta"]}]}]}""";
        foreach (var order in new[] { new[] { outer, Beta }, [Beta, outer] })
        {
            Member("""{"targetingKey":"in"}""", "", order, "outer").ShouldBeTrue();
            Member("""{"targetingKey":"x"}""", "", order, "outer").ShouldBeFalse();
        }
    }

    [Fact]
    public void Cycle_OfSegments_BreaksThemAndWhatUsesThem()
    {
        var result = Compile([Uses("a", "b"), Uses("b", "a"), Uses("c", "a"), Beta], ("uses-c", "c"), ("uses-beta", "beta"));
        result.Diagnostics.ShouldBe([
            new Diagnostic("a", "/rules", "is part of a cycle of segments", IsSegment: true),
            new Diagnostic("b", "/rules", "is part of a cycle of segments", IsSegment: true),
            new Diagnostic(
                "c",
                "/rules/0/conditions/0/values/0",
                "uses segment 'a', which could not be compiled",
                IsSegment: true
            ),
            new Diagnostic("uses-c", "/rules/0/conditions/0/values/0", "uses segment 'c', which could not be compiled"),
        ]);
        Evaluator
            .Evaluate(result.Snapshot, "uses-beta", EvaluationContext.For("in"), Given.Now)
            .BooleanValue(false)
            .ShouldBeTrue();
    }

    [Fact]
    public void Segment_ThatIsUnknown_BreaksTheFlag() =>
        Compile([], ("flag", "nope"))
            .Diagnostics.ShouldBe([new Diagnostic("flag", "/rules/0/conditions/0/values/0", "there is no segment 'nope'")]);

    [Fact]
    public void Segment_WithAProblem_BreaksOnlyWhatUsesIt()
    {
        var bad = """{"key":"bad","rules":[{"id":"r","conditions":[{"attribute":"x","operator":"matches","values":["("]}]}]}""";
        var result = Compile([bad, Beta], ("uses-bad", "bad"), ("uses-beta", "beta"));
        result.Diagnostics.Select(d => (d.Key, d.IsSegment)).ShouldBe([("bad", true), ("uses-bad", false)]);
    }

    [Fact]
    public void Segments_OfOneKey_AreRefused() =>
        Compile([Beta, Beta])
            .Diagnostics.ShouldBe([new Diagnostic("beta", "/key", "'beta' appears more than once", IsSegment: true)]);

    private static string Uses(string key, string other) =>
        $$"""{"key":"{{key}}","rules":[{"id":"r","conditions":[{"operator":"segment","values":["{{other}}"]}]}]}""";

    private static bool Member(string context, string more, params string[] segments) => Member(context, more, segments, "beta");

    private static bool Member(string context, string more, string[] segments, string key)
    {
        var result = Compile(segments, ("flag", key), more);
        result.Diagnostics.ShouldBeEmpty();
        return Evaluator.Evaluate(result.Snapshot, "flag", Given.Context(context), Given.Now).BooleanValue(false);
    }

    private static CompileResult Compile(string[] segments, (string Flag, string Segment) flag, string more) =>
        SnapshotCompiler.Compile(
            new(
                "p",
                "e",
                1,
                [Flag(flag.Flag, flag.Segment, more)],
                [.. segments.Select(json => Given.Read(DefinitionJson.ReadSegment, json))]
            )
        );

    private static CompileResult Compile(string[] segments, params (string Flag, string Segment)[] flags) =>
        SnapshotCompiler.Compile(
            new(
                "p",
                "e",
                1,
                [.. flags.Select(flag => Flag(flag.Flag, flag.Segment, ""))],
                [.. segments.Select(json => Given.Read(DefinitionJson.ReadSegment, json))]
            )
        );

    private static FlagInEnvironment Flag(string key, string segment, string more) =>
        Given.Flag(
            $$"""{"rules":[{"id":"r","conditions":[{"operator":"segment","values":["{{segment}}"]{{more}}}],"serve":{"variant":"on"} } ] }""",
            Given.Boolean(key)
        );
}
