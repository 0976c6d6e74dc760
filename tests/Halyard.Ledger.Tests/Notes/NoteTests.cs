using System.Security.Cryptography;
using System.Text;

namespace Halyard.Ledger.Tests.Notes;

public sealed class NoteTests : IDisposable
{
    private const string Text = "flags.example.com/acme/admin\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly NoteSigner _signer;
    private readonly INoteVerifier _verifier;

    public NoteTests()
    {
        _signer = new NoteSigner("flags.example.com/acme/admin", _key);
        _verifier = _signer.Key.CreateVerifier()!;
    }

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Verify_NoteAsSigned_IsVerified()
    {
        Read(_signer.Sign(Text).ToBytes())!.Verify(_verifier).ShouldBeOfType<NoteVerdict.Verified>().By.ShouldBe([_verifier]);
    }

    [Fact]
    public void Key_ReadFromItsText_IsTheSame()
    {
        var vkey = _signer.Key.ToString();
        NoteKey.TryParse(vkey, out var read, out var problem).ShouldBeTrue(problem);
        read.ToString().ShouldBe(vkey);
        read.KeyId.ShouldBe(BitConverter.ToUInt32([.. SHA256.HashData(_key.ExportSubjectPublicKeyInfo())[..4].Reverse()]));
        _signer.Sign(Text).Verify(read.CreateVerifier()!).ShouldBeOfType<NoteVerdict.Verified>();
    }

    [Fact]
    public void Verify_AnyByteAltered_IsNotVerified()
    {
        var signed = _signer.Sign(Text).ToBytes();
        for (var at = 0; at < signed.Length; at++)
        {
            var altered = signed.ToArray();
            altered[at] ^= 1;
            (Read(altered)?.Verify(_verifier) is NoteVerdict.Verified).ShouldBeFalse($"byte {at}");
        }
    }

    [Fact]
    public void Read_NoteCutOrLengthened_IsRefused()
    {
        var signed = _signer.Sign(Text).ToBytes();
        for (var length = 0; length < signed.Length; length++)
            Read(signed[..length]).ShouldBeNull($"{length} bytes");
        Read([.. signed, (byte)'\n']).ShouldBeNull();
        Read([.. signed, .. "more"u8]).ShouldBeNull();
        Read([0xef, 0xbb, 0xbf, .. signed])!.Verify(_verifier).ShouldBeOfType<NoteVerdict.BadSignature>();
        Read([.. signed[..10], 0xff, .. signed[10..]]).ShouldBeNull();
    }

    [Fact]
    public void Read_SixteenSignatures_AreReadAndSeventeenRefused()
    {
        var note = _signer.Sign(Text);
        while (note.Signatures.Count < Note.MaxSignatures)
            note = _signer.AddTo(note);
        Read(note.ToBytes())!.Verify(_verifier).ShouldBeOfType<NoteVerdict.Verified>().By.Count.ShouldBe(1);
        Should.Throw<ArgumentException>(() => _signer.AddTo(note));
        Read(Encoding.UTF8.GetBytes($"{note}{note.Signatures[0]}\n")).ShouldBeNull();
    }

    [Fact]
    public void Read_MoreThanOneMegabyte_IsRefused() =>
        Read(_signer.Sign(new string('a', Note.MaxLength) + "\n").ToBytes()).ShouldBeNull();

    [Fact]
    public void Verify_OtherKeyOfTheSameName_IsNotKnown()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var note = new NoteSigner(_signer.Key.Name, other).Sign(Text);
        note.Verify(_verifier).ShouldBeOfType<NoteVerdict.NoKnownKey>();
        _signer.AddTo(note).Verify(_verifier).ShouldBeOfType<NoteVerdict.Verified>();
        // The same under the known key's id: a forgery, not a stranger.
        var forged = new Note(Text, [note.Signatures[0] with { KeyId = _verifier.KeyId }]);
        forged.Verify(_verifier).ShouldBeOfType<NoteVerdict.BadSignature>();
        new Note(Text, [.. _signer.Sign(Text).Signatures, .. forged.Signatures])
            .Verify(_verifier)
            .ShouldBeOfType<NoteVerdict.BadSignature>();
    }

    [Fact]
    public void Verify_SignatureNotDer_IsBadAndDoesNotThrow()
    {
        var raw = _key.SignData(Encoding.UTF8.GetBytes(Text), HashAlgorithmName.SHA256);
        foreach (byte[] signature in (byte[][])[raw, [0x30], [0], new byte[2000]])
            new Note(Text, [new NoteSignature(_verifier.Name, _verifier.KeyId, signature)])
                .Verify(_verifier)
                .ShouldBeOfType<NoteVerdict.BadSignature>();
    }

    [Fact]
    public void Key_OnAnotherCurve_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Should.Throw<ArgumentException>(() => new NoteSigner("a", other));
        var der = other.ExportSubjectPublicKeyInfo();
        var id = Convert.ToHexStringLower(SHA256.HashData(der)[..4]);
        NoteKey.TryParse($"a+{id}+{Convert.ToBase64String([2, .. der])}", out _, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("a\tb")]
    public void Key_UnderABadName_IsRefused(string name) => Should.Throw<ArgumentException>(() => new NoteSigner(name, _key));

    [Theory]
    [InlineData("")]
    [InlineData("no end")]
    [InlineData("carriage return\r\n")]
    [InlineData("nul\0\n")]
    public void Sign_WhatCannotBeANote_Throws(string text) => Should.Throw<ArgumentException>(() => _signer.Sign(text));

    [Fact]
    public void Sign_HalfASurrogatePair_Throws() => Should.Throw<ArgumentException>(() => _signer.Sign("half \ud800\n"));

    [Fact]
    public void Read_AnyBytes_NeverThrows() =>
        Fuzz.Around(_signer.Sign(Text).ToBytes(), bytes => Note.TryParse(bytes, out _, out _));

    private static Note? Read(byte[] bytes) => Note.TryParse(bytes, out var note, out _) ? note : null;
}
