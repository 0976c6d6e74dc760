using Halyard.Core.Flags;
using Halyard.Core.Tests.Fixtures;

namespace Halyard.Core.Tests.Flags.Editing;

public sealed class StructureEditTests
{
    private readonly World _world = new(Ops.CreateFlag("f"), Segment("beta"));

    [Theory]
    [InlineData("""{"op":"createSegment","segment":"beta"}""", "/operations/0/segment")]
    [InlineData("""{"op":"updateSegment","segment":"none","name":"x"}""", "/operations/0/segment")]
    [InlineData("""{"op":"deleteSegment","segment":"none"}""", "/operations/0/segment")]
    [InlineData(
        """{"op":"createSegment","segment":"x","rules":[{"id":"r","conditions":[{"operator":"segment","values":["beta","none"]}]}]}""",
        "/operations/0/rules/0/conditions/0/values/1"
    )]
    [InlineData(
        """{"op":"updateSegment","segment":"beta","rules":[{"id":"r","conditions":[{"operator":"segment","values":["beta"]}]}]}""",
        "/operations/0/rules/0/conditions/0/values/0"
    )]
    [InlineData(
        """{"op":"updateSegment","segment":"beta","rules":[{"id":"r","conditions":[]},{"id":"r","conditions":[]}]}""",
        "/operations/0/rules/1/id"
    )]
    [InlineData("""{"op":"createEnvironment","environment":"dev","type":"staging"}""", "/operations/0/environment")]
    [InlineData("""{"op":"setEnvironmentEnabled","environment":"none","enabled":true}""", "/operations/0/environment")]
    [InlineData("""{"op":"deleteEnvironment","environment":"none"}""", "/operations/0/environment")]
    [InlineData("""{"op":"createProject","project":"other"}""", "/operations/0")]
    public void Edit_WhatIsWrong_IsNamedAtItsPlace(string operation, string pointer) =>
        _world.RefusedAt(operation).ShouldBe(pointer);

    [Fact]
    public void Segments_ChainLongerThanTheEngineFollows_IsRefused()
    {
        _world.Apply(Segment("s1", "beta"));
        for (var i = 2; i < 64; i++)
            _world.Apply(Segment($"s{i}", $"s{i - 1}"));

        _world.Refusal(Segment("s64", "s63")).ShouldHaveSingleItem().Message.ShouldContain("chain of more than 64");
    }

    [Fact]
    public void Segments_CycleOfThree_IsRefused()
    {
        _world.Apply(Segment("gamma", "beta"));
        _world.Apply(Segment("delta", "gamma"));

        _world
            .RefusedAt(
                $$"""{"op":"updateSegment","segment":"beta","rules":[{"id":"r","conditions":[{{Ops.InSegment("delta")}}]}]}"""
            )
            .ShouldBe("/operations/0/rules/0/conditions/0/values/0");
    }

    [Fact]
    public void DeleteSegment_UsedByAFlag_IsRefused()
    {
        _world.Apply(Ops.AddRule("f", "r", Ops.InSegment("beta"), environment: "staging"));

        _world
            .Refusal("""{"op":"deleteSegment","segment":"beta"}""")
            .ShouldHaveSingleItem()
            .ShouldBe(new FieldProblem("/operations/0/segment", "flag 'f' uses it in environment 'staging'"));
    }

    [Fact]
    public void DeleteSegment_UsedByASegment_IsRefused()
    {
        _world.Apply(Segment("gamma", "beta"));

        _world.RefusedAt("""{"op":"deleteSegment","segment":"beta"}""").ShouldBe("/operations/0/segment");
    }

    [Fact]
    public void UpdateSegment_GivenMembers_ReplaceAndOthersStay()
    {
        _world.Apply("""{"op":"updateSegment","segment":"beta","includes":["u1","u2"],"description":"d"}""");
        _world.Apply("""{"op":"updateSegment","segment":"beta","excludes":["u3"]}""");

        var segment = _world.Segment("beta")!;
        segment.Definition.Includes.ShouldBe(["u1", "u2"]);
        segment.Definition.Excludes.ShouldBe(["u3"]);
        segment.Description.ShouldBe("d");
    }

    [Fact]
    public void CreateEnvironment_WithoutOrder_ComesLast()
    {
        _world.Apply("""{"op":"createEnvironment","environment":"qa","type":"staging"}""");

        _world.Environment("qa")!.Order.ShouldBe(4);
        _world.Environment("qa")!.Enabled.ShouldBeTrue();
    }

    [Fact]
    public void UpdateEnvironment_GivenMembers_ReplaceAndOthersStay()
    {
        var changes = _world.Apply("""{"op":"updateEnvironment","environment":"dev","name":"Dev","type":"staging","order":9}""");

        changes.Count.ShouldBe(3);
        _world
            .Environment("dev")
            .ShouldBe(new ProjectEnvironment("e-dev", "web", "dev", "Dev", EnvironmentType.Staging, 9, true));
    }

    [Fact]
    public void SetEnvironmentEnabled_OffAndOn_IsNamed()
    {
        _world
            .Apply("""{"op":"setEnvironmentEnabled","environment":"dev","enabled":false}""")
            .ShouldHaveSingleItem()
            .Action.ShouldBe("environment.disabled");
        _world.Apply("""{"op":"setEnvironmentEnabled","environment":"dev","enabled":false}""").ShouldBeEmpty();
        _world
            .Apply("""{"op":"setEnvironmentEnabled","environment":"dev","enabled":true}""")
            .ShouldHaveSingleItem()
            .Action.ShouldBe("environment.enabled");
    }

    [Fact]
    public void RecreatedEnvironment_DoesNotInheritConfigurations()
    {
        _world.Apply(Ops.Enable("f"), Ops.AddRule("f", "r"));
        _world.Apply("""{"op":"deleteEnvironment","environment":"dev"}""");
        _world.Apply("""{"op":"createEnvironment","environment":"dev","type":"production"}""");

        _world.Configuration("f").Settings.ShouldBe(_world.Flag("f").Defaults.Configuration());
        _world.Configuration("f").Revision.ShouldBe(0);

        _world.Apply(Ops.Enable("f")).ShouldHaveSingleItem().Action.ShouldBe("flag.enabled");
        _world.Configuration("f").Settings.Rules.ShouldBeEmpty();
    }

    [Fact]
    public void RecreatedEnvironment_IsNotRevertedToWhatItsPredecessorWas()
    {
        _world.Apply(Ops.Enable("f"));
        _world.Apply("""{"op":"deleteEnvironment","environment":"dev"}""");
        _world.Apply("""{"op":"createEnvironment","environment":"dev","type":"production"}""");

        _world.Apply("""{"op":"revertToRevision","flag":"f","revision":2,"environment":"dev"}""").ShouldBeEmpty();
    }

    private static string Segment(string key, string? uses = null)
    {
        var rules = uses is null ? "" : $$"""{"id":"r","conditions":[{{Ops.InSegment(uses)}}]}""";
        return $$"""{"op":"createSegment","segment":"{{key}}","rules":[{{rules}}]}""";
    }
}
