using System.Security.Cryptography;
using System.Text;
using Halyard.Ledger;

namespace Halyard.Cli.Tests.Proofs;

public sealed class VerifyProofTests
{
    private const string Log = "flags.example.com/acme/admin";
    private static readonly List<byte[]> Leaves = [.. Enumerable.Range(0, 7).Select(Leaf)];

    [Fact]
    public async Task GoodProof_SaysWhatIsProven_AndWhatIsNot()
    {
        using var cli = new Cli();
        (await VerifyAsync(cli, Proof(5, 7))).ShouldBe(0);
        cli.Out.ShouldContain($"entry 5 of the log {Log} when it had 7 entries");
        cli.Out.ShouldContain("type  flag.updated");
        cli.Out.ShouldContain("at    2026-01-01T00:00:05Z");
        cli.Out.ShouldContain(Root(7).ToString());
        cli.Out.ShouldContain("Compare size and root with ones you hold");
    }

    [Fact]
    public async Task HeldRoot_ThatIsTheProofs_SaysThatTheEntryIsInThatLog()
    {
        using var cli = new Cli();
        (await VerifyAsync(cli, Proof(5, 7), "--root", Root(7).ToString(), "--size", "7")).ShouldBe(0);
        cli.Out.ShouldContain("is the one you hold: the entry is in that log");
    }

    [Fact]
    public async Task HeldRoot_OfTheLaterTree_IsComparedToo()
    {
        using var cli = new Cli();
        var proof = Proof(2, 5) with { Consistency = Later(5, 7) };
        (await VerifyAsync(cli, proof, "--root", Root(7).ToString(), "--size", "7")).ShouldBe(0);
        cli.Out.ShouldContain("beginning of the one with 7 entries");
        (await VerifyAsync(cli, proof, "--root", Root(6).ToString(), "--size", "7")).ShouldBe(1);
    }

    [Fact]
    public async Task HeldRoot_ThatDiffers_IsTampering()
    {
        using var cli = new Cli();
        (await VerifyAsync(cli, Proof(5, 7), "--root", Root(6).ToString(), "--size", "7")).ShouldBe(1);
        cli.Error.ShouldContain("TAMPERED");
        cli.Error.ShouldContain(Root(6).ToString());
    }

    [Fact]
    public async Task HeldRoot_OfAnotherSize_IsIncomplete()
    {
        using var cli = new Cli();
        (await VerifyAsync(cli, Proof(5, 7), "--root", Root(6).ToString(), "--size", "6")).ShouldBe(2);
        cli.Error.ShouldContain("leads to 7 entries, not to 6");
    }

    [Fact]
    public async Task AlteredLeaf_IsTampering()
    {
        using var cli = new Cli();
        var altered = Proof(5, 7) with { Leaf = Leaf(5, "flag.deleted"), LeafHash = MerkleTree.HashLeaf(Leaves[5]) };
        (await VerifyAsync(cli, altered)).ShouldBe(1);
        cli.Error.ShouldContain("TAMPERED");
    }

    [Fact]
    public async Task AlteredLeafWithItsOwnHash_IsTampering()
    {
        using var cli = new Cli();
        var leaf = Leaf(5, "flag.deleted");
        (await VerifyAsync(cli, Proof(5, 7) with { Leaf = leaf, LeafHash = MerkleTree.HashLeaf(leaf) })).ShouldBe(1);
    }

    [Fact]
    public async Task AlteredRoot_IsTampering()
    {
        using var cli = new Cli();
        (await VerifyAsync(cli, Proof(5, 7) with { Root = Root(6) })).ShouldBe(1);
    }

    [Fact]
    public async Task MissingHash_IsIncomplete()
    {
        using var cli = new Cli();
        var proof = Proof(5, 7);
        (await VerifyAsync(cli, proof with { Hashes = [.. proof.Hashes.Skip(1)] })).ShouldBe(2);
        cli.Error.ShouldContain("Nothing is proven");
    }

    [Fact]
    public async Task SignedCheckpoint_OfTheProofsOrTheLaterTree_IsCheckedWithTheKey()
    {
        using var cli = new Cli();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new NoteSigner(Log, key);
        string[] vkey = ["--vkey", signer.Key.ToString()];
        var proof = Proof(2, 5) with { Checkpoint = Signed(signer, 5) };
        (await VerifyAsync(cli, proof, vkey)).ShouldBe(0, cli.Error);
        cli.Out.ShouldContain("A key that you hold signed");
        (await VerifyAsync(cli, proof)).ShouldBe(0, cli.Error);
        cli.Out.ShouldContain("Compare size and root");
        var later = Proof(2, 5) with { Consistency = Later(5, 7), Checkpoint = Signed(signer, 7) };
        (await VerifyAsync(cli, later, vkey)).ShouldBe(0, cli.Error);
        (await VerifyAsync(cli, Proof(2, 5), vkey)).ShouldBe(2);
        cli.Error.ShouldContain("no signed checkpoint");
    }

