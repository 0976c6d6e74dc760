using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Tests.Fixtures;

namespace Halyard.Core.Tests.Audit.Searching;

/// <summary>An entry's words are the same whether they are taken before it is written or from its leaf.</summary>
public sealed class LeafTextTests
{
    [Fact]
    public void TextOfTheExample_IsItsSummaryKeysReferencesAndReason()
    {
        var text = EntryBuilder.Build(Entries.Example(new SeededEntropy()), new SeededEntropy()).Draft.Index.Text;

        text.Content.Split(EntryText.TextEnd)[^3..].ShouldBe(["new pricing", "feat 123", "inc 7"]);
        text.Content.ShouldContain("production");
        text.Reason.ShouldBe("launch with quotes and");
    }

    [Fact]
    public void TextOfALeaf_IsThatOfItsDraft()
    {
        var example = Entries.Example(new SeededEntropy());
        ShouldBeTheSame(example);
        ShouldBeTheSame(example with { Resources = [], Reason = "", Ticket = null, Incident = null });
        ShouldBeTheSame(
            example with
            {
                Type = "flag.imported",
                Reason = "",
                Origin = new EntryOrigin(Entries.Time, "s_1", "the original reason", "https://example.com", "imp_1", 7),
            }
        );
        foreach (var naughty in Naughty.All())
            ShouldBeTheSame(example with { Reason = naughty, Ticket = naughty });
    }

    [Fact]
    public void TextOfALeaf_WhoseMembersAreBlobs_IsThatOfItsDraft()
    {
        var example = Entries.Example(new SeededEntropy());
        var first = example.Resources[0];
        var changes = Enumerable
            .Range(0, 500)
            .Select(i => new SemanticChange("flag.updated", null, $"change number {i} of many"));
        var further = Enumerable
            .Range(0, 300)
            .Select(i =>
                first with
                {
                    Touched = first.Touched with { Name = new ResourceName(ResourceKind.Flag, "web", $"key-{i}") },
                }
            );
        var content = example with { Changes = [.. changes], Resources = [first, .. further] };

        var draft = ShouldBeTheSame(content);
        draft.Blobs.Count.ShouldBeGreaterThan(content.Resources.Count + 2);
        draft.Index.Text.Content.ShouldContain("number 499");
        draft.Index.Text.Content.ShouldContain("key 299");
    }

    private static EntryDraft ShouldBeTheSame(EntryContent content)
    {
        var (draft, values) = EntryBuilder.Build(content, new SeededEntropy());
        var leaf = Seal.Append(draft, LogHead.Genesis("acme", "flags.example.com/acme/admin")).Entry.Leaf;
        var blobs = draft.Blobs.DistinctBy(blob => blob.Digest).ToDictionary(blob => blob.Digest, blob => blob.Content);
        var reason = values.SingleOrDefault(value => LeafText.ReasonPointers.Contains(value.Pointer))?.Value;

        LeafText.Of(leaf, reason, digest => blobs[digest]).ShouldBe(draft.Index.Text);
        return draft;
    }
}
