using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Definitions;

public sealed class JsonRoundTripTests
{
    private static readonly Gen<string> Text = Gen.Elements("a", "on", "é☃😀", "\"\\\u0001\u007f\n", "a/b~c", "\u2028", "<&>");
    private static readonly Gen<FlagValue> Value = Gen.OneOf(
        Text.Select(FlagValue.Of),
        Gen.Elements("true", "5", "-1.5e-7", "{\"a\":[1,null]}").Select(json => new FlagValue(json))
    );
    private static readonly Gen<int> Number = Gen.Choose(0, 100_000);

    private static readonly Gen<Condition> Condition =
        from attribute in Text
        from comparison in Gen.Elements(Enum.GetValues<ConditionOperator>())
        from values in Value.ListOf()
        from negate in Gen.Elements(true, false)
        from missing in Gen.Elements(WhenMissing.Match, WhenMissing.NoMatch)
        select new Condition(
            comparison == ConditionOperator.Segment ? "" : attribute,
            comparison,
            values.ToSequence(),
            negate,
            missing
        );

    private static readonly Gen<Serve> Serves = Gen.OneOf(
        Text.Select(Serve.One),
        from weights in (from variant in Text from weight in Number select new WeightedVariant(variant, weight)).ListOf()
        from salt in Text.OrNull()
        from bucketBy in Text.OrNull()
        from remainder in Number
        from experiment in (from key in Text from traffic in Number select new Experiment(key, key, traffic)).OrNull()
        from gate in (from share in Number from its in Text.OrNull() select new Gate(share, its, its)).OrNull()
        select Serve.Split(new Rollout(weights.ToSequence(), salt, bucketBy, remainder, experiment, gate))
    );

    private static readonly Gen<FlagEnvironment> Environments =
        from enabled in Gen.Elements(true, false)
        from off in Text
        from prerequisites in (
            from variants in Text.NonEmptyListOf()
            select new Prerequisite("flag.1", variants.ToSequence())
        ).ListOf()
        from overrides in (
            from id in Text
            from attribute in Text.OrNull()
            from value in Value
            from user in Text
            from ticks in Gen.Elements<long?>(null, 0, 1, 9_999_999, TimeSpan.TicksPerDay)
            from emergency in Gen.Elements(true, false)
            select new Override(
                id,
                attribute,
                attribute is null ? FlagValue.Of(user) : value,
                id,
                ticks is null ? null : Given.Now.AddTicks(ticks.Value),
                emergency
            )
        ).ListOf()
        from rules in (
            from id in Text
            from active in Gen.Elements(true, false)
            from conditions in Condition.ListOf()
            from serve in Serves
            select new TargetingRule(id, id, active, conditions.ToSequence(), serve)
        ).ListOf()
        from serve in Serves
        from fallback in Text.OrNull()
        select new FlagEnvironment(
            enabled,
            off,
            prerequisites.ToSequence(),
            overrides.ToSequence(),
            rules.ToSequence(),
            serve,
            fallback
        );

    [Fact]
    public void Environment_Written_ReadsBackEqual() =>
        Property.Holds(
            Environments,
            written =>
                Given.Read(DefinitionJson.ReadEnvironment, Write(written, DefinitionJson.WriteEnvironment)).ShouldBe(written)
        );

    [Fact]
    public void Segment_Written_ReadsBackEqual() =>
        Property.Holds(
            from users in Text.ListOf()
            from conditions in Condition.ListOf()
            select new SegmentDefinition(
                "s",
                users.ToSequence(),
                users.ToSequence(),
                [new SegmentRule("r", conditions.ToSequence())]
            ),
            written => Given.Read(DefinitionJson.ReadSegment, Write(written, DefinitionJson.WriteSegment)).ShouldBe(written)
        );

    [Fact]
    public void Variant_Written_ReadsBackEqual() =>
        Property.Holds(
            from key in Text
            from value in Value
            select new Variant(key, value, key),
            written => Given.Read(DefinitionJson.ReadVariant, Write(written, DefinitionJson.WriteVariant)).ShouldBe(written)
        );

    [Fact]
    public void Defaults_AreNotWritten()
    {
        var rule = new TargetingRule(
            "r",
            "",
            true,
            [new("a", ConditionOperator.Equals, [FlagValue.Of("x")])],
            Serve.Split(new([new("on", 1)]))
        );
        Write(rule, DefinitionJson.WriteRule)
            .ShouldBe(
                """{"id":"r","name":"","enabled":true,"conditions":[{"attribute":"a","operator":"equals","values":["x"]}],"serve":{"rollout":{"weights":[{"variant":"on","weight":1}]}}}"""
            );
        Write(new Override("o", null, FlagValue.Of("u"), "on"), DefinitionJson.WriteOverride)
            .ShouldBe("""{"id":"o","targetingKey":"u","variant":"on"}""");
        var zoned = new DateTimeOffset(2026, 3, 1, 13, 30, 0, TimeSpan.FromHours(1));
        Write(new Override("o", "a", FlagValue.Of(true), "on", zoned, true), DefinitionJson.WriteOverride)
            .ShouldBe(
                """{"id":"o","attribute":"a","value":true,"variant":"on","expiresAt":"2026-03-01T12:30:00Z","emergency":true}"""
            );
    }

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("é😀\u2028<&>/\u007f", "\"é😀\u2028<&>/\u007f\"")]
    [InlineData("\"\\\b\t\n\f\r\u0000\u001f", "\"\\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u001f\"")]
    public void Value_OfAString_IsInTheFormOfRfc8785(string text, string json) => FlagValue.Of(text).Json.ShouldBe(json);

    [Fact]
    public void Value_OfHalfASurrogatePair_HoldsTheReplacementCharacter() => FlagValue.Of("\ud800x").Json.ShouldBe("\"\ufffdx\"");

    private static string Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = DefinitionJson.Encoder }))
            write(writer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
