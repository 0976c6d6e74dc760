using System.Text;
using System.Text.Json;
using FsCheck.Fluent;

namespace Halyard.Ledger.Tests.Patches;

public sealed class JsonPatchDiffTests
{
    [Theory]
    [InlineData("", "", "[]")]
    [InlineData("1", "1", "[]")]
    [InlineData("", "{\"a\":1}", """[{"op":"add","path":"","value":{"a":1}}]""")]
    [InlineData("{\"a\":1}", "", """[{"op":"remove","path":"","was":{"a":1}}]""")]
    [InlineData("null", "", """[{"op":"remove","path":"","was":null}]""")]
    [InlineData("1", "2", """[{"op":"replace","path":"","value":2,"was":1}]""")]
    [InlineData("{\"a\":1}", "[1]", """[{"op":"replace","path":"","value":[1],"was":{"a":1}}]""")]
    [InlineData("{ \"b\" : 2, \"a\" : 1.0 }", "{\"a\":1,\"b\":2}", "[]")]
    [InlineData("{\"a\":1}", "{\"b\":1}", """[{"op":"remove","path":"/a","was":1},{"op":"add","path":"/b","value":1}]""")]
    [InlineData("{\"a\":{\"x\":1}}", "{\"a\":{\"x\":null}}", """[{"op":"replace","path":"/a/x","value":null,"was":1}]""")]
    [InlineData(
        "{\"a/b\":1,\"m~n\":1}",
        "{\"a/b\":2}",
        """[{"op":"replace","path":"/a~1b","value":2,"was":1},{"op":"remove","path":"/m~0n","was":1}]"""
    )]
    [InlineData("{\"\\\"\\n\":1}", "{\"\\\"\\n\":2}", """[{"op":"replace","path":"/\"\n","value":2,"was":1}]""")]
    [InlineData("{\"\":1}", "{\"\":2}", """[{"op":"replace","path":"/","value":2,"was":1}]""")]
    public void Diff_Documents_GivesTheOperations(string before, string after, string patch) =>
        Diff(before, after).ShouldBe(patch);

    [Theory]
    [InlineData("add one", """["a","b","d"]""", """["a","b","c","d"]""", """[{"op":"add","path":"/2","value":"c"}]""")]
    [InlineData("remove one", """["a","b","c"]""", """["a","c"]""", """[{"op":"remove","path":"/1","was":"b"}]""")]
    [InlineData(
        "change one",
        """["long enough","b","also long enough"]""",
        """["long enough","x","also long enough"]""",
        """[{"op":"replace","path":"/1","value":"x","was":"b"}]"""
    )]
    [InlineData("shorter whole", "[1,2,3]", "[4]", """[{"op":"replace","path":"","value":[4],"was":[1,2,3]}]""")]
    [InlineData("emptied", "[1]", "[]", """[{"op":"remove","path":"/0","was":1}]""")]
    [InlineData(
        "inside an element",
        """[{"id":1,"name":"first","on":true},{"id":2,"name":"second","on":true}]""",
        """[{"id":1,"name":"first","on":true},{"id":2,"name":"second","on":false}]""",
        """[{"op":"replace","path":"/1/on","value":false,"was":true}]"""
    )]
    public void Diff_Arrays_TouchOnlyWhatChanged(string _, string before, string after, string patch) =>
        Diff(before, after).ShouldBe(patch);

    [Fact]
    public void Diff_ArrayReplacedAfterOtherOperations_KeepsThem() =>
        Diff("""{"a":1,"b":[1,2,3],"c":[1,2]}""", """{"a":2,"b":[4],"c":[]}""")
            .ShouldBe(
                """[{"op":"replace","path":"/a","value":2,"was":1},"""
                    + """{"op":"replace","path":"/b","value":[4],"was":[1,2,3]},"""
                    + """{"op":"replace","path":"/c","value":[],"was":[1,2]}]"""
            );

