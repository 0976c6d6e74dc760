using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation;

namespace Halyard.Core.Tests.Policies;

public sealed class ServingFactsTests
{
    private static readonly FlagComparison Safer = new("f", true, new BlastRadius([], true));
    private static readonly FlagComparison Riskier = new("g", false, BlastRadius.Unknown);

    [Fact]
    public void Direction_IsSaferOnlyWhereEveryFlagOfTheEnvironmentIs()
    {
        var world = new World(Ops.CreateFlag("f"), Ops.Enable("f"));
        var before = world.Flag("f");
        world.Apply(Ops.Enable("f", enabled: false));

        Direction([Safer], before, world.Flag("f")).ShouldBe(ChangeDirection.Safer);
        Direction([Safer, Riskier], before, world.Flag("f")).ShouldBe(ChangeDirection.Riskier);
    }

    [Theory]
    [InlineData("""{"op":"updateFlag","flag":"f","tags":["kill-switch"]}""")]
    [InlineData("""{"op":"updateFlag","flag":"f","owner":"somebody"}""")]
    [InlineData("""{"op":"setFallbackVariant","flag":"f","environment":"dev","variant":"on"}""")]
    public void Defect004_ChangingWhatDecidesOnApproval_IsNeverSafer(string operation)
    {
        var world = new World(Ops.CreateFlag("f"));
        var before = world.Flag("f");
        world.Apply(operation);

        Direction([], before, world.Flag("f")).ShouldBe(ChangeDirection.Riskier);
    }

    [Fact]
    public void Environment_SwitchedOffMayBeSafer_AndMadeDevelopmentIsNot()
    {
        var before = new World().Environment("prod")!;

        Direction([Safer], before, before with { Enabled = false }).ShouldBe(ChangeDirection.Safer);
        Direction([], before, before with { Type = EnvironmentType.Development }).ShouldBe(ChangeDirection.Riskier);
    }

    [Fact]
    public void CreatingOrDeleting_IsNeverSafer()
    {
        var flag = new World(Ops.CreateFlag("f")).Flag("f");

        Direction([], null, flag).ShouldBe(ChangeDirection.Riskier);
        Direction([], flag, null).ShouldBe(ChangeDirection.Riskier);
    }

    [Fact]
    public void AudienceDelta_IsInPercentagePoints_AndUnknownStaysUnknown()
    {
        ServingFacts.AudienceDelta(null, new Dictionary<string, long>()).ShouldBe(0);
        ServingFacts.AudienceDelta(Safer, new Dictionary<string, long>()).ShouldBe(0);
        ServingFacts.AudienceDelta(Riskier, new Dictionary<string, long>()).ShouldBeNull();
    }

    private static ChangeDirection Direction(FlagComparison[] compared, Resource? before, Resource? after) =>
        ServingFacts.DirectionOf(compared, [(before, after)]);
}
