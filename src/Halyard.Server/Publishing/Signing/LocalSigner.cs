using Halyard.Ledger;

namespace Halyard.Server.Publishing.Signing;

/// <summary>
/// The signer in the server's own process. The private key is opened when something is signed first: that takes a moment on
/// purpose, and a start should not wait for it.
/// </summary>
internal sealed class LocalSigner(string keyFile, Func<Signer> open) : ISigner, IDisposable
{
    private readonly Lazy<Signer> _signer = new(open);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NoteKey>> KeysAsync(CancellationToken cancellationToken) =>
        !_signer.IsValueCreated && KeyRing.Public(keyFile) is { Count: > 0 } keys
            ? ValueTask.FromResult(keys)
            : _signer.Value.KeysAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SigningAnswer> SignAsync(SigningRequest request, CancellationToken cancellationToken) =>
        _signer.Value.SignAsync(request, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_signer.IsValueCreated)
            _signer.Value.Dispose();
    }
}
