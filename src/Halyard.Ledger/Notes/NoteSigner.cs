using System.Security.Cryptography;
using System.Text;

namespace Halyard.Ledger;

/// <summary>Signs notes with an ECDSA key on P-256 that the caller owns; whether it lies in a file or a device is the caller's matter.</summary>
/// <param name="name">The key's name; for a log its origin.</param>
/// <param name="key">The private key. It is not disposed.</param>
/// <exception cref="ArgumentException">The name has white space or a plus sign, or the key is not on P-256.</exception>
public sealed class NoteSigner(string name, ECDsa key)
{
    /// <summary>The public key.</summary>
    public NoteKey Key { get; } = NoteKey.Of(name, key);

    /// <summary>The text with this key's signature.</summary>
    /// <exception cref="ArgumentException">The text cannot be a note's, see <see cref="Note"/>.</exception>
    public Note Sign(string text) => new(text, [Signature(text)]);

    /// <summary>The note with this key's signature behind those it has.</summary>
    /// <exception cref="ArgumentException">It has <see cref="Note.MaxSignatures"/> already.</exception>
    public Note AddTo(Note note) => new(note.Text, [.. note.Signatures, Signature(note.Text)]);

    private NoteSignature Signature(string text) =>
        new(
            Key.Name,
            Key.KeyId,
            key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
        );
}
