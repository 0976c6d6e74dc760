using FsCheck;
using FsCheck.Fluent;

namespace Halyard.Rego.Tests.Values;

public sealed class ValueLawsTests
{
    private static readonly Config Settings = Config
        .QuickThrowOnFailure.WithReplay(20_260_301UL, 71UL)
        .WithMaxTest(3_000)
        .WithQuietOnSuccess(true);

    [Fact]
    public void Order_IsTotal_AndAgreesWithEqualityAndHashes() =>
        Check.One(
            Settings,
            Prop.ForAll(
                Arb.From(Gen.Three(RandomValues.All)),
                values =>
                {
                    var (a, b, c) = (values.Item1, values.Item2, values.Item3);
                    Math.Sign(a.CompareTo(b)).ShouldBe(-Math.Sign(b.CompareTo(a)));
                    (a.CompareTo(b) == 0).ShouldBe(a.Equals(b));
                    if (a.Equals(b))
                        a.GetHashCode().ShouldBe(b.GetHashCode());
                    if (a <= b && b <= c)
                        (a <= c).ShouldBeTrue();
                    if (a.Kind != b.Kind)
                        a.CompareTo(b).ShouldBe(a.Kind.CompareTo(b.Kind));
                }
            )
        );

    [Fact]
    public void Value_WrittenAsATerm_IsReadAsTheSame() =>
        Check.One(
            Settings,
            Prop.ForAll(
                Arb.From(RandomValues.All),
                value => RegoCompiler.Compile([]).Policy!.Value($"x = {value}; [x] == [{value}]").ShouldBe($"{{\"x\": {value}}}")
            )
        );

    [Fact]
    public void Value_WrittenAsJson_IsReadAsTheSame_WhereJsonHasIt() =>
        Check.One(
            Settings,
            Prop.ForAll(
                Arb.From(RandomValues.All),
                value =>
                {
                    var once = Policies.Json(value.ToJson());
                    Policies.Json(once.ToJson()).ShouldBe(once);
                }
            )
        );

    [Theory]
    [InlineData("1", "1.0", 0)]
    [InlineData("1e2", "100", 0)]
    [InlineData("0.1", "0.10", 0)]
    [InlineData("-0", "0", 0)]
    [InlineData("0.30000000000000001", "0.3", 1)]
    [InlineData("9007199254740993", "9007199254740992", 1)]
    [InlineData("-1e-9", "0", -1)]
    [InlineData("123456789012345678901234567890", "1.2345678901234567890123456789e29", 0)]
    public void Numbers_CompareByValue_Exactly(string left, string right, int order) =>
        Math.Sign(Policies.Json(left).CompareTo(Policies.Json(right))).ShouldBe(order);

    [Theory]
    [InlineData("1e1001")]
    [InlineData("1e999999999999")]
    [InlineData("1e-99999")]
    public void Number_OutOfRange_IsRefused(string text) => RegoNumber.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("+1.5", "1.5")]
    [InlineData("01.5", "1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("1.e3", "1000")]
    [InlineData("1.50", "1.50")]
    [InlineData("1e3", "1e3")]
    public void Number_KeepsItsText_WhereJsonWouldWriteItSo(string text, string json)
    {
        RegoNumber.TryParse(text, out var number).ShouldBeTrue();

        number.ToJson().ShouldBe(json);
    }

    [Fact]
    public void Json_ThatNestsTooDeep_IsRefused() =>
        Should.Throw<System.Text.Json.JsonException>(() => Policies.Json(new string('[', 600) + new string(']', 600)));
}
