namespace Halyard.Rego.Tests.Builtins;

public sealed class PatternTests
{
    [Theory]
    [InlineData("^a$", "a\n", false)]
    [InlineData("(?m)^b$", "a\nb\nc", true)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^[^a]$", "😀", true)]
    [InlineData("^[😀-😎]+$", "😃😎", true)]
    [InlineData("^[^😀]$", "😀", false)]
    [InlineData(@"^\x{1F600}$", "😀", true)]
    [InlineData(@"^\d$", "٣", false)]
    [InlineData(@"^\pL+$", "häß", true)]
    [InlineData("(?i)^STRASSE$", "Strasse", true)]
    [InlineData("^(?s:.)$", "\n", true)]
    [InlineData("^.$", "\n", false)]
    [InlineData(@"^\Qa.b*\E+$", "a.b***", true)]
    [InlineData("^[[:alpha:]_]+$", "ab_", true)]
    [InlineData("^[]a]+$", "]a", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("^(?P<x>a)(?<y>b)$", "ab", true)]
    public void Match_WhatGoReadsInItsOwnWay_IsReadAsInGo(string pattern, string text, bool matches) =>
        BuiltinCalls.Call("regex.match", RegoValue.Of(pattern), RegoValue.Of(text)).ShouldBe(matches ? "true" : "false");

    [Theory]
    [InlineData("(?=a)")]
    [InlineData("(?<!a)b")]
    [InlineData(@"(a)\1")]
    [InlineData("(?>a)")]
    [InlineData("a**")]
    [InlineData("a++")]
    [InlineData("*a")]
    [InlineData("a{1001}")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[z-a]")]
    [InlineData(@"\Z")]
    [InlineData(@"\")]
    [InlineData("(?P<a>x)(?P<a>y)")]
    [InlineData("(?x)a b")]
    [InlineData("((a{100}){100}){100}")]
    public void IsValid_WhatGoDoesNotKnow_IsNot(string pattern) =>
        BuiltinCalls.Call("regex.is_valid", RegoValue.Of(pattern)).ShouldBe("false");

    [Fact]
    public void IsValid_ManyOpenGroups_IsNotAndDoesNotOverflow() =>
        BuiltinCalls.Call("regex.is_valid", RegoValue.Of(new string('(', 4000))).ShouldBe("false");

    [Fact]
    public void Match_InvalidPattern_FailsInGosWords() =>
        BuiltinCalls
            .CallJson("regex.match", "[\"a**\", \"a\"]")
            .ShouldBe("regex.match: error parsing regexp: invalid nested repetition operator: `**`");

    [Theory]
    [InlineData("regex.find_n", "[\"a*\", \"baaac\", -1]", "[\"\", \"aaa\", \"\"]")]
    [InlineData("regex.find_n", "[\"\", \"😀a\", -1]", "[\"\", \"\", \"\"]")]
    [InlineData("regex.split", "[\"\", \"abc\"]", "[\"a\", \"b\", \"c\"]")]
    [InlineData("regex.split", "[\"a\", \"\"]", "[\"\"]")]
    [InlineData("regex.replace", "[\"abc\", \"x*\", \"-\"]", "\"-a-b-c-\"")]
    [InlineData("regex.replace", "[\"ab\", \"(?P<first>a)(b)\", \"$2${first}$$$1x$\"]", "\"ba$$\"")]
    [InlineData(
        "regex.find_all_string_submatch_n",
        "[\"(?P<x>a)(b)?\", \"ab a\", -1]",
        "[[\"ab\", \"a\", \"b\"], [\"a\", \"a\", \"\"]]"
    )]
    [InlineData("regex.find_n", "[\"(?U)a+\", \"aaa\", 1]", "[\"a\"]")]
    [InlineData("regex.globs_match", "[\"a[0-9]+b\", \"a5.\"]", "true")]
    [InlineData("regex.globs_match", "[\"a[0-9]+b\", \"a[a-z]b\"]", "false")]
    public void Find_EmptyMatchesAndGroups_AreThoseOfGo(string name, string arguments, string result) =>
        BuiltinCalls.CallJson(name, arguments).ShouldBe(result);

    [Fact]
    public void Match_NestedRepetitionOnALongText_EndsSoon() =>
        BuiltinCalls
            .Call("regex.match", RegoValue.Of("^(a|a?)*(a*)*b$"), RegoValue.Of(new string('a', 100_000)))
            .ShouldBe("false");

    [Fact]
    public void Find_EachMatchLooksAtTheWholeRest_EndsByTheBudget() =>
        BuiltinCalls.ShouldExhaust(
            "regex.find_n",
            RegoBudget.Default,
            RegoValue.Of("(a|.*b)"),
            RegoValue.Of(new string('a', 200_000)),
            RegoValue.Of(-1)
        );

    [Theory]
    [InlineData("[\"a{b,[cd]}*\", [\"/\"], \"acx\"]", "true")]
    [InlineData("[\"a**z\", [\"/\"], \"a/b/z\"]", "true")]
    [InlineData("[\"a*z\", [\"/\"], \"a/b/z\"]", "false")]
    [InlineData("[\"?\", [], \"😀\"]", "true")]
    [InlineData("[\"\\\\*\", [], \"*\"]", "true")]
    [InlineData("[\"a,b\", [], \"a,b\"]", "true")]
    [InlineData("[\"{a\", [], \"a\"]", "glob.match: syntax error in pattern \"{a\"")]
    public void GlobMatch_DelimitersAlternativesAndEscapes_AreTheGlobs(string arguments, string result) =>
        BuiltinCalls.CallJson("glob.match", arguments).ShouldBe(result);
}
