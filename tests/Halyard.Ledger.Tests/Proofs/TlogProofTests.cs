using System.Security.Cryptography;
using System.Text;

namespace Halyard.Ledger.Tests.Proofs;

public sealed class TlogProofTests
{
    private static readonly NoteSigner Signer = new(SampleLog.Proof(0, 1).Log, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    private static readonly LogKeys Keys = new([new LogKey(Signer.Key.CreateVerifier()!, 0, null)]);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 10)]
    [InlineData(31, 32)]
    [InlineData(39, 40)]
    public void Text_ReadAgain_IsTheSameProofAndVerifies(int index, int size)
    {
        var proof = Signed(index, size);
        var text = TlogProof.Write(proof).ShouldNotBeNull();

        text.ShouldStartWith($"c2sp.org/tlog-proof@v1\nextra {Convert.ToBase64String(proof.Leaf)}\nindex {index}\n");
        text.ShouldEndWith($"\n\n{proof.Checkpoint}");
        TlogProof.IsOne(Encoding.UTF8.GetBytes(text)).ShouldBeTrue();
        TlogProof.IsOne(proof.ToJson()).ShouldBeFalse();
        var read = Read(text);
        read.ToJson().ShouldBe(proof.ToJson());
        read.VerifySigned(Keys).ShouldBeOfType<ProofVerdict.Verified>();
    }

    [Fact]
    public void Text_WithAnyByteFlipped_IsNeverVerified()
    {
        var text = Encoding.UTF8.GetBytes(TlogProof.Write(Signed(9, 10))!);
        for (var at = 0; at < text.Length; at++)
        {
            text[at] ^= 1;
            if (TlogProof.TryParse(text, out var read, out _))
                read.VerifySigned(Keys).ShouldNotBeOfType<ProofVerdict.Verified>($"byte {at}");
            text[at] ^= 1;
        }
    }

    [Fact]
    public void Proof_WithoutACheckpointOfItsTree_HasNoText()
    {
        TlogProof.Write(SampleLog.Proof(3, 10)).ShouldBeNull();
        TlogProof.Write(SampleLog.Proof(3, 10) with { Checkpoint = Signed(3, 11).Checkpoint }).ShouldBeNull();
        TlogProof.Write(SampleLog.Proof(3, 10) with { Checkpoint = "nonsense" }).ShouldBeNull();
    }

    [Theory]
    [InlineData("@v1", "@v2", "first line")]
    [InlineData("extra ", "extra", "the entry is not there")]
    [InlineData("extra e", "extra !", "not base64")]
    [InlineData("index 3", "index -3", "whole number")]
    [InlineData("index 3", "index 03", "whole number")]
    [InlineData("index 3", "index 99999999999999999999", "whole number")]
    [InlineData("index 3", "Index 3", "must be 'index'")]
    [InlineData("index 3\n", "index 3\nAAAA\n", "base64 of a hash")]
    [InlineData("\n\nflags", "\nflags", "base64 of a hash")]
    [InlineData("\n— ", "\n- ", "not a signed note")]
    [InlineData("admin\n10\n", "admin\n+10\n", "cannot be read")]
    public void Text_OfAnotherForm_IsRefusedInWords(string part, string other, string words)
    {
        var text = TlogProof.Write(Signed(3, 10))!;
        text.ShouldContain(part);

        TlogProof
            .TryParse(Encoding.UTF8.GetBytes(text.Replace(part, other, StringComparison.Ordinal)), out _, out var problem)
            .ShouldBeFalse();
        problem.ShouldNotBeNull().ShouldContain(words);
    }

    [Fact]
    public void Text_ThatIsTooLongOrNotUtf8_IsRefused()
    {
        TlogProof.TryParse(new byte[ProofFile.MaxLength + 1], out _, out _).ShouldBeFalse();
        TlogProof.TryParse([.. "c2sp.org/tlog-proof@v1\n"u8, 0xFF], out _, out var problem).ShouldBeFalse();
        problem.ShouldBe("it is not UTF-8");
        var many = string.Concat(Enumerable.Repeat(Digest.Of("a"u8).ToBase64() + "\n", 64));
        var text = TlogProof.Write(Signed(3, 10))!.Replace("index 3\n", $"index 3\n{many}", StringComparison.Ordinal);
        TlogProof.TryParse(Encoding.UTF8.GetBytes(text), out _, out problem).ShouldBeFalse();
        problem.ShouldBe("an inclusion proof has at most 63 hashes");
    }

    private static ProofFile Signed(int index, int size)
    {
        var proof = SampleLog.Proof(index, size);
        return proof with { Checkpoint = Signer.Sign(new Checkpoint(proof.Log, proof.Size, proof.Root).ToText()).ToString() };
    }

    private static ProofFile Read(string text)
    {
        TlogProof.TryParse(Encoding.UTF8.GetBytes(text), out var file, out var problem).ShouldBeTrue(problem);
        return file;
    }
}
