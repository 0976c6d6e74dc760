namespace Halyard.Rego.Tests.Builtins;

public sealed class FormattingTests
{
    // What Go's fmt.Sprintf prints for the same arguments.
    [Theory]
    [InlineData("%d|%5d|%-5d|%05d|%+d|% d", "[42, 42, 42, 42, 42, 42]", "42|   42|42   |00042|+42| 42")]
    [InlineData("%x|%X|%#x|%o|%#o|%O|%b|%#b", "[255, 255, 255, 8, 8, 8, 5, 5]", "ff|FF|0xff|10|010|0o10|101|0b101")]
    [InlineData("%.5d|%8.3d|%-8.3d|%.0d|", "[-42, 7, 7, 0]", "-00042|     007|007     ||")]
    [InlineData("%c|%q|%U|%#U", "[128512, 65, 128512, 9786]", "😀|'A'|U+1F600|U+263A '☺'")]
    [InlineData("%v|%s", "[123456789123456789123, 123456789123456789123]", "123456789123456789123|123456789123456789123")]
    [InlineData("%x", "[123456789123456789123]", "6b14e9f9b0df36a83")]
    [InlineData("%v|%v|%v|%v|%v", "[1.5, 1000000.5, 0.00001, 123456.75, 0.1]", "1.5|1.0000005e+06|1e-05|123456.75|0.1")]
    [InlineData(
        "%f|%.2f|%8.3f|%-8.1f|%+.1f|%08.3f",
        "[3.1415, 3.1415, 3.1415, 3.14, 3.14, -3.1415]",
        "3.141500|3.14|   3.142|3.1     |+3.1|-003.142"
    )]
    [InlineData(
        "%e|%.2E|%g|%G|%.3g|%.10g",
        "[1234.5678, 0.00012, 1e21, 1.5e-7, 1234.5678, 1234.5678]",
        "1.234568e+03|1.20E-04|1e+21|1.5E-07|1.23e+03|1234.5678"
    )]
    [InlineData("%#.3g|%#g|%x|%.1x", "[1.5, 0.5, 1.5, 1.96875]", "1.50|0.500000|0x1.8p+00|0x1.0p+01")]
    [InlineData(
        "%s|%10s|%-10s|%.2s|%q|%x|% X|%+q",
        "[\"häl\", \"häl\", \"häl\", \"häl\", \"h\\\"\\n\", \"hä\", \"hä\", \"ä\"]",
        "häl|       häl|häl       |hä|\"h\\\"\\n\"|68c3a4|68 C3 A4|\"\\u00e4\""
    )]
    [InlineData("%v %v %v", "[true, [1, \"a\"], null]", "true [1, \"a\"] null")]
    [InlineData("%d %s %t %z", "[\"x\", 5, true, 1.5]", "%!d(string=x) %!s(int=5) %!t(string=true) %!z(float64=1.5)")]
    [InlineData("%d %d", "[1]", "1 %!d(MISSING)")]
    [InlineData("%d", "[1, 2, \"x\"]", "1%!(EXTRA int=2, string=x)")]
    [InlineData("%[2]d %[1]d", "[1, 2]", "2 1")]
    [InlineData("%[3]d|%[x]d|%[2]*[1]d", "[7, 4]", "%!d(BADINDEX)|%!d(BADINDEX)|   7")]
    [InlineData("%*d|%-*d|%.*f", "[5, 1, 3, 2, 1, 2.55]", "    1|2  |2.5")]
    [InlineData("100%% %", "[]", "100% %!(NOVERB)")]
    [InlineData("%T %T %T", "[1, 1.5, \"x\"]", "int float64 string")]
    public void Sprintf_VerbsFlagsAndMistakes_PrintsWhatGoPrints(string format, string arguments, string printed) =>
        BuiltinCalls
            .Call("sprintf", RegoValue.Of(format), BuiltinCalls.Json(arguments))
            .ShouldBe(RegoValue.Of(printed).ToString());

    [Fact]
    public void Sprintf_AMillionPlacesManyTimes_EndsByTheBudget() =>
        BuiltinCalls.ShouldExhaust(
            "sprintf",
            new RegoBudget(10_000_000, 16 << 20),
            RegoValue.Of(string.Concat(Enumerable.Repeat("%1000000[1]d", 100))),
            BuiltinCalls.Json("[1]")
        );

    [Fact]
    public void FormatInt_OfANegativeFraction_DropsTheFraction() =>
        BuiltinCalls.CallJson("format_int", "[-15.9, 16]").ShouldBe("\"-f\"");
}
