using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Publishing.Signing;

/// <summary>
/// Keeps in each log which key signs it: an entry for the first key and one for each that takes its place, so that whoever trusts
/// one key finds the next in the log that it signed.
/// </summary>
internal sealed class KeyRecorder(ISigner signer, IStore store, ChangeService changes, Entropy entropy)
{
    private const string Rotated = "log.key_rotated";

    private readonly ConcurrentDictionary<string, string> _recorded = new(StringComparer.Ordinal);

    /// <summary>Records the signer's current key unless the log's last such entry names it.</summary>
    public async ValueTask RecordAsync(string tenant, CancellationToken cancellationToken)
    {
        var current = (await signer.KeysAsync(cancellationToken))[0];
        var key = current.ToString();
        if (_recorded.GetValueOrDefault(tenant) == key)
            return;
        var before = await LastAsync(tenant, cancellationToken);
        if (before != key)
            await RecordAsync(tenant, before, current, cancellationToken);
        _recorded[tenant] = key;
    }

    private async ValueTask<string?> LastAsync(string tenant, CancellationToken cancellationToken)
    {
        var query = new AuditQuery { Actions = [Rotated], Limit = 1 };
        if (await store.QueryAsync(tenant, query, cancellationToken) is not [var entry])
            return null;
        using var leaf = JsonDocument.Parse(entry.Leaf);
        return leaf.RootElement.GetProperty("meta").GetProperty("details").GetProperty("new").GetString();
    }

    private async ValueTask RecordAsync(string tenant, string? before, NoteKey key, CancellationToken cancellationToken)
    {
        var details = new CanonicalWriter(512).StartObject();
        details.Name("new").String(key.ToString());
        details.Name("old").String(before);
        var words = before is null
            ? $"checkpoints are signed with the key {Label(key)}"
            : $"the key {Label(key)} takes the place of the key before it";
        var happened = new ChangeEvent(Rotated, words) { Details = details.EndObject().ToArray() };
        var submission = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.Record("key.record", "", happened),
            // Several nodes may notice at once.
            IdempotencyKey: $"{Rotated}:{Label(key)}",
            Fingerprint: Digest.Of(Encoding.UTF8.GetBytes(key.ToString()))
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (result.Error is { } error)
            throw new InvalidOperationException($"The signing key cannot be recorded: {error}");
        if (result.Value is not Outcome.Applied)
            throw new InvalidOperationException($"The signing key cannot be recorded: {result.Value}");
    }

    private static string Label(NoteKey key) => $"{key.Name}+{key.KeyId:x8}";
}
