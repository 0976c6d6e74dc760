using System.Text;
using Halyard.Core;
using Halyard.Core.Audit.Privacy;

namespace Halyard.Storage.PostgreSql.Privacy;

/// <summary>Keys under the key-encryption key, each bound to whose it is. Any thread.</summary>
internal sealed class SubjectKeyWrap(byte[] wrappingKey) : IDisposable
{
    private readonly SealedBytes _sealed = new(wrappingKey);
    private readonly Lock _gate = new();

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

    public void Dispose() => _sealed.Dispose();

    // No tenant's key is empty, so that a secret's place is no subject's.
    private static byte[] Place(string tenant, string name) => Encoding.UTF8.GetBytes($"halyard/key/1\0{tenant}\0{name}");
}
