using System.Text;
using System.Text.Json;
using Halyard.Testing;

namespace Halyard.Ledger.Tests.Merkle;

/// <summary>The published trees of RFC 6962's reference implementation, and proofs over them with each way to break them.</summary>
public sealed class MerkleVectorTests
{
    [Fact]
    public void Roots_PublishedLeaves_AreThePublishedOnes()
    {
        using var document = Read("rfc6962/roots.json");
        var vectors = document.RootElement;
        var inputs = Strings(vectors, "leaf_inputs_hex").Select(Convert.FromHexString).ToArray();
        var hashes = Strings(vectors, "leaf_hashes_hex").Select(Digest.FromHex).ToArray();
        var roots = Strings(vectors, "root_by_tree_size_hex").Select(Digest.FromHex).ToArray();

        inputs.Select(i => MerkleTree.HashLeaf(i)).ShouldBe(hashes);
        roots.Length.ShouldBe(9);
        var range = CompactRange.Empty;
        for (var size = 0; size <= hashes.Length; size++)
        {
            MerkleTree.Root(hashes[..size]).ShouldBe(roots[size]);
            range.Root.ShouldBe(roots[size]);
            if (size < hashes.Length)
                range = range.Append(hashes[size]);
        }
    }

    [Fact]
    public void Hashes_PublishedCases_AreThePublishedOnes()
    {
        using var document = Read("rfc6962/roots.json");
        var cases = document.RootElement.GetProperty("hash_cases").EnumerateArray().ToList();
        cases.Count.ShouldBe(4);
        foreach (var vector in cases)
            HashOf(vector).ToHex().ShouldBe(vector.GetProperty("sha256_hex").GetString(), vector.GetProperty("desc").GetString());
    }

    [Fact]
    public void Inclusion_PublishedProof_IsAcceptedAndRefusedOnceAltered()
    {
        foreach (var (name, vector) in Vectors("merkle/inclusion", atLeast: 6))
        {
            var index = vector.GetProperty("leafIdx").GetInt64();
            var size = vector.GetProperty("treeSize").GetInt64();
            var leaf = DigestOf(vector, "leafHash");
            var root = DigestOf(vector, "root");
            var proof = Proof(vector);
            var accepted = !vector.GetProperty("wantErr").GetBoolean();

            InclusionProof.Verify(index, size, leaf, proof, root).ShouldBe(accepted, name);
            if (!accepted)
                continue;
            ProofAlterations.Of(proof).ShouldAllBe(p => !InclusionProof.Verify(index, size, leaf, p, root), name);
            InclusionProof.Verify(-1, size, leaf, proof, root).ShouldBeFalse(name);
            InclusionProof.Verify(index + 1, size, leaf, proof, root).ShouldBeFalse(name);
            InclusionProof.Verify(index ^ 2, size, leaf, proof, root).ShouldBeFalse(name);
            InclusionProof.Verify(index, size * 2, leaf, proof, root).ShouldBeFalse(name);
            InclusionProof.Verify(index, 0, leaf, proof, root).ShouldBeFalse(name);
            InclusionProof.Verify(index, size, ProofAlterations.Flip(leaf), proof, root).ShouldBeFalse(name);
            InclusionProof.Verify(index, size, leaf, proof, ProofAlterations.Flip(root)).ShouldBeFalse(name);
            InclusionProof.Verify(index, size, leaf, proof, MerkleTree.EmptyRoot).ShouldBeFalse(name);
        }
    }

    [Fact]
    public void Consistency_PublishedProof_IsAcceptedAndRefusedOnceAltered()
    {
        foreach (var (name, vector) in Vectors("merkle/consistency", atLeast: 6))
        {
            var first = vector.GetProperty("size1").GetInt64();
            var second = vector.GetProperty("size2").GetInt64();
            var firstRoot = DigestOf(vector, "root1");
            var secondRoot = DigestOf(vector, "root2");
            var proof = Proof(vector);
            var accepted = !vector.GetProperty("wantErr").GetBoolean();

            ConsistencyProof.Verify(first, second, firstRoot, secondRoot, proof).ShouldBe(accepted, name);
            if (!accepted)
                continue;
            ProofAlterations.Of(proof).ShouldAllBe(p => !ConsistencyProof.Verify(first, second, firstRoot, secondRoot, p), name);
            ConsistencyProof.Verify(first, second, ProofAlterations.Flip(firstRoot), secondRoot, proof).ShouldBeFalse(name);
            ConsistencyProof.Verify(first, second, firstRoot, ProofAlterations.Flip(secondRoot), proof).ShouldBeFalse(name);
            ConsistencyProof.Verify(second + 1, second, firstRoot, secondRoot, proof).ShouldBeFalse(name);
            ConsistencyProof.Verify(-1, second, firstRoot, secondRoot, proof).ShouldBeFalse(name);
            ConsistencyProof.Verify(first, second * 2, firstRoot, secondRoot, proof).ShouldBeFalse(name);
            if (first != second)
                ConsistencyProof.Verify(first, second, secondRoot, firstRoot, proof).ShouldBeFalse(name);
        }
    }

    private static Digest HashOf(JsonElement vector)
    {
        if (vector.TryGetProperty("leaf_hex", out var hex))
            return MerkleTree.HashLeaf(Convert.FromHexString(hex.GetString()!));
        if (vector.TryGetProperty("leaf_utf8", out var text))
            return MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(text.GetString()!));
        // The published node case hashes short strings in place of child hashes; only its definition can be checked.
        if (vector.TryGetProperty("left_utf8", out var left))
            return Digest.Of([1, .. Encoding.UTF8.GetBytes(left.GetString() + vector.GetProperty("right_utf8").GetString())]);
        return MerkleTree.EmptyRoot;
    }

    // Some published roots are not digests at all ("don't care"); a digest of them keeps equal what is equal.
    private static Digest DigestOf(JsonElement vector, string name)
    {
        var bytes = vector.GetProperty(name).GetBytesFromBase64();
        return bytes.Length == Digest.Length ? Digest.FromBytes(bytes) : Digest.Of(bytes);
    }

    private static Digest[] Proof(JsonElement vector) =>
        vector.GetProperty("proof") is { ValueKind: JsonValueKind.Array } proof
            ? [.. proof.EnumerateArray().Select(h => Digest.FromBytes(h.GetBytesFromBase64()))]
            : [];

    private static List<(string Name, JsonElement Vector)> Vectors(string folder, int atLeast)
    {
        var root = Suites.Require(folder);
        var files = Directory.GetFiles(root, "*.json", SearchOption.AllDirectories);
        files.Length.ShouldBeGreaterThanOrEqualTo(atLeast);
        return [.. files.Select(f => (Path.GetRelativePath(root, f), JsonElement.Parse(File.ReadAllBytes(f))))];
    }

    private static IEnumerable<string> Strings(JsonElement vectors, string name) =>
        vectors.GetProperty(name).EnumerateArray().Select(e => e.GetString()!);

    private static JsonDocument Read(string suite) => JsonDocument.Parse(File.ReadAllBytes(Suites.Require(suite)));
}
