using System.Text;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;
using Halyard.Testing;

namespace Halyard.Core.Tests.Audit;

public sealed class EntryBuilderTests
{
    private static readonly string[] Members =
    [
        "actions",
        "actor",
        "at",
        "change",
        "decision",
        "env",
        "id",
        "idx",
        "log",
        "meta",
        "origin",
        "outcome",
        "project",
        "req",
        "resource",
        "tenant",
        "type",
        "v",
        "why",
    ];

    /// <summary>An entry verifies for ever: if this test fails, the format changed, and every log ever written is at stake.</summary>
    [Fact]
    public void Leaf_OfTheExample_HasExactlyTheBytesOfVersionOne()
    {
        var entropy = new SeededEntropy();
        var golden = File.ReadAllBytes(Path.Combine(Suites.RepositoryRoot, "tests", "vectors", "leaf-v1.json"));

        var (entry, head) = Entries.Sealed(Entries.Example(entropy), entropy);

        Encoding.UTF8.GetString(entry.Leaf).ShouldBe(Encoding.UTF8.GetString(golden));
        entry.LeafHash.ToString().ShouldBe("sha256:363024967bd46e167e2bb404abbf82f6e8882775d635bc6ca456d2314d66ac25");
        head.Range.Root.ShouldBe(entry.LeafHash);
    }

