namespace Halyard.Evaluation.Tests.Evaluating;

public sealed class OverrideTests
{
    private const string User = """{"targetingKey":"u","company":"acme","tags":["x","y"],"seats":5}""";

    [Theory]
    [InlineData("""{"id":"o","targetingKey":"u","variant":"on"}""", "o")]
    [InlineData("""{"id":"o","targetingKey":"U","variant":"on"}""", null)]
    [InlineData("""{"id":"o","attribute":"company","value":"acme","variant":"on"}""", "o")]
    [InlineData("""{"id":"o","attribute":"company","value":"ACME","variant":"on"}""", null)]
    [InlineData("""{"id":"o","attribute":"tags","value":"y","variant":"on"}""", "o")]
    [InlineData("""{"id":"o","attribute":"seats","value":5,"variant":"on"}""", "o")]
    [InlineData("""{"id":"o","attribute":"seats","value":"5","variant":"on"}""", null)]
    [InlineData(
        """{"id":"a","attribute":"company","value":"acme","variant":"on"},{"id":"k","targetingKey":"u","variant":"on"}""",
        "k"
    )]
    [InlineData(
        """{"id":"k","targetingKey":"u","variant":"on"},{"id":"e","attribute":"company","value":"acme","variant":"on","emergency":true}""",
        "e"
    )]
    [InlineData(
        """{"id":"e1","attribute":"seats","value":5,"variant":"on","emergency":true},{"id":"e2","targetingKey":"u","variant":"on","emergency":true}""",
        "e1"
    )]
    [InlineData("""{"id":"k1","targetingKey":"u","variant":"on"},{"id":"k2","targetingKey":"u","variant":"off"}""", "k1")]
    [InlineData(
        """{"id":"k1","targetingKey":"u","variant":"off","expiresAt":"2026-03-01T12:00:00Z"},{"id":"k2","targetingKey":"u","variant":"on"}""",
        "k2"
    )]
    [InlineData("""{"id":"e","targetingKey":"u","variant":"off","expiresAt":"2026-03-01T11:59:59Z","emergency":true}""", null)]
    public void Overrides_AreAskedEmergenciesFirstThenKeysThenAttributes(string overrides, string? decides)
    {
        var result = Given.Evaluate($$"""{"overrides":[{{overrides}}]}""", User);
        result.OverrideId.ShouldBe(decides);
        result.Reason.ShouldBe(decides is null ? EvaluationReason.Default : EvaluationReason.TargetingMatch);
        result.Variant!.Key.ShouldBe(decides is null ? "off" : "on");
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void Override_IsActiveWhileNowIsEarlierThanItsExpiry(long ticks, bool active)
    {
        var snapshot = Given.Snapshot(
            Given.Flag("""{"overrides":[{"id":"o","targetingKey":"u","variant":"on","expiresAt":"2026-03-01T12:00:00Z"}]}""")
        );
        var result = Evaluator.Evaluate(snapshot, "flag", EvaluationContext.For("u"), Given.Now.AddTicks(ticks));
        result.BooleanValue(!active).ShouldBe(active);
    }

    [Fact]
    public void Override_ComesBeforeRules()
    {
        var result = Given.Evaluate(
            """{"overrides":[{"id":"o","targetingKey":"u","variant":"on"}],"rules":[{"id":"r","serve":{"variant":"off"}}]}""",
            User
        );
        (result.OverrideId, result.RuleId).ShouldBe(("o", null));
    }

    [Fact]
    public void Override_WithoutATargetingKey_DoesNotMatchTheEmptyOne() =>
        Given.Evaluate("""{"overrides":[{"id":"o","targetingKey":"u","variant":"on"}]}""", "{}").OverrideId.ShouldBeNull();
}
