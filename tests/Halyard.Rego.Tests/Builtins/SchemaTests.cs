namespace Halyard.Rego.Tests.Builtins;

public sealed class SchemaTests
{
    [Theory]
    [InlineData("{\"maximum\": 5, \"exclusiveMaximum\": true}", "5", "Must be less than 5")]
    [InlineData("{\"exclusiveMinimum\": 5}", "5", "Must be greater than 5")]
    [InlineData("{\"multipleOf\": 0.01}", "0.015", "Must be a multiple of 0.01")]
    [InlineData("{\"multipleOf\": 0.01}", "4.02", null)]
    [InlineData("{\"type\": \"integer\"}", "1.0", null)]
    [InlineData("{\"maxLength\": 1}", "\"😀\"", null)]
    [InlineData("{\"pattern\": \"^a\"}", "\"ba\"", "Does not match pattern '^a'")]
    [InlineData("{\"enum\": [1, \"a\"]}", "1.0", null)]
    [InlineData("{\"const\": {\"a\": 1}}", "{\"a\": 2}", "v does not match: {\"a\":1}")]
    [InlineData("{\"uniqueItems\": true}", "[1, 1.0]", "array items must be unique")]
    [InlineData(
        "{\"items\": [{}, {\"type\": \"string\"}], \"additionalItems\": false}",
        "[1, \"a\", 2]",
        "No additional items allowed on array"
    )]
    [InlineData("{\"contains\": {\"const\": 2}}", "[1]", "At least one of the items must match")]
    [InlineData(
        "{\"properties\": {\"a\": {}}, \"additionalProperties\": false}",
        "{\"b\": 1}",
        "Additional property b is not allowed"
    )]
    [InlineData(
        "{\"patternProperties\": {\"^x\": {\"type\": \"null\"}}}",
        "{\"xy\": 1}",
        "Invalid type. Expected: null, given: integer"
    )]
    [InlineData("{\"dependencies\": {\"a\": [\"b\"]}}", "{\"a\": 1}", "Has a dependency on b")]
    [InlineData("{\"propertyNames\": {\"maxLength\": 1}}", "{\"ab\": 1}", "Property name of \"ab\" does not match")]
    [InlineData("{\"if\": {\"const\": 1}, \"then\": false}", "1", "Must validate \"then\" as \"if\" was valid")]
    [InlineData("{\"oneOf\": [{}, {\"const\": 1}]}", "1", "Must validate one and only one schema (oneOf)")]
    [InlineData("{\"not\": {}}", "1", "Must not validate the schema (not)")]
    [InlineData("{\"format\": \"date-time\"}", "\"2020-13-01T00:00:00Z\"", "Does not match format 'date-time'")]
    public void Match_EachKeyword_SaysWhereItDoesNot(string schema, string value, string? description)
    {
        var result = BuiltinCalls.CallJson("json.match_schema", $"[{{\"v\": {value}}}, {{\"properties\": {{\"v\": {schema}}}}}]");
        if (description is null)
            result.ShouldBe("[true, []]");
        else
            result.ShouldContain($"\"desc\": {RegoValue.Of(description)}");
    }

    [Fact]
    public void Match_AReferenceToADefinition_IsFollowed() =>
        BuiltinCalls
            .CallJson(
                "json.match_schema",
                "[{\"a\": {\"a\": 1}}, {\"properties\": {\"a\": {\"$ref\": \"#/definitions/x~1y\"}}, \"definitions\": {\"x/y\": {\"required\": [\"b\"]}}}]"
            )
            .ShouldBe(
                "[false, [{\"desc\": \"b is required\", \"error\": \"a: b is required\", \"field\": \"a\", \"type\": \"required\"}]]"
            );

    [Theory]
    [InlineData("{\"$ref\": \"http://example.org/schema\"}", "references beyond the schema are not followed")]
    [InlineData("{\"items\": {\"multipleOf\": 0}}", "multipleOf must be strictly greater than 0")]
    [InlineData("{\"pattern\": \"(?=a)\"}", "pattern must be a valid regex, given: (?=a)")]
    public void Verify_WhatCannotBeHeld_SaysSo(string schema, string problem) =>
        BuiltinCalls.CallJson("json.verify_schema", $"[{schema}]").ShouldBe($"[false, \"jsonschema: {problem}\"]");
}
