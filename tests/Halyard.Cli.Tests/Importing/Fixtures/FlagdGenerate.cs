using FsCheck;
using FsCheck.Fluent;

namespace Halyard.Cli.Tests.Importing;

/// <summary>flagd's targeting at random, within the documented types of four attributes, and contexts to evaluate it for.</summary>
internal static class FlagdGenerate
{
    public static readonly Gen<string> Context =
        from key in Maybe("targetingKey", Gen.Choose(1, 500).Select(n => $"\"user-{n}\""))
        from plan in Maybe("plan", Gen.Elements("\"pro\"", "\"free\"", "\"\"", "\"professional\"", "null"))
        from age in Maybe("age", Gen.Elements("0", "17", "18", "18.5", "-3", "65"))
        from beta in Maybe("beta", Gen.Elements("true", "false"))
        from version in Maybe(
            "app",
            Gen.Elements("\"1.2.3\"", "\"1.2.0-rc\"", "\"v1.2\"", "\"0.9.0\"", "\"2.0.0-0\"", "\"2\"", "\"none\"", "\"V1.2.9\"")
                .Select(text => $$"""{"version":{{text}}}""")
        )
        select "{" + string.Join(",", new[] { key, plan, age, beta, version }.Where(part => part.Length > 0)) + "}";

    private static readonly Gen<string> Test = Gen.OneOf(
        Gen.Elements(
            """{"==":[{"var":"plan"},"pro"]}""",
            """{"!=":[{"var":["plan"]},"free"]}""",
            """{"===":["pro",{"var":"plan"}]}""",
            """{"==":[{"var":["plan","pro"]},"pro"]}""",
            """{"==":[{"var":"plan"},null]}""",
            """{"!=":[null,{"var":"beta"}]}""",
            """{"in":[{"var":"plan"},["pro","free"]]}""",
            """{"in":["fess",{"var":"plan"}]}""",
            """{"starts_with":[{"var":"plan"},"pro"]}""",
            """{"ends_with":[{"var":"plan"},"e"]}""",
            """{"==":[{"var":"age"},18]}""",
            """{"in":[{"var":"age"},[0,18]]}""",
            """{"==":[{"var":"beta"},true]}""",
            """{"!==":[{"var":"beta"},false]}""",
            """{"!":{"var":"plan"}}""",
            """{"!!":[{"var":"age"}]}""",
            """{"var":"beta"}""",
            """{"var":["plan","pro"]}""",
            """{"==":[{"var":"$flagd.flagKey"},"flag"]}""",
            """{"$ref":"adult"}""",
            "true",
            "\"\""
        ),
        from comparison in Gen.Elements("<", "<=", ">", ">=")
        from bound in Gen.Elements("0", "18", "-1", "18.5")
        from turned in Gen.Elements(true, false)
        select turned
            ? $$"""{"{{comparison}}":[{{bound}},{"var":"age"}]}"""
            : $$"""{"{{comparison}}":[{"var":"age"},{{bound}}]}""",
        from comparison in Gen.Elements("<", "<=")
        from low in Gen.Choose(-5, 20)
        from high in Gen.Choose(0, 66)
        select $$"""{"{{comparison}}":[{{low}},{"var":"age"},{{high}}]}""",
        from comparison in Gen.Elements("=", "!=", "<", "<=", ">", ">=", "~", "^")
        from bound in Gen.Elements("1.2.3", "v1.2", "0.9.9", "2.0.0", "1.2.0-beta", "0")
        select $$"""{"sem_ver":[{"var":"app.version"},"{{comparison}}","{{bound}}"]}"""
    );

    public static Gen<string> Condition(int depth) =>
        depth == 0
            ? Test
            : Gen.OneOf(
                Test,
                from operation in Gen.Elements("and", "or")
                from operands in Gen.ListOf(Condition(depth - 1), 3).Select(list => list.Take(3))
                select $$"""{"{{operation}}":[{{string.Join(",", operands)}}]}""",
                Condition(depth - 1).Select(operand => $$"""{"!":[{{operand}}]}"""),
                from condition in Condition(depth - 1)
                from then in Condition(depth - 1)
                from otherwise in Condition(depth - 1)
                select $$"""{"if":[{{condition}},{{then}},{{otherwise}}]}"""
            );

    public static Gen<string> Targeting(int depth) =>
        depth == 0
            ? Leaf
            : Gen.OneOf(
                Leaf,
                from condition in Condition(depth - 1)
                from then in Targeting(depth - 1)
                from otherwise in Targeting(depth - 1)
                select $$"""{"if":[{{condition}},{{then}},{{otherwise}}]}""",
                from first in Condition(1)
                from then in Targeting(depth - 1)
                from second in Condition(1)
                from other in Targeting(depth - 1)
                select $$"""{"if":[{{first}},{{then}},{{second}},{{other}}]}"""
            );

    private static readonly Gen<string> Leaf = Gen.OneOf(
        Gen.Elements("\"true\"", "\"false\"", "\"other\"", "null", "true", "false", """{"==":[{"var":"beta"},true]}"""),
        from bucket in Gen.Elements(
            "",
            """{"var":"plan"},""",
            """{"var":"targetingKey"},""",
            """{"cat":[{"var":"$flagd.flagKey"},{"var":"plan"}]},""",
            """{"cat":["seed-",{"var":"targetingKey"}]},""",
            """{"cat":[{"var":"plan"}]},"""
        )
        from weights in Gen.Choose(0, 100).Three()
        select $$"""{"fractional":[{{bucket}}["true",{{weights.Item1}}],["false",{{weights.Item2}}],["other",{{weights.Item3}}],["true"]]}"""
    );

    public static string Document(string targeting) =>
        $$$$"""
            {"flags":{"flag":{"state":"ENABLED","defaultVariant":"other",
              "targeting":{{{{targeting}}}},"variants":{"true":"a","false":"b","other":"c"} } },
             "$evaluators":{"adult":{">=":[{"var":"age"},18]}}}
            """;

    private static Gen<string> Maybe(string name, Gen<string> value) =>
        Gen.OneOf(Gen.Constant(""), value.Select(written => $"\"{name}\":{written}"));
}
