using System.Globalization;
using System.Security.Cryptography;
using Halyard.Core;
using Halyard.Ledger;

namespace Halyard.Server.Publishing.Signing;

/// <summary>
/// The private key in a file, encrypted, and the one before it while it is being replaced. The key is made where there is none.
/// Beside <c>key.pem</c> lie <c>key.pem.vkey</c> (the public keys, for whoever verifies), <c>key.pem.passphrase</c> (where no passphrase
/// is configured), <c>key.pem.previous</c> and <c>key.pem.previous-until</c>.
/// </summary>
internal sealed class KeyRing : IDisposable
{
    /// <summary>How long checkpoints are signed with the old key too, after it was replaced.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    // As slow for a guesser as OWASP asks of PBKDF2 with this hash.
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA512, 210_000);

    private readonly ECDsa _current;
    private readonly ECDsa? _previous;
    private readonly DateTimeOffset _previousUntil;
    private readonly TimeProvider _time;

    private KeyRing(string name, ECDsa current, ECDsa? previous, DateTimeOffset previousUntil, TimeProvider time)
    {
        _current = current;
        _previous = previous;
        _previousUntil = previousUntil;
        _time = time;
        Current = new NoteSigner(name, current);
        // A rotation that a crash cut off kept a copy of the key and did not replace it: two signatures by one key are ambiguous.
        var before = previous is null ? null : new NoteSigner(name, previous);
        Previous = before?.Key.KeyId == Current.Key.KeyId ? null : before;
    }

    /// <summary>The key that signs.</summary>
    public NoteSigner Current { get; }

    /// <summary>The keys that sign now, the current one first.</summary>
    public IReadOnlyList<NoteSigner> Signers =>
        Previous is not null && _time.GetUtcNow() < _previousUntil ? [Current, Previous] : [Current];

    private NoteSigner? Previous { get; }

    /// <summary>Opens the keys of a file, which is made where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name of a new key; an existing one keeps its own.</param>
    /// <param name="passphrase">What encrypts it; empty to keep a random one beside it.</param>
    /// <param name="entropy">Where a passphrase is drawn from.</param>
    /// <param name="time">Ends the overlap.</param>
    /// <exception cref="IOException">The file cannot be opened with this passphrase, or others may use it.</exception>
    public static KeyRing Open(string path, string name, string passphrase, Entropy entropy, TimeProvider time)
    {
        var phrase = Passphrase(path, passphrase, entropy);
        if (!File.Exists(path))
            Create(path, phrase);
        var previous = File.Exists(path + ".previous") ? Load(path + ".previous", phrase) : null;
        var until = previous is null ? default : Until(path);
        var ring = new KeyRing(NameOf(path) ?? name, Load(path, phrase), previous, until, time);
        ring.WritePublic(path);
        return ring;
    }

    /// <summary>Puts a new key in place of the current one, which goes on signing beside it for <see cref="Overlap"/>.</summary>
    /// <returns>The old key and the new.</returns>
    /// <exception cref="IOException">There is no key yet, or it cannot be opened.</exception>
    public static (NoteKey Old, NoteKey New) Rotate(string path, string passphrase, Entropy entropy, TimeProvider time)
    {
        if (!File.Exists(path))
            throw new IOException($"There is no key at '{path}' to replace.");
        var phrase = Passphrase(path, passphrase, entropy);
        using var old = Open(path, NameOf(path) ?? "", passphrase, entropy, time);
        // In this order a crash leaves the old key in force, or the new one with the old beside it.
        PrivateFile.Write(path + ".previous-until", (time.GetUtcNow() + Overlap).ToString("O", CultureInfo.InvariantCulture));
        PrivateFile.Write(path + ".previous", PrivateFile.Read(path));
        Create(path, phrase);
        using var replaced = Open(path, old.Current.Key.Name, passphrase, entropy, time);
        return (old.Current.Key, replaced.Current.Key);
    }

    /// <summary>The public keys beside a file, the current one first; none where it was never opened.</summary>
    public static IReadOnlyList<NoteKey> Public(string path) =>
        File.Exists(path + ".vkey")
            ? [.. File.ReadLines(path + ".vkey").Where(line => line.Length > 0).Select(line => Parse(path, line))]
            : [];

    /// <inheritdoc/>
    public void Dispose()
    {
        _current.Dispose();
        _previous?.Dispose();
    }

    private static void Create(string path, string passphrase)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivateFile.Write(path, key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, Encryption) + "\n");
    }

    private static ECDsa Load(string path, string passphrase)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromEncryptedPem(PrivateFile.Read(path), passphrase);
            return key;
        }
        catch (Exception refused) when (refused is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new IOException($"The key in '{path}' cannot be opened with this passphrase.", refused);
        }
    }

    private static string Passphrase(string path, string configured, Entropy entropy)
    {
        if (configured.Length > 0)
            return configured;
        var file = path + ".passphrase";
        if (!File.Exists(file))
        {
            if (File.Exists(path))
                throw new IOException(
                    $"The key in '{path}' needs its passphrase, and neither the configuration nor '{file}' has it."
                );
            PrivateFile.Write(file, Convert.ToHexStringLower(entropy.Bytes(32)) + "\n");
        }
        return PrivateFile.Read(file).Trim();
    }

    private static string? NameOf(string path) => Public(path) is [var key, ..] ? key.Name : null;

    private static DateTimeOffset Until(string path) =>
        DateTimeOffset.TryParse(
            PrivateFile.Read(path + ".previous-until"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var until
        )
            ? until
            : throw new IOException($"'{path}.previous-until' is not a time.");

    private static NoteKey Parse(string path, string line) =>
        NoteKey.TryParse(line, out var key, out var problem)
            ? key
            : throw new IOException($"'{path}.vkey' does not hold a public key: {problem}.");

    private void WritePublic(string path)
    {
        var text = string.Concat(Signers.Select(signer => $"{signer.Key}\n"));
        if (!File.Exists(path + ".vkey") || File.ReadAllText(path + ".vkey") != text)
            PrivateFile.Write(path + ".vkey", text);
    }
}