    [Fact]
    public async Task TlogProof_IsReadLikeTheOtherForm()
    {
        using var cli = new Cli();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new NoteSigner(Log, key);
        var text = TlogProof.Write(Proof(2, 5) with { Checkpoint = Signed(signer, 5) }).ShouldNotBeNull();

        (await cli.RunAsync("verify-proof", Written(text), "--vkey", signer.Key.ToString())).ShouldBe(0, cli.Error);
        cli.Out.ShouldContain($"entry 2 of the log {Log} when it had 5 entries");
        (await cli.RunAsync("verify-proof", Written(text.Replace("index 2", "index 3", StringComparison.Ordinal)))).ShouldBe(1);
        (await cli.RunAsync("verify-proof", Written(text.Replace("index 2", "index 02", StringComparison.Ordinal)))).ShouldBe(2);

        string Written(string proof) => cli.Write("entry.tlog-proof", Encoding.UTF8.GetBytes(proof));
    }

    [Fact]
    public async Task CheckpointOfAnotherTreeLogOrSigner_IsNotVerified()
    {
        using var cli = new Cli();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new NoteSigner(Log, key);
        string[] vkey = ["--vkey", signer.Key.ToString()];
        (await VerifyAsync(cli, Proof(2, 5) with { Checkpoint = Signed(signer, 6) })).ShouldBe(1);
        cli.Error.ShouldContain("of another tree");
        var foreign = signer.Sign(new Checkpoint("other", 5, Root(5)).ToText()).ToString();
        (await VerifyAsync(cli, Proof(2, 5) with { Checkpoint = foreign })).ShouldBe(1);
        (await VerifyAsync(cli, Proof(2, 5) with { Checkpoint = "nonsense" })).ShouldBe(1);
        var bad = Signed(signer, 5).Replace("\n5\n", "\n7\n", StringComparison.Ordinal);
        (await VerifyAsync(cli, Proof(2, 7) with { Checkpoint = bad }, vkey)).ShouldBe(1);
        var others = Proof(2, 5) with { Checkpoint = Signed(new NoteSigner(Log, otherKey), 5) };
        (await VerifyAsync(cli, others, vkey)).ShouldBe(2);
        cli.Error.ShouldContain("none of your keys");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("{\"v\":2}")]
    public async Task FileThatIsNoProof_ExitsWithTwo(string text)
    {
        using var cli = new Cli();
        (await cli.RunAsync("verify-proof", cli.Write("proof.json", Encoding.UTF8.GetBytes(text)))).ShouldBe(2);
        cli.Error.ShouldContain("is not a proof file");
    }

    [Fact]
    public async Task FileThatIsNotThereOrTooLarge_ExitsWithTwo()
    {
        using var cli = new Cli();
        (await cli.RunAsync("verify-proof", cli.PathOf("missing.json"))).ShouldBe(2);
        cli.Error.ShouldContain("missing.json cannot be read");
        (await cli.RunAsync("verify-proof", cli.Write("large.json", new byte[ProofFile.MaxLength + 1]))).ShouldBe(2);
        cli.Error.ShouldContain("at most 4194304 are read");
    }

    [Fact]
    public async Task ControlCharactersInTheLeaf_DoNotReachTheTerminal()
    {
        using var cli = new Cli();
        var leaf = CanonicalJson.Canonicalize(
            Encoding.UTF8.GetBytes($$"""{"at":"\u001b[2J","idx":0,"log":"{{Log}}","type":"a\nVerified: everything\u202e"}""")
        );
        var proof = new ProofFile(Log, 0, 1, MerkleTree.HashLeaf(leaf), leaf, [], null);
        (await VerifyAsync(cli, proof)).ShouldBe(0);
        cli.Out.ShouldContain("at    <U+001B>[2J");
        cli.Out.ShouldContain("type  a<U+000A>Verified: everything<U+202E>");
    }

    private static Task<int> VerifyAsync(Cli cli, ProofFile proof, params string[] more) =>
        cli.RunAsync(["verify-proof", cli.Write("proof.json", proof.ToJson()), .. more]);

    private static string Signed(NoteSigner signer, int size) =>
        signer.Sign(new Checkpoint(Log, size, Root(size)).ToText()).ToString();

    private static byte[] Leaf(int index) => Leaf(index, "flag.updated");

    private static byte[] Leaf(int index, string type) =>
        CanonicalJson.Canonicalize(
            Encoding.UTF8.GetBytes(
                $$"""{"at":"2026-01-01T00:00:0{{index}}Z","idx":{{index}},"log":"{{Log}}","type":"{{type}}"}"""
            )
        );

    private static ProofFile Proof(int index, int size) =>
        new(Log, index, size, Root(size), Leaves[index], InclusionProof.Build(index, size, Source()), null);

    private static ConsistencyPart Later(int size, int later) =>
        new(later, Root(later), ConsistencyProof.Build(size, later, Source()));

    private static LeafNodeSource Source() => new(Leaves.ConvertAll(leaf => MerkleTree.HashLeaf(leaf)));

    private static Digest Root(int size) =>
        Leaves.Take(size).Aggregate(CompactRange.Empty, (range, leaf) => range.Append(MerkleTree.HashLeaf(leaf))).Root;
}