    [Fact]
    public void Leaf_OfTheExample_IsCanonicalAndHasTheFinalMembers()
    {
        var entropy = new SeededEntropy();
        var leaf = Entries.Sealed(Entries.Example(entropy), entropy).Entry.Leaf;

        CanonicalJson.Canonicalize(leaf).ShouldBe(leaf);
        var root = JsonDocument.Parse(leaf).RootElement;
        Names(root).ShouldBe(Members);
        Names(root.GetProperty("actor")).ShouldBe(["auth", "cred", "kind", "obo", "roles", "sid"]);
        Names(root.GetProperty("change")).ShouldBe(["after", "before", "patch"]);
        Names(root.GetProperty("decision")).ShouldBe(["input", "policy", "verdict"]);
        Names(root.GetProperty("outcome")).ShouldBe(["code", "message", "ok"]);
        Names(root.GetProperty("req")).ShouldBe(["id", "idem", "ip", "session", "trace", "ua"]);
        Names(root.GetProperty("resource")).ShouldBe(["id", "key", "kind", "rev_from", "rev_to"]);
        Names(root.GetProperty("why"))
            .ShouldBe(["approvals", "bypass", "cr", "cr_hash", "incident", "policy", "reason", "ticket"]);
        root.GetProperty("v").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Leaf_OfTheExample_HoldsNothingPersonalInClearAndEachCommitmentVerifies()
    {
        var entropy = new SeededEntropy();
        var (_, values) = EntryBuilder.Build(Entries.Example(entropy), entropy);
        var leaf = Encoding.UTF8.GetString(Entries.Sealed(Entries.Example(new SeededEntropy()), new SeededEntropy()).Entry.Leaf);

        foreach (var personal in new[] { "192.0.2.7", "curl/8", "launch", "alice" })
            leaf.ShouldNotContain(personal);
        values
            .Select(value => value.Pointer)
            .ShouldBe(
                ["/environments/production/overrides/o1/targetingKey", "/req/ip", "/req/ua", "/why/reason"],
                ignoreOrder: true
            );
        foreach (var value in values)
            Commitment
                .Verify(value.Commitment, value.Key, value.Pointer, Encoding.UTF8.GetBytes(value.Value))
                .ShouldBeTrue(value.Pointer);
    }

    [Fact]
    public void Leaf_EverythingHugeAtOnce_StaysBelowTheLimitAndSpillsToBlobs()
    {
        var entropy = new SeededEntropy();
        var words = Enumerable.Range(0, 40).Select(i => new SemanticChange("flag.updated", null, new string('w', 290) + i));
        var example = Entries.Example(entropy);
        foreach (var size in new[] { 100, 11_900, 23_900, 200_000 })
        {
            var patch = JsonPatch.Diff([], JsonSerializer.SerializeToUtf8Bytes(new string('p', size - 50)));
            var resource = example.Resources[0] with { Patch = patch };
            var content = example with
            {
                Changes = [.. words, .. Enumerable.Repeat(words.First(), size / 300)],
                Environments = [.. Enumerable.Range(0, size / 120).Select(i => new string('e', 110) + i)],
                Resources = [resource, .. Enumerable.Range(0, 19).Select(_ => resource)],
                Reason = new string('r', 4_096),
                Ticket = new string('t', 256),
                Incident = new string('i', 256),
                IdempotencyKey = new string('k', 255),
            };

            var (draft, _) = EntryBuilder.Build(content, entropy);
            var leaf = Seal.Append(draft, LogHead.Genesis("acme", "flags.example.com/acme/admin")).Entry.Leaf;

            leaf.Length.ShouldBeLessThan(EntryBuilder.MaxLeafBytes + 200);
            CanonicalJson.Canonicalize(leaf).ShouldBe(leaf);
            foreach (var digest in LedgerFold.BlobsNamedIn(leaf))
                draft.Blobs.Where(blob => blob.Digest == digest).ShouldNotBeEmpty();
            foreach (var blob in draft.Blobs.Skip(1))
                Digest.Of(blob.Content.Span).ShouldBe(blob.Digest);
        }
    }

    [Fact]
    public void Build_ActionThatNobodyDeclared_Throws()
    {
        var content = Entries.Example(new SeededEntropy());

        Should.Throw<InvalidOperationException>(() =>
            EntryBuilder.Build(content with { Type = "flag.toggled" }, new SeededEntropy())
        );
        Should.Throw<InvalidOperationException>(() =>
            EntryBuilder.Build(content with { Changes = [new SemanticChange("x", null, "x")] }, new SeededEntropy())
        );
    }

    [Fact]
    public void Build_NaughtyReasonsAndRequests_AreCanonicalAndRevealUnchanged()
    {
        foreach (var text in Naughty.All())
        {
            var entropy = new SeededEntropy();
            var content = Entries.Example(entropy);
            content = content with { Reason = text, Request = content.Request with { UserAgent = text }, Ticket = text };

            var (_, values) = EntryBuilder.Build(content, entropy);
            var leaf = Entries.Sealed(content, entropy).Entry.Leaf;

            CanonicalJson.Canonicalize(leaf).ShouldBe(leaf);
            var reason = values.SingleOrDefault(value => value.Pointer == "/why/reason");
            (reason is null ? "" : JsonSerializer.Deserialize<string>(reason.Value)).ShouldBe(text);
        }
    }

    [Fact]
    public void Seal_ClockThatWentBack_NeverLetsTheLogsTimeGoBack()
    {
        var entropy = new SeededEntropy();
        var (first, head) = Entries.Sealed(Entries.Example(entropy), entropy);

        var (second, next) = Entries.Sealed(Entries.Example(entropy) with { Time = Entries.Time.AddHours(-1) }, entropy, head);

        second.At.ShouldBe(first.At);
        second.Index.ShouldBe(1);
        next.LastAt.ShouldBe(first.At);
        next.Range.Root.ShouldBe(MerkleTree.Root([first.LeafHash, second.LeafHash]));
    }

    [Fact]
    public void Seal_EntryOfThePast_TakesEffectThen()
    {
        var entropy = new SeededEntropy();
        var then = new DateTimeOffset(2020, 2, 29, 23, 59, 59, TimeSpan.FromHours(2));
        var content = Entries.Example(entropy) with
        {
            Type = "flag.imported",
            Origin = new(then, "s_1", "why", "commit", "key", 7),
        };

        var (draft, _) = EntryBuilder.Build(content, entropy);
        var entry = Entries.Sealed(content, entropy).Entry;

        entry.At.ShouldBe(Entries.Time);
        entry.EffectiveAt.ShouldBe(then);
        draft.Index.Actor.ShouldBe("s_1");
        var leaf = JsonDocument.Parse(entry.Leaf).RootElement;
        leaf.GetProperty("origin").GetProperty("at").GetString().ShouldBe("2020-02-29T21:59:59.000000Z");
        leaf.GetProperty("meta").GetProperty("line").GetInt32().ShouldBe(7);
        leaf.GetProperty("actor").GetProperty("sid").GetString().ShouldBe("s_9f3c");
    }

    [Fact]
    public void Catalogue_EveryName_IsDescribed()
    {
        Catalogue.Names.ShouldNotBeEmpty();
        Catalogue.Names.ShouldAllBe(name => Catalogue.Describe(name).Length > 10);
        Catalogue.Expand("flag.toggled").ShouldAllBe(name => Catalogue.Contains(name));
    }

    [Fact]
    public void ResourceKinds_EveryKind_IsParsedFromItsName()
    {
        foreach (var kind in Enum.GetValues<ResourceKind>())
            ResourceKinds.Parse(kind.Name()).ShouldBe(kind);
        ResourceKinds.Parse("Flag").ShouldBeNull();
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
}
