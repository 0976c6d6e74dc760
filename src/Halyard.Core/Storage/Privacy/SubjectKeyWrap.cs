using System.Text;
using Halyard.Core.Audit.Privacy;

namespace Halyard.Core.Storage.Privacy;

/// <summary>Subjects' keys and a store's secrets under the key-encryption key, each bound to whose it is. Any thread.</summary>
/// <param name="wrappingKey">The key of 32 bytes.</param>
public sealed class SubjectKeyWrap(byte[] wrappingKey) : IDisposable
{
    private readonly SealedBytes _sealed = new(wrappingKey);
    private readonly Lock _gate = new();

    /// <summary>The key, wrapped.</summary>
    /// <param name="tenant">Whose subject; empty for a secret of the store.</param>
    /// <param name="name">The subject's id, or the secret's name.</param>
    /// <param name="key">The key in clear.</param>
    /// <param name="entropy">Where the nonce is drawn from.</param>
    public byte[] Seal(string tenant, string name, byte[] key, Entropy entropy)
    {
        lock (_gate)
            return _sealed.Seal(key, Place(tenant, name), entropy);
    }

    /// <summary>The key again.</summary>
    /// <exception cref="IOException">It is wrapped with another key, or damaged.</exception>
    public byte[] Open(string tenant, string name, byte[] wrapped)
    {
        lock (_gate)
        {
            return _sealed.Open(wrapped, Place(tenant, name))
                ?? throw new IOException(
                    "The key file is not the one that the subjects' keys are wrapped with, or these are damaged."
                );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sealed.Dispose();

    // No tenant's key is empty, so that a secret's place is no subject's.
    private static byte[] Place(string tenant, string name) => Encoding.UTF8.GetBytes($"halyard/key/1\0{tenant}\0{name}");
}
