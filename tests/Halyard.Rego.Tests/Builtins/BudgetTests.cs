namespace Halyard.Rego.Tests.Builtins;

public sealed class BudgetTests
{
    private static readonly RegoBudget Small = new(10_000_000, 8 << 20);

    [Fact]
    public void Replace_EachLetterByALongText_EndsByTheBudgetBeforeItTakesTheMemory() =>
        BuiltinCalls.ShouldExhaust("replace", Small, Text('a', 100_000), RegoValue.Of("a"), Text('b', 100_000));

    [Fact]
    public void ReplaceN_EmptyPatternsBetweenAllLetters_EndsByTheBudget() =>
        BuiltinCalls.ShouldExhaust("strings.replace_n", Small, RegoObject.Of(("", Text('b', 100_000))), Text('a', 100_000));

    [Fact]
    public void Concat_LongSeparators_EndsByTheBudget() =>
        BuiltinCalls.ShouldExhaust(
            "concat",
            Small,
            Text('-', 100_000),
            RegoArray.From(Enumerable.Repeat(RegoValue.Of("x"), 1000))
        );

    [Fact]
    public void RegexReplace_EachLetterByALongText_EndsByTheBudget() =>
        BuiltinCalls.ShouldExhaust("regex.replace", Small, Text('a', 100_000), RegoValue.Of("a"), Text('b', 10_000));

    [Fact]
    public void Contains_ALongNeedleThatNearlyFitsEverywhere_EndsByTheBudget() =>
        BuiltinCalls.ShouldExhaust("contains", Small, Text('a', 1_000_000), RegoValue.Of(new string('a', 400_000) + "b"));

    [Fact]
    public void ReachablePaths_AGraphWithPathsBeyondCount_EndsSoon()
    {
        // Each of 16 layers leads to both vertices of the next: 65,536 ways, of which few are told.
        var graph = RegoObject.Of([
            .. Enumerable
                .Range(0, 32)
                .Select(i =>
                    ($"{i}", (RegoValue)RegoArray.Of(RegoValue.Of($"{i / 2 * 2 + 2}"), RegoValue.Of($"{i / 2 * 2 + 3}")))
                ),
        ]);
        BuiltinCalls.Run("graph.reachable_paths", Small, graph, RegoArray.Of(RegoValue.Of("0"))).Result.ShouldBeOfType<RegoSet>();
    }

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("::/0")]
    public void CidrExpand_ALargeNetwork_Fails(string network) =>
        BuiltinCalls.Call("net.cidr_expand", RegoValue.Of(network)).ShouldBe("net.cidr_expand: more than 65536 addresses");

    [Fact]
    public void Lsh_ByFarTooMuch_Fails() =>
        BuiltinCalls.CallJson("bits.lsh", "[1, 999999999999]").ShouldBe("bits.lsh: the result is out of range");

    [Fact]
    public void MatchSchema_AReferenceToItself_Fails() =>
        BuiltinCalls
            .CallJson("json.match_schema", "[{}, {\"$ref\": \"#\"}]")
            .ShouldBe("json.match_schema: the schema or the document nests too deeply");

    [Fact]
    public void VerifySchema_ManyDifferentPatterns_EndsByTheBudget() =>
        BuiltinCalls.ShouldExhaust(
            "json.verify_schema",
            new RegoBudget(1_000_000, 64 << 20),
            RegoObject.Of(
                (
                    "allOf",
                    RegoArray.From(Enumerable.Range(0, 10_000).Select(i => RegoObject.Of(("pattern", RegoValue.Of($"^a{i}")))))
                )
            )
        );

    [Fact]
    public void Patch_ADocumentCopiedIntoItselfAgainAndAgain_Fails()
    {
        var copy = BuiltinCalls.Json("[{\"op\": \"copy\", \"from\": \"\", \"path\": \"a\"}]")[0];
        BuiltinCalls
            .Call("json.patch", RegoObject.Empty, RegoArray.From(Enumerable.Repeat(copy, 100_000)))
            .ShouldBe("json.patch: the document nests deeper than 512");
    }

    private static RegoValue Text(char letter, int count) => RegoValue.Of(new string(letter, count));
}
