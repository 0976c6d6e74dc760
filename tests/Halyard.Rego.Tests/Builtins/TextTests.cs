namespace Halyard.Rego.Tests.Builtins;

public sealed class TextTests
{
    [Theory]
    [InlineData("substring", "[\"a😀b\", 1, 1]", "\"😀\"")]
    [InlineData("indexof", "[\"😀b\", \"b\"]", "1")]
    [InlineData("split", "[\"a😀\", \"\"]", "[\"a\", \"😀\"]")]
    [InlineData("trim", "[\"😀a😀\", \"😀\"]", "\"a\"")]
    [InlineData("strings.count", "[\"😀😀\", \"\"]", "3")]
    [InlineData("replace", "[\"a😀\", \"\", \"-\"]", "\"-a-😀-\"")]
    [InlineData("strings.any_suffix_match", "[[\"a😀\", \"b\"], [\"😀\"]]", "true")]
    [InlineData("indexof_n", "[\"aaaa\", \"aa\"]", "[0, 1, 2]")]
    [InlineData("json.marshal", "[{\"a\": \"<\\u2028&\"}]", "\"{\\\"a\\\":\\\"\\\\u003c\\\\u2028\\\\u0026\\\"}\"")]
    [InlineData("json.unmarshal", "[\"[1, 2\"]", "json.unmarshal: invalid JSON text")]
    [InlineData("urlquery.encode", "[\"a b/ä~\"]", "\"a+b%2F%C3%A4~\"")]
    [InlineData("urlquery.decode", "[\"%4\"]", "urlquery.decode: invalid URL escape \"%4\"")]
    [InlineData("base64.decode", "[\"a b=\"]", "base64.decode: illegal base64 data")]
    [InlineData("units.parse", "[\"1.0000000000049\"]", "1")]
    [InlineData("units.parse_bytes", "[\"1.5kib\"]", "1536")]
    [InlineData("units.parse", "[\"1Q\"]", "units.parse: unit Q not recognized")]
    [InlineData("semver.compare", "[\"1.0.0-alpha.10\", \"1.0.0-alpha.9\"]", "1")]
    [InlineData("semver.compare", "[\"1.0.0-rc\", \"1.0.0+build\"]", "-1")]
    [InlineData("semver.is_valid", "[\"01.0.0\"]", "false")]
    [InlineData("object.subset", "[{\"a\": {\"b\": [1, 2, 3]}}, {\"a\": {\"b\": [2, 3]}}]", "true")]
    [InlineData("object.subset", "[[1, 2, 3], [1, 3]]", "false")]
    [InlineData(
        "json.patch",
        "[{\"a\": [1, 2]}, [{\"op\": \"add\", \"path\": \"a/-\", \"value\": 3}, {\"op\": \"move\", \"from\": \"a/0\", \"path\": \"b\"}]]",
        "{\"a\": [2, 3], \"b\": 1}"
    )]
    [InlineData("json.patch", "[{\"a\": 1}, [{\"op\": \"test\", \"path\": \"a\", \"value\": 2}]]", "undefined")]
    [InlineData("json.patch", "[{\"a\": [1]}, [{\"op\": \"remove\", \"path\": \"a/01\"}]]", "undefined")]
    [InlineData(
        "net.cidr_contains",
        "[\"10.0.0.0/8\", \"010.0.0.1\"]",
        "net.cidr_contains: not a valid textual representation of an IP address or CIDR: 010.0.0.1"
    )]
    [InlineData("net.cidr_contains", "[\"::/0\", \"10.0.0.1\"]", "false")]
    [InlineData(
        "net.cidr_merge",
        "[[\"10.0.0.0/25\", \"10.0.0.128/25\", \"10.0.1.0/32\"]]",
        "{\"10.0.0.0/24\", \"10.0.1.0/32\"}"
    )]
    public void Call_CodePointsBoundsAndMistakes_AreThoseOfOpa(string name, string arguments, string result) =>
        BuiltinCalls.CallJson(name, arguments).ShouldBe(result);

    [Theory]
    [InlineData(
        "a: 1\nb:\n- x\n- y: [1, {z: ~}]\n  w: \"q\\u00e4\"\n",
        "{\"a\": 1, \"b\": [\"x\", {\"w\": \"qä\", \"y\": [1, {\"z\": null}]}]}"
    )]
    [InlineData("---\n# note\nkey: plain text # note\nnext: 'it''s'\n...\n", "{\"key\": \"plain text\", \"next\": \"it's\"}")]
    [InlineData(
        "a: |\n  x\n   y\n\n  z\nb: >-\n  one\n  two\n\n  three\n",
        "{\"a\": \"x\\n y\\n\\nz\\n\", \"b\": \"one two\\nthree\"}"
    )]
    [InlineData("- - 1\n  - 0x1F\n- yes\n- 1_000\n- 1.5e3\n- 017\n- 1.2.3\n", "[[1, 31], true, 1000, 1.5e3, 15, \"1.2.3\"]")]
    [InlineData("a:\n  one\n  two\nb:\n", "{\"a\": \"one two\", \"b\": null}")]
    [InlineData("http://x/y: a:b\n", "{\"http://x/y\": \"a:b\"}")]
    [InlineData("", "null")]
    [InlineData("a: &x 1\nb: *x\n", "yaml.unmarshal: yaml: line 1: anchors, aliases and tags are not read")]
    [InlineData("a: 1\na: 2\n", "yaml.unmarshal: yaml: line 2: mapping key \"a\" already defined")]
    [InlineData("a: 1\n\tb: 2\n", "yaml.unmarshal: yaml: line 2: found character that cannot start any token")]
    [InlineData("a: b: c\n", "yaml.unmarshal: yaml: line 1: mapping values are not allowed in this context")]
    [InlineData("a: 1\n---\nb: 2\n", "yaml.unmarshal: yaml: line 2: did not find expected <document start>")]
    [InlineData("a: .inf\n", "yaml.unmarshal: yaml: line 1: .inf is not in JSON")]
    [InlineData("{a: 1\n", "yaml.unmarshal: yaml: line 2: did not find expected ',' or '}'")]
    public void YamlUnmarshal_WhatConfigurationsHold_IsReadAndTheRestRefused(string yaml, string result) =>
        BuiltinCalls.Call("yaml.unmarshal", RegoValue.Of(yaml)).ShouldBe(result);

    [Theory]
    [InlineData("{\"a\": [1, {\"b\": \"x: y\", \"c\": []}], \"d\": {\"e\": \"no\", \"\": null}, \"f\": \"line\\nline\"}")]
    [InlineData("[[], [[\"1\", 1, true, \"true\", \"~\"]], {}, \"-\", \"a-b\", \"# x\", \"\\u0001\"]")]
    public void YamlMarshal_ThenUnmarshal_IsTheSame(string json)
    {
        var value = BuiltinCalls.Json($"[{json}]")[0];
        var (yaml, _) = BuiltinCalls.Run("yaml.marshal", RegoBudget.Default, value);
        BuiltinCalls.Call("yaml.unmarshal", yaml.ShouldNotBeNull()).ShouldBe(value.ToString(), ((RegoString)yaml).Value);
    }
}