    [Fact]
    public void Diff_TextThatIsNotJson_Throws()
    {
        Should.Throw<FormatException>(() => JsonPatch.Diff("{"u8, "1"u8));
        Should.Throw<FormatException>(() => JsonPatch.Diff("1"u8, "{\"a\":1,\"a\":1}"u8));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a")]
    [InlineData("{\"a\":[1,2")]
    [InlineData("{\"a\":{\"b\":\"\\")]
    public void Diff_OfWhatShouldBeCanonicalAndBreaksOff_EndsWithAnError(string broken)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(broken);
        var problem = Record.Exception(() => JsonPatch.DiffUnverifiedCanonical(text, "{\"a\":{\"b\":\"c\"}}"u8.ToArray()));
        (problem is FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException).ShouldBeTrue($"{problem}");
    }

    [Fact]
    public void Apply_OfDiff_LeadsFromAnyDocumentToAnyOther() =>
        RandomJson.Check(
            Gen.Zip(RandomJson.Documents, RandomJson.Documents),
            pair =>
            {
                var (before, after) = (Utf8(pair.Item1), Utf8(pair.Item2));
                var patch = JsonPatch.Diff(before, after);

                JsonPatch.Apply(before, patch).ShouldBe(CanonicalJson.Canonicalize(after));
                CanonicalJson.Canonicalize(patch).ShouldBe(patch);
                var (from, to) = (CanonicalJson.Canonicalize(before), CanonicalJson.Canonicalize(after));
                JsonPatch.DiffUnverifiedCanonical(from, to).ShouldBe(patch);
                JsonPatch.DiffUnverifiedCanonical([], to).ShouldBe(JsonPatch.Diff([], after));
                JsonPatch.DiffUnverifiedCanonical(from, []).ShouldBe(JsonPatch.Diff(before, []));
                JsonPatch.Diff(before, before).ShouldBe("[]"u8.ToArray());
                JsonPatch.Apply([], JsonPatch.Diff([], after)).ShouldBe(CanonicalJson.Canonicalize(after));
                JsonPatch.Apply(before, JsonPatch.Diff(before, [])).ShouldBeNull();
            },
            runs: 1500
        );

    [Fact]
    public void Diff_RemoveAndReplace_CarryTheValueThatWasThere() =>
        RandomJson.Check(
            Gen.Zip(RandomJson.Documents, RandomJson.Documents),
            pair =>
            {
                var document = CanonicalJson.Canonicalize(Utf8(pair.Item1));
                foreach (var operation in JsonElement.Parse(JsonPatch.Diff(document, Utf8(pair.Item2))).EnumerateArray())
                {
                    if (operation.TryGetProperty("was", out var was))
                    {
                        var path = operation.GetProperty("path").GetRawText();
                        document = JsonPatch.Apply(
                            document,
                            Utf8($$"""[{"op":"test","path":{{path}},"value":{{was.GetRawText()}}}]""")
                        );
                    }
                    document = JsonPatch.Apply(document, Utf8($"[{operation.GetRawText()}]"));
                }
            }
        );

    [Fact]
    public void Diff_OfArrays_IsNeverLongerThanReplacingThem() =>
        RandomJson.Check(
            Gen.Zip(RandomJson.Documents.ArrayOf(), RandomJson.Documents.ArrayOf()),
            pair =>
            {
                var before = CanonicalJson.Canonicalize(Utf8($"[{string.Join(',', pair.Item1)}]"));
                var after = CanonicalJson.Canonicalize(Utf8($"[{string.Join(',', pair.Item2)}]"));
                var whole = """[{"op":"replace","path":"","value":,"was":}]""".Length + before.Length + after.Length;
                JsonPatch.Diff(before, after).Length.ShouldBeLessThanOrEqualTo(whole);
            }
        );

    private static string Diff(string before, string after) => Encoding.UTF8.GetString(JsonPatch.Diff(Utf8(before), Utf8(after)));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
