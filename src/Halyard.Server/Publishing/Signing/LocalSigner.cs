using Halyard.Ledger;

namespace Halyard.Server.Publishing.Signing;

/// <summary>
/// The signer in the server's own process. The private key is opened when something is signed first: that takes a moment on
/// purpose, and a start should not wait for it. Where it cannot be opened the next call tries again.
/// </summary>
internal sealed class LocalSigner(string keyFile, Func<Signer> open) : ISigner, IDisposable
{
    private readonly Lock _opening = new();
    private Signer? _signer;

    private Signer Opened
    {
        get
        {
            lock (_opening)
                return _signer ??= open();
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NoteKey>> KeysAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _signer) is null && KeyRing.Public(keyFile) is { Count: > 0 } keys
            ? ValueTask.FromResult(keys)
            : Opened.KeysAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SigningAnswer> SignAsync(SigningRequest request, CancellationToken cancellationToken) =>
        Opened.SignAsync(request, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => Volatile.Read(ref _signer)?.Dispose();
}
