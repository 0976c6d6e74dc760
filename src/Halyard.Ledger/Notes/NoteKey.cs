using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Halyard.Ledger;

/// <summary>A public key that signs notes. Its text, the <c>vkey</c> of C2SP, is <c>name+hhhhhhhh+base64(type ‖ key)</c>.</summary>
public sealed class NoteKey
{
    /// <summary>The type of Ed25519 keys (32 bytes). They are read; checking them is left to an <see cref="INoteVerifier"/> of the caller.</summary>
    public const byte Ed25519 = 0x01;

    /// <summary>The type of ECDSA keys, here on P-256 only: the DER of a SubjectPublicKeyInfo.</summary>
    public const byte EcdsaP256 = 0x02;

    private const int Ed25519Length = 32;
    private const int MaxLength = 4096;

    private readonly byte[] _material;

    private NoteKey(string name, byte type, byte[] material)
    {
        Name = name;
        Type = type;
        _material = material;
        KeyId = IdOf(name, type, material);
    }

    /// <summary>The key's name; for a log its origin.</summary>
    public string Name { get; }

    /// <summary><see cref="Ed25519"/> or <see cref="EcdsaP256"/>.</summary>
    public byte Type { get; }

    /// <summary>The first four bytes of a SHA-256: of the SubjectPublicKeyInfo for ECDSA, of name, line feed, type and key for Ed25519.</summary>
    public uint KeyId { get; }

    /// <summary>The key without its type.</summary>
    public ReadOnlyMemory<byte> Material => _material;

    /// <summary>The public half of an ECDSA key under a name.</summary>
    /// <exception cref="ArgumentException">The name is empty or has white space or a plus sign, or the key is not on P-256.</exception>
    public static NoteKey Of(string name, ECDsa key)
    {
        if (!NoteName.IsValid(name))
            throw new ArgumentException("A key's name has no white space and no plus sign.", nameof(name));
        return new NoteKey(name, EcdsaP256, EcdsaKeys.Export(key));
    }

    /// <summary>Reads a vkey strictly; a key id that does not belong to the key, or a type that is not known, is refused.</summary>
    /// <param name="vkey">The text, without white space around it.</param>
    /// <param name="key">The key.</param>
    /// <param name="problem">Why it was refused, or null.</param>
    public static bool TryParse(string vkey, [NotNullWhen(true)] out NoteKey? key, [NotNullWhen(false)] out string? problem)
    {
        key = null;
        problem = Read(vkey, ref key);
        return problem is null;
    }

    /// <summary>Checks this key's signatures; null for a type that the library cannot check (Ed25519).</summary>
    public INoteVerifier? CreateVerifier() => Type == EcdsaP256 ? new EcdsaNoteVerifier(this) : null;

    /// <summary>The vkey.</summary>
    public override string ToString() => $"{Name}+{KeyId:x8}+{Convert.ToBase64String([Type, .. _material])}";

    private static string? Read(string vkey, ref NoteKey? key)
    {
        // The name has no plus sign; the base64 may.
        var parts = vkey.Length <= MaxLength ? vkey.Split('+', 3) : [];
        if (parts.Length != 3)
            return "a verifier key is written name+hhhhhhhh+base64";
        if (!NoteName.IsValid(parts[0]))
            return "the key's name is empty or has white space";
        if (
            parts[1].Length != 8
            || parts[1].AsSpan().ContainsAnyInRange('A', 'F')
            || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
        )
            return "the key's id is not 8 lower-case hexadecimal digits";
        if (!StrictBase64.TryRead(parts[2], out var bytes) || bytes.Length < 2)
            return "the key is not base64 of a type and a key";
        var material = bytes[1..];
        var fits = bytes[0] switch
        {
            Ed25519 => material.Length == Ed25519Length,
            EcdsaP256 => EcdsaKeys.IsP256(material),
            _ => false,
        };
        if (!fits)
            return "the key is neither Ed25519 (type 1) nor ECDSA on P-256 (type 2)";
        var found = new NoteKey(parts[0], bytes[0], material);
        if (found.KeyId != id)
            return $"the key's id is {found.KeyId:x8}, not {parts[1]}";
        key = found;
        return null;
    }

    private static uint IdOf(string name, byte type, byte[] material)
    {
        byte[] named = type == EcdsaP256 ? material : [.. Encoding.UTF8.GetBytes(name), (byte)'\n', type, .. material];
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(named));
    }
}
