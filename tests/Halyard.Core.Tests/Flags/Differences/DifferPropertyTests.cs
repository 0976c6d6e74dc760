using FsCheck.Fluent;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Tests.Fixtures;

namespace Halyard.Core.Tests.Flags.Differences;

public sealed class DifferPropertyTests
{
    [Fact]
    public void Compare_TwoFlags_NamesAChangeExactlyWhereTheDocumentsDiffer() =>
        Property.Holds(
            Generate.Flag.Two(),
            pair =>
            {
                var (before, after) = (pair.Item1, pair.Item2);
                Differ.Compare(before, after).Any().ShouldBe(!Same(before, after));
                Differ.Compare(before, before with { }).ShouldBeEmpty();
            },
            tests: 500
        );

    [Fact]
    public void Compare_FlagsThatDifferInOneEnvironment_NamesThatEnvironmentAlone() =>
        Property.Holds(
            Generate.Flag.Two(),
            pair =>
            {
                var after = pair.Item1 with
                {
                    Environments = pair.Item1.Environments.SetItem("prod", pair.Item2.Environments["prod"]),
                };
                var changes = Differ.Compare(pair.Item1, after);
                changes.Any().ShouldBe(!Same(pair.Item1, after));
                changes.ShouldAllBe(change => change.Environment == "prod");
            }
        );

    [Fact]
    public void Compare_TwoSegments_NamesAChangeExactlyWhereTheDocumentsDiffer() =>
        Property.Holds(
            Generate.Segment.Two(),
            pair => Differ.Compare(pair.Item1, pair.Item2).Any().ShouldBe(!Same(pair.Item1, pair.Item2)),
            tests: 500
        );

    [Fact]
    public void Compare_CreationAndDeletion_AreAlwaysNamed() =>
        Property.Holds(
            Generate.Flag,
            flag =>
            {
                Differ.Compare(null, flag)[0].Action.ShouldBe("flag.created");
                Differ.Compare(flag, null).ShouldHaveSingleItem().Action.ShouldBe("flag.deleted");
            }
        );

    [Fact]
    public void Words_WhateverTheNames_HoldNoControlCharactersAndNoSecrets() =>
        Property.Holds(
            Gen.OneOf(
                Generate.Flag.Two().Select(pair => ((Resource)pair.Item1, (Resource)pair.Item2)),
                Generate.SensitiveFlag.Two().Select(pair => ((Resource)pair.Item1, (Resource)pair.Item2)),
                Generate.Segment.Two().Select(pair => ((Resource)pair.Item1, (Resource)pair.Item2))
            ),
            pair =>
            {
                foreach (
                    var change in (IEnumerable<SemanticChange>)
                        [.. Differ.Compare(pair.Item1, pair.Item2), .. Differ.Compare(null, pair.Item2)]
                )
                {
                    Naughty.IsTreacherous(change.Words).ShouldBeFalse(change.Words);
                    change.Words.ShouldNotContain(Generate.Secret);
                    Catalogue.Contains(change.Action).ShouldBeTrue(change.Action);
                }
            },
            tests: 500
        );

    private static bool Same(Resource before, Resource after) => before.ToDocument().AsSpan().SequenceEqual(after.ToDocument());
}
