using System.Text;
using Halyard.Ledger.Tests.Notes;
using Halyard.Testing;

namespace Halyard.Ledger.Tests.Tiles;

/// <summary>A log that another implementation wrote: its checkpoints, tiles and bundles at each size are ours too.</summary>
public sealed class PublishedLogTests
{
    private const string VerifierKey = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

    private static readonly byte[][] Entries =
    [
        .. "one two three four five six seven eit".Split(' ').Select(Encoding.UTF8.GetBytes),
    ];

    private readonly string _folder = Suites.Require("tessera");

    [Fact]
    public void Checkpoints_OfEachSize_AreSignedAndHaveOurRoot()
    {
        for (var size = 0; size <= Entries.Length; size++)
        {
            Note.TryParse(File.ReadAllBytes(PathOf($"checkpoint.{size}")), out var note, out var problem).ShouldBeTrue(problem);
            NoteKey.TryParse(VerifierKey, out var key, out _).ShouldBeTrue();
            note.Verify(new Ed25519(key)).ShouldBeOfType<NoteVerdict.Verified>();
            Checkpoint.TryParse(note.Text, out var checkpoint, out problem).ShouldBeTrue(problem);
            checkpoint.ShouldBeEquivalentTo(new Checkpoint("example.com/log/testdata", size, Root(size)));
            checkpoint.ToText().ShouldBe(note.Text);
        }
    }

    [Fact]
    public void Tiles_OfEachSize_AreTheBytesThatWeWrite()
    {
        for (var size = 1; size <= Entries.Length; size++)
        {
            var tile = TileGrowth.Grow(0, Hashes(size), path => throw new InvalidOperationException($"{path}")).Single();
            tile.Path.ToString().ShouldBe($"tile/0/000.p/{size}");
            tile.ToBytes().ShouldBe(File.ReadAllBytes(PathOf(tile.Path.ToString())));
            var bundle = TileLayout.Bundles(0, size).Single();
            EntryBundle
                .Write([.. Entries[..size].Select(entry => (ReadOnlyMemory<byte>)entry)])
                .ShouldBe(File.ReadAllBytes(PathOf(bundle.ToString())));
        }
    }

    [Fact]
    public void Bundles_OfEachSize_HoldThePublishedEntries()
    {
        for (var size = 1; size <= Entries.Length; size++)
        {
            var bytes = File.ReadAllBytes(PathOf($"tile/entries/000.p/{size}"));
            EntryBundle.TryRead(bytes, size, out var entries, out _).ShouldBeTrue();
            entries.Select(entry => entry.ToArray()).ShouldBe(Entries[..size]);
        }
    }

    [Fact]
    public void Proofs_FromThePublishedTiles_LeadToThePublishedRoots()
    {
        var source = new TileNodeSource(Entries.Length, path => File.ReadAllBytes(PathOf(path.ToString())));
        var last = Root(Entries.Length);
        source.Root().ShouldBe(last);
        for (var size = 0; size < Entries.Length; size++)
        {
            var inclusion = InclusionProof.Build(size, Entries.Length, source);
            InclusionProof.Verify(size, Entries.Length, MerkleTree.HashLeaf(Entries[size]), inclusion, last).ShouldBeTrue();
            var consistency = ConsistencyProof.Build(size, Entries.Length, source);
            ConsistencyProof.Verify(size, Entries.Length, Root(size), last, consistency).ShouldBeTrue();
        }
    }

    private static Digest[] Hashes(int size) => [.. Entries[..size].Select(entry => MerkleTree.HashLeaf(entry))];

    private static Digest Root(int size) => MerkleTree.Root(Hashes(size));

    private string PathOf(string path) => Path.Combine(_folder, path);
}
