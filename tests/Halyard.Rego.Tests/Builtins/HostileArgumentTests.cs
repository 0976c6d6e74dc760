namespace Halyard.Rego.Tests.Builtins;

public sealed class HostileArgumentTests
{
    private static readonly string[] Texts =
    [
        "",
        " ",
        "\0",
        "a",
        "%",
        "%d %s %[2]*.[1]*f",
        "%!",
        "%-+# 010.3x",
        "%999999999d",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "*",
        "**",
        "+",
        "?",
        @"\",
        @"\p{",
        @"\pX",
        @"\x{110000}",
        @"\Q",
        "(?",
        "(?P<",
        "(?P<a>",
        "a{1001}",
        "a{2,1}",
        "[^",
        "[a-",
        "[[:x:]]",
        "[z-a]",
        "{a,b",
        "[!",
        "2006-01-02T15:04:05Z07:00",
        "Mon Jan _2",
        ".000",
        "0000-00-00",
        "9999-12-31T23:59:60Z",
        "1h",
        "-",
        "+5",
        "1e",
        "99999999999999999999h",
        "10.0.0.0/8",
        "::/0",
        "1.2.3.4/33",
        "/",
        "0/0",
        "::ffff:1.2.3.4/96",
        "a.b.c",
        "..",
        "e30.e30.",
        "eyJhbGciOiJub25lIn0.e30.",
        "=",
        "====",
        "%zz",
        "&&&=;",
        "\ud83d\ude00",
        "1.0.0-0.a+b",
        "1..0",
        "0x",
        "1K",
        "1.Ei",
        "-.m",
        "{}",
        "[]",
        "[1",
        "\"",
        "a: b: c",
        "- - -\n-",
        "|9\n x",
        "&a *a",
        "'",
        "{a: [",
        "\t",
        "- |\n\n\n",
        ">-\n a\n\n  b",
        "#/definitions/a",
        "{\"$ref\":\"#\"}",
        "urn:uuid:",
        "Asia/Shanghai",
        "../../etc/passwd",
        "-----BEGIN PUBLIC KEY-----",
        "{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQ\"}",
        "RS256",
        "HS256",
        "\u2028<>&",
    ];

    private static readonly string[] Documents =
    [
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "1e300",
        "9223372036854775807",
        "-9223372036854775808",
        "123456789012345678901234567890",
        "[]",
        "{}",
        "[1]",
        "[\"a\"]",
        "[null]",
        "[[]]",
        "[\"a\", 1]",
        "[0, \"UTC\", \"2006\"]",
        "[1e30, \"x\"]",
        "[0, 1]",
        "{\"a\": 1}",
        "{\"\": {}}",
        "{\"$ref\": \"#\"}",
        "{\"type\": 1}",
        "{\"items\": {\"$ref\": \"#\"}}",
        "{\"op\": \"add\", \"path\": \"a/-\", \"value\": 1}",
        "[{\"op\": \"move\", \"from\": \"\", \"path\": \"a\"}]",
        "[{\"op\": \"add\", \"path\": \"/0\", \"value\": 1}]",
        "{\"secret\": \"x\", \"aud\": \"y\"}",
        "{\"kty\": \"oct\", \"k\": \"AA\"}",
        "{\"alg\": \"HS256\"}",
        "{\"a\": [\"b\"], \"b\": [\"a\", \"c\"]}",
    ];

    [Fact]
    public void Call_AnyBuiltinWithAnyArgumentsOfItsTypes_GivesAValueOrAnError()
    {
        var values = Values();
        var draw = 20260501UL;
        foreach (var builtin in BuiltinTable.All)
        {
            for (var round = 0; round < 400; round++)
            {
                var arguments = builtin
                    .Arguments.Select(type => Pick(ref draw, values.Where(value => type.Admits(value.Kind)).ToList()))
                    .ToArray();
                try
                {
                    var (result, error) = BuiltinCalls.Run(builtin.Name, new RegoBudget(1_000_000, 16 << 20), arguments);
                    (result is not null && error is not null).ShouldBeFalse(builtin.Name);
                }
                catch (RegoAbort)
                {
                    // The budget ended it, which is one of the two good ends.
                }
                catch (Exception exception) when (exception is not ShouldAssertException)
                {
                    throw new InvalidOperationException($"{builtin.Name}({string.Join(", ", (object[])arguments)})", exception);
                }
            }
        }
    }

    private static List<RegoValue> Values()
    {
        var values = Documents
            .Select(document => BuiltinCalls.Json($"[{document}]")[0])
            .Concat(Texts.Select(RegoValue.Of))
            .ToList();
        values.Add(RegoSet.Empty);
        values.Add(RegoSet.From(Texts.Select(RegoValue.Of)));
        values.Add(RegoSet.Of(RegoValue.Of(1), RegoArray.Of(RegoValue.Of("a"))));
        values.Add(RegoArray.From(Texts.Select(RegoValue.Of)));
        values.Add(RegoObject.From([KeyValuePair.Create<RegoValue, RegoValue>(RegoArray.Empty, RegoSet.Empty)]));
        values.Add(RegoValue.Of(new string('a', 2000) + "b"));
        return values;
    }

    // Knuth's generator: the same arguments in every run.
    private static RegoValue Pick(ref ulong draw, List<RegoValue> values)
    {
        draw = unchecked(draw * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407);
        return values[(int)((draw >> 33) % (ulong)values.Count)];
    }
}
