using System.Text;
using System.Text.Json.Nodes;

namespace Halyard.Ledger.Tests.Proofs;

public sealed class ProofFileTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 10)]
    [InlineData(9, 10)]
    [InlineData(6, 7)]
    [InlineData(31, 32)]
    public void Verify_TrueProof_IsVerifiedAlsoAfterWritingAndReading(int index, int size)
    {
        foreach (
            var file in new[]
            {
                SampleLog.Proof(index, size),
                SampleLog.Proof(index, size, size),
                SampleLog.Proof(index, size, 40),
            }
        )
        {
            file.Verify().ShouldBeOfType<ProofVerdict.Verified>();

            var read = Read(file.ToJson());
            read.ShouldBe(file with { Leaf = read.Leaf, Hashes = read.Hashes, Consistency = read.Consistency });
            read.Leaf.ShouldBe(file.Leaf);
            read.Verify().ShouldBeOfType<ProofVerdict.Verified>();
            read.ToJson().ShouldBe(file.ToJson());
        }
    }

    [Fact]
    public void EveryByteOfAValue_FlippedAnyOneBit_IsNeverVerified()
    {
        // The last entry of a tree: with any other size its path has another shape, so the size is bound, too.
        var text = SampleLog.Proof(9, 10, 13).ToJson();
        for (var at = 0; at < text.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var altered = text.ToArray();
                altered[at] ^= (byte)(1 << bit);
                var verified = ProofFile.TryParse(altered, out var file, out _) && file.Verify() is ProofVerdict.Verified;
                verified.ShouldBeFalse($"byte {at}, bit {bit}: {Encoding.UTF8.GetString(altered)}");
            }
        }
    }

    [Fact]
    public void Verify_ContradictingParts_AreTamperedWithAReason()
    {
        var file = SampleLog.Proof(3, 10, 13);
        var other = Digest.Of("other"u8);
        var later = file.Consistency.ShouldNotBeNull();

        Tampered(file with { Log = "elsewhere" }, "log");
        Tampered(file with { Index = 4 }, "entry 4");
        Tampered(file with { Index = -1 }, "entry -1");
        Tampered(file with { Size = 3 }, "entry 3");
        Tampered(file with { Root = other }, "inclusion");
        Tampered(file with { LeafHash = other }, "leaf hash");
        Tampered(file with { Leaf = SampleLog.Leaf(4) }, "entry 3");
        Tampered(file with { Leaf = [.. " "u8, .. file.Leaf] }, "canonical");
        Tampered(file with { Leaf = "not json"u8.ToArray() }, "canonical");
        Tampered(file with { Leaf = "[3]"u8.ToArray() }, "object");
        Tampered(file with { Leaf = """{"idx":"3","log":"x"}"""u8.ToArray() }, "entry 3");
        Tampered(file with { Leaf = """{"idx":3}"""u8.ToArray() }, "log");
        Tampered(file with { Leaf = """{"idx":3,"log":7}"""u8.ToArray() }, "log");
        Tampered(file with { Hashes = [.. file.Hashes, other] }, "inclusion");
        Tampered(file with { Hashes = [other, .. file.Hashes.Skip(1)] }, "inclusion");
        Tampered(file with { Consistency = later with { Root = other } }, "consistency");
        Tampered(file with { Consistency = later with { Size = 9 } }, "fewer");
        Tampered(file with { Consistency = later with { Size = 12 } }, "consistency");
        Tampered(file with { Consistency = later with { Hashes = [.. later.Hashes, other] } }, "consistency");
    }

    [Fact]
    public void Verify_LeafRewrittenWithItsHash_IsTampered()
    {
        var forged = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(SampleLog.Leaf(3)).Replace("deploy", "nothing", StringComparison.Ordinal)
        );
        var file = SampleLog.Proof(3, 10) with { Leaf = forged, LeafHash = MerkleTree.HashLeaf(forged) };

        Tampered(file, "inclusion");
    }

    [Fact]
    public void Verify_MissingHashes_IsIncomplete()
    {
        var file = SampleLog.Proof(3, 10, 13);
        var later = file.Consistency.ShouldNotBeNull();

        Incomplete(file with { Hashes = [.. file.Hashes.Skip(1)] }, "4 are needed");
        Incomplete(file with { Hashes = [] }, "4 are needed");
        Incomplete(file with { Consistency = later with { Hashes = [] } }, "are needed");
    }

    [Theory]
    [InlineData("v", "2", "version 2")]
    [InlineData("v", "\"1\"", "/v")]
    [InlineData("v", "1.5", "/v")]
    [InlineData("index", "-1", "/index")]
    [InlineData("index", "1.5", "/index")]
    [InlineData("index", "\"3\"", "/index")]
    [InlineData("size", "-10", "/size")]
    [InlineData("size", "9007199254740992", "/size")]
    [InlineData("size", "null", "/size")]
    [InlineData("log", "7", "/log")]
    [InlineData("root", "\"sha256:00\"", "/root")]
    [InlineData("root", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"", "/root")]
    [InlineData("leafHash", "null", "/leafHash")]
    [InlineData("leaf", "\"e30\"", "/leaf")]
    [InlineData("leaf", "\"e3 0=\"", "/leaf")]
    [InlineData("leaf", "\"e31=\"", "/leaf")]
    [InlineData("leaf", "{}", "/leaf")]
    [InlineData("hashes", "{}", "/hashes")]
    [InlineData("hashes", "[7]", "/hashes/0")]
    [InlineData("hashes", "[\"sha256:zz\"]", "/hashes/0")]
    [InlineData("consistency", "null", "/consistency")]
    [InlineData("consistency", "{}", "/consistency/size")]
    [InlineData("consistency", "{\"extra\":1}", "/consistency/extra")]
    [InlineData("more/~", "1", "/more~1~0")]
    public void TryParse_WrongMember_IsRefusedWithItsPlace(string member, string value, string words)
    {
        var json = SampleObject();
        json[member] = JsonNode.Parse(value);

        Refused(json.ToJsonString(), words);
    }

    [Theory]
    [InlineData("v")]
    [InlineData("log")]
    [InlineData("index")]
    [InlineData("size")]
    [InlineData("root")]
    [InlineData("leafHash")]
    [InlineData("leaf")]
    [InlineData("hashes")]
    public void TryParse_MissingMember_IsRefused(string member)
    {
        var json = SampleObject();
        json.Remove(member).ShouldBeTrue();

        Refused(json.ToJsonString(), $"/{member} is missing");
    }

    [Fact]
    public void TryParse_WhatIsNoProofFile_IsRefused()
    {
        Refused("", "end of the text");
        Refused("[]", "object");
        Refused("{\"v\":1,\"v\":1}", "once");
        Refused(new string(' ', ProofFile.MaxLength) + "{}", "at most");
        var json = SampleObject();
        json["hashes"] = new JsonArray([.. Enumerable.Repeat(Digest.Of([]).ToString(), 65).Select(h => JsonValue.Create(h))]);
        Refused(json.ToJsonString(), "65 hashes");
    }

    private static JsonObject SampleObject() => JsonNode.Parse(SampleLog.Proof(3, 10).ToJson())!.AsObject();

    private static void Tampered(ProofFile file, string words) =>
        file.Verify().ShouldBeOfType<ProofVerdict.Tampered>().Reason.ShouldContain(words);

    private static void Incomplete(ProofFile file, string words) =>
        file.Verify().ShouldBeOfType<ProofVerdict.Incomplete>().Reason.ShouldContain(words);

    private static void Refused(string json, string words)
    {
        ProofFile.TryParse(Encoding.UTF8.GetBytes(json), out var file, out var problem).ShouldBeFalse();
        file.ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain(words);
    }

    private static ProofFile Read(byte[] json)
    {
        ProofFile.TryParse(json, out var file, out var problem).ShouldBeTrue(problem);
        return file!;
    }
}
