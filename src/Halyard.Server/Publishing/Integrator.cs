using Halyard.Core.Audit;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Publishing;

/// <summary>
/// Brings a published log up with its store: entry bundles, then hash tiles, then the signer, then the checkpoint. Whatever it
/// writes follows from the log alone, so it may be stopped anywhere, started again, and run twice at once.
/// </summary>
internal sealed class Integrator(
    IStore store,
    ProofReader proofs,
    IObjectStore objects,
    ISigner signer,
    int step = Integrator.MaxStep
)
{
    /// <summary>
    /// The most entries between two checkpoints: bounds what is held in memory (32 bytes an entry, and one bundle), and is where tiles of
    /// the next level are whole, so that no tile is written that no checkpoint needs.
    /// </summary>
    public const int MaxStep = TilePath.FullWidth * TilePath.FullWidth;

    private readonly LogFiles _files = new(store, proofs, objects);

    /// <summary>Publishes up to a head of the log.</summary>
    /// <param name="before">What is published.</param>
    /// <param name="head">A head of the log.</param>
    /// <param name="mayPublish">Asked before anything but immutable objects is written; false ends it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What is published now.</returns>
    /// <exception cref="LedgerAlarmException">What is published, signed and stored contradict each other.</exception>
    public async ValueTask<PublishedLog> PublishAsync(
        PublishedLog before,
        LogHead head,
        Func<ValueTask<bool>> mayPublish,
        CancellationToken cancellationToken
    )
    {
        var (published, written, signed) = (before, before.Size, before.Size);
        while (written < head.Range.Size)
        {
            var size = Math.Min(head.Range.Size, ((written / step) + 1) * step);
            var root = await _files.WriteAsync(head, written, size, cancellationToken);
            written = size;
            // What the signer has signed already is behind it: tiles are written again where they were lost, checkpoints are not.
            if (size < signed)
                continue;
            if (!await mayPublish())
                return published;
            var (note, last) = await SignAsync(head, signed, size, root, cancellationToken);
            signed = last;
            if (note is null)
                continue;
            await PublishAsync(head, published.Size, size, note, cancellationToken);
            published = new PublishedLog(size, root);
        }
        return published;
    }

    /// <summary>The signed checkpoint; none where the signer is further on already, with the size that it has signed.</summary>
    private async ValueTask<(Note? Note, long Signed)> SignAsync(
        LogHead head,
        long signed,
        long size,
        Digest root,
        CancellationToken cancellationToken
    )
    {
        var answer = await AskAsync(signed);
        if (answer is SigningAnswer.Stale stale)
        {
            // An answer was lost, the publication was, or another integrator is further on.
            var known = new Checkpoint(head.Origin, stale.Size, stale.Root);
            await PublishedLog.CheckAsync(head.Tenant, known, "signed", store, proofs, cancellationToken);
            if (stale.Size > size)
                return (null, stale.Size);
            answer = await AskAsync(stale.Size);
        }
        return answer switch
        {
            SigningAnswer.Signed { Note: var note } => (await CheckedAsync(note), size),
            SigningAnswer.Stale further => (null, further.Size),
            SigningAnswer.Refused refused => throw new LedgerAlarmException(
                $"the signer refuses {size} entries: {refused.Reason}"
            ),
        };

        async ValueTask<SigningAnswer> AskAsync(long old)
        {
            var proof = old > size ? null : await proofs.ProveGrowthAsync(head.Tenant, old, size, cancellationToken);
            var request = new SigningRequest(head.Origin, old, size, root, proof?.Hashes ?? []);
            return await signer.SignAsync(request, cancellationToken);
        }

        async ValueTask<Note> CheckedAsync(Note note)
        {
            var keys = await signer.KeysAsync(cancellationToken);
            var expected = new Checkpoint(head.Origin, size, root).ToText();
            return note.Text == expected && note.Verify(Verifiers(keys)) is NoteVerdict.Verified
                ? note
                : throw new LedgerAlarmException($"what the signer gave for {size} entries is not its signature of them");
        }
    }

    private async ValueTask PublishAsync(LogHead head, long before, long size, Note note, CancellationToken cancellationToken)
    {
        var folder = PublishedLog.FolderOf(head);
        await CheckpointFile.CreateAsync(objects, folder + CheckpointFile.PathOf(size), note, cancellationToken);
        // Another integrator may be further on; the newest checkpoint never goes back.
        var newest = await objects.ReadAsync(folder + CheckpointFile.Newest, cancellationToken);
        if (newest is not null && CheckpointFile.Read(newest).Checkpoint.Size >= size)
            return;
        var signers = (await signer.KeysAsync(cancellationToken)).Where(key => HasSigned(note, key)).ToList();
        var keys = await objects.ReadAsync(folder + KeyFile.Name, cancellationToken);
        var after = KeyFile.After(keys, before, size, signers);
        if (keys is null || !after.AsSpan().SequenceEqual(keys))
            await objects.ReplaceAsync(folder + KeyFile.Name, after, cancellationToken);
        await objects.ReplaceAsync(folder + CheckpointFile.Newest, note.ToBytes(), cancellationToken);
    }

    private static bool HasSigned(Note note, NoteKey key) => note.Verify(Verifiers([key])) is NoteVerdict.Verified;

    private static List<INoteVerifier> Verifiers(IEnumerable<NoteKey> keys) =>
        [.. keys.Select(key => key.CreateVerifier()).OfType<INoteVerifier>()];
}
