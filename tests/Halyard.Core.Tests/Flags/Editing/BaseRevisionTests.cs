using Halyard.Core.Flags;
using Halyard.Core.Tests.Fixtures;

namespace Halyard.Core.Tests.Flags.Editing;

/// <summary>An operation is stale if and only if what it touches changed after the revision that its author saw.</summary>
public sealed class BaseRevisionTests
{
    // Revision 1 creates, 2 enables dev, 3 renames, 4 enables prod.
    private readonly World _world = new(
        Ops.CreateFlag("f"),
        Ops.Enable("f"),
        Ops.Rename("f", "renamed"),
        Ops.Enable("f", "prod"),
        """{"op":"createSegment","segment":"s"}""",
        """{"op":"updateSegment","segment":"s","name":"new"}"""
    );

    public static TheoryData<string, long, bool> Cases =>
        new()
        {
            { """{"op":"setEnabled","flag":"f","environment":"dev","enabled":false}""", 1, true },
            { """{"op":"setEnabled","flag":"f","environment":"dev","enabled":false}""", 2, false },
            { """{"op":"setEnabled","flag":"f","environment":"dev","enabled":false}""", 4, false },
            { """{"op":"setEnabled","flag":"f","environment":"dev","enabled":false}""", 5, true },
            { """{"op":"setEnabled","flag":"f","environment":"staging","enabled":true}""", 0, false },
            { """{"op":"setEnabled","flag":"f","environment":"prod","enabled":false}""", 3, true },
            { """{"op":"updateFlag","flag":"f","owner":"x"}""", 2, true },
            { """{"op":"updateFlag","flag":"f","owner":"x"}""", 3, false },
            { """{"op":"setStatus","flag":"f","status":"archived"}""", 2, true },
            { """{"op":"addVariant","flag":"f","variant":{"key":"x","value":true}}""", 3, false },
            { """{"op":"deleteFlag","flag":"f"}""", 3, true },
            { """{"op":"deleteFlag","flag":"f"}""", 4, false },
            { """{"op":"revertToRevision","flag":"f","revision":1}""", 3, true },
            { """{"op":"revertToRevision","flag":"f","revision":1,"environment":"dev"}""", 2, false },
            { """{"op":"revertToRevision","flag":"f","revision":1,"environment":"dev"}""", 1, true },
            { """{"op":"promote","flag":"f","from":"prod","environment":"dev"}""", 2, false },
            { """{"op":"promote","flag":"f","from":"dev","environment":"prod"}""", 2, true },
            { """{"op":"updateSegment","segment":"s","name":"x"}""", 1, true },
            { """{"op":"updateSegment","segment":"s","name":"x"}""", 2, false },
            { """{"op":"setEnvironmentEnabled","environment":"dev","enabled":false}""", 1, false },
            { """{"op":"setEnvironmentEnabled","environment":"dev","enabled":false}""", 0, true },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operation_OnABaseRevision_IsStaleOnlyIfWhatItTouchesChangedSince(string operation, long baseRevision, bool stale)
    {
        var found = _world.Stale(operation[..^1] + $",\"baseRevision\":{baseRevision}}}");

        if (!stale)
            found.ShouldBeEmpty();
        else
            found.ShouldHaveSingleItem().Expected.ShouldBe(baseRevision);
    }

    [Fact]
    public void StaleOperation_NamesTheCurrentRevision() =>
        _world.Stale(Ops.Rename("f", "x", baseRevision: 1)).ShouldBe([new RevisionMismatch(Flag.NameOf("web", "f"), 1, 4)]);

    [Fact]
    public void SeveralOperationsOnOnePart_AllOnTheRevisionTheAuthorSaw_AreNotStaleBecauseOfEachOther() =>
        _world
            .Stale(
                Ops.Rename("f", "x", baseRevision: 4),
                """{"op":"addVariant","flag":"f","variant":{"key":"x","value":true},"baseRevision":4}""",
                Ops.Enable("f", enabled: false, baseRevision: 4),
                """{"op":"setOffVariant","flag":"f","environment":"dev","variant":"x","baseRevision":4}"""
            )
            .ShouldBeEmpty();

    [Fact]
    public void AnEditThatUndoesItself_DoesNotMakeOthersStale()
    {
        _world.Apply(Ops.Enable("f", enabled: false), Ops.Enable("f"), Ops.Rename("f", "again"));

        _world.Stale(Ops.Enable("f", enabled: false, baseRevision: 2)).ShouldBeEmpty();
    }
}
