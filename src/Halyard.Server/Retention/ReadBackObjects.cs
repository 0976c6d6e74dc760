using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Server.Publishing;

namespace Halyard.Server.Retention;

/// <summary>Reads whatever is written back and compares the SHA-256: only what was seen to be there is there.</summary>
internal sealed class ReadBackObjects(IObjectStore inner) : IObjectStore
{
    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) =>
        inner.ReadAsync(path, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="LedgerAlarmException">What is read back is something else.</exception>
    public async ValueTask<Creation> CreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var created = await inner.CreateAsync(path, content, cancellationToken);
        if (created != Creation.Different)
            await CompareAsync(path, content, cancellationToken);
        return created;
    }

    /// <inheritdoc/>
    /// <exception cref="LedgerAlarmException">What is read back is something else.</exception>
    public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await inner.ReplaceAsync(path, content, cancellationToken);
        await CompareAsync(path, content, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    private async ValueTask CompareAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (await inner.ReadAsync(path, cancellationToken) is not { } back || Digest.Of(back) != Digest.Of(content.Span))
            throw new LedgerAlarmException($"'{path}' was archived and is not what is read back");
    }
}
