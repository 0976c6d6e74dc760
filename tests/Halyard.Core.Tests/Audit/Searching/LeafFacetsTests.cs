using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Audit.Searching;

/// <summary>What an entry is found by is the same whether it is taken before it is written or from what a store keeps of it.</summary>
public sealed class LeafFacetsTests
{
    private static EntryContent Example => Entries.Example(new SeededEntropy());

    [Fact]
    public void FacetsOfALeaf_AreThoseOfItsDraft()
    {
        ShouldBeTheSame(Example);
        ShouldBeTheSame(Example with { Project = "", Environments = [], Resources = [], Ticket = null, Incident = null });
        ShouldBeTheSame(Example with { Changes = [], Environments = ["production", "staging"] });
        ShouldBeTheSame(
            Example with
            {
                FailureCode = "denied",
                ChangeRequest = new RequestReference("cr_1", Digest.Of("x"u8), ["s_1"]),
            }
        );
        ShouldBeTheSame(
            Example with
            {
                Type = "flag.imported",
                Origin = new EntryOrigin(Entries.Time, "s_author", "the original reason", null, "imp_1", 7),
            }
        );
        foreach (var naughty in Naughty.All())
            ShouldBeTheSame(Example with { Ticket = naughty, Incident = naughty });
    }

    [Fact]
    public void FacetsOfALeaf_WhoseListsAreBlobs_AreThoseOfItsDraft()
    {
        var first = Example.Resources[0];
        var further = Enumerable
            .Range(0, 300)
            .Select(i =>
                first with
                {
                    Touched = first.Touched with
                    {
                        Name = new ResourceName(ResourceKind.Segment, "web", $"key-{i}"),
                        Id = $"s_{i}",
                    },
                }
            );
        string[] environments = [.. Enumerable.Range(0, 2_000).Select(i => $"environment-{i}")];

        ShouldBeTheSame(Example with { Resources = [first, .. further], Environments = environments });
    }

    [Fact]
    public void TextsOfABlock_AreThoseThatWereFolded()
    {
        string[] texts =
        [
            .. Naughty.All().Select(text => EntryText.Of([text, "and on", text], [text], [null, text], text).Content),
            "",
            "a",
            "a a a\na\nb a",
        ];
        var folder = new WordFolder(WordSource.Content);
        for (var entry = 0; entry < texts.Length; entry++)
            folder.Add(entry, texts[entry]);
        var unfolder = new WordUnfolder();
        foreach (var (word, entries, places) in folder.Rows())
            unfolder.Add(word, entries, places);

        Enumerable.Range(0, texts.Length).Select(unfolder.TextOf).ShouldBe(texts);
        unfolder.TextOf(EntrySet.BlockSize - 1).ShouldBeEmpty();
    }

    private static void ShouldBeTheSame(EntryContent content)
    {
        var (draft, _) = EntryBuilder.Build(content, new SeededEntropy());
        var leaf = Seal.Append(draft, LogHead.Genesis("acme", "flags.example.com/acme/admin")).Entry.Leaf;
        var blobs = draft.Blobs.DistinctBy(blob => blob.Digest).ToDictionary(blob => blob.Digest, blob => blob.Content);
        var named = LeafFacets.BlobsIn(leaf).ToHashSet();

        LeafFacets
            .Of(leaf, digest => named.Contains(digest) ? blobs[digest] : throw new KeyNotFoundException($"{digest}"))
            .Distinct()
            .ShouldBe(Facets.Of(draft).Distinct(), ignoreOrder: true);
    }
}
