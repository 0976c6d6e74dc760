using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Halyard.Ledger;

namespace Halyard.Server.Publishing.Signing;

/// <summary>The signer itself, in whichever process it runs.</summary>
internal sealed partial class Signer(KeyRing keys, SignerState state) : ISigner, IDisposable
{
    // The path from one leaf to the root of the largest tree, and one more.
    private const int MaxProof = 64;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _logs = new(StringComparer.Ordinal);
    private readonly Lock _signing = new();

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NoteKey>> KeysAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<NoteKey>>([.. keys.Signers.Select(signer => signer.Key)]);

    /// <inheritdoc/>
    public async ValueTask<SigningAnswer> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        if (!IsKnown(request.Origin))
            return new SigningAnswer.Refused($"'{request.Origin}' is not a log of '{keys.Current.Key.Name}'");
        if (request.Size is < 1 or > Checkpoint.MaxSize || request.OldSize < 0 || request.Proof.Count > MaxProof)
            return new SigningAnswer.Refused("the sizes or the proof are outside their range");
        var gate = _logs.GetOrAdd(request.Origin, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await SignNextAsync(request, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Closes the keys and the state.</summary>
    public void Dispose()
    {
        keys.Dispose();
        state.Dispose();
        foreach (var (_, gate) in _logs)
            gate.Dispose();
    }

    private async ValueTask<SigningAnswer> SignNextAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        var name = LogName.Of(request.Origin);
        var next = (name with { Shard = name.Shard + 1 }).ToString();
        if (await state.LastAsync(next, cancellationToken) is not null)
            return new SigningAnswer.Refused($"'{request.Origin}' lost entries and goes on as '{next}'; it is not signed again");
        var last = await state.LastAsync(request.Origin, cancellationToken);
        var (size, root) = last is { } known ? (known.Checkpoint.Size, known.Checkpoint.Root) : (0, MerkleTree.EmptyRoot);
        if (last is not null && request.Size == size && request.Root == root)
            return new SigningAnswer.Signed(last.Value.Note);
        if (request.OldSize != size)
            return new SigningAnswer.Stale(size, root);
        if (request.Size <= size)
            return new SigningAnswer.Refused(
                request.Size < size
                    ? $"{size} entries were signed; {request.Size} would take some back"
                    : $"another root was signed at {size} entries: the log forked"
            );
        if (!ConsistencyProof.Verify(size, request.Size, root, request.Root, request.Proof))
            return new SigningAnswer.Refused($"the {request.Size} entries do not begin with the {size} that were signed");

        var note = Sign(new Checkpoint(request.Origin, request.Size, request.Root));
        await state.RememberAsync(request.Origin, note, cancellationToken);
        return new SigningAnswer.Signed(note);
    }

    private Note Sign(Checkpoint checkpoint)
    {
        // A key's handle is not for several threads at once.
        lock (_signing)
        {
            var signers = keys.Signers;
            return signers.Skip(1).Aggregate(signers[0].Sign(checkpoint.ToText()), (note, signer) => signer.AddTo(note));
        }
    }

    private bool IsKnown(string origin)
    {
        var name = keys.Current.Key.Name;
        return origin.Length > name.Length
            && origin.StartsWith(name, StringComparison.Ordinal)
            && BelowName().IsMatch(origin.AsSpan(name.Length));
    }

    /// <summary>A tenant, a log and, after a restore, its shard.</summary>
    [GeneratedRegex(
        @"^/[a-z0-9][a-z0-9-]{0,39}/(admin|data)(/[1-9][0-9]{0,5})?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex BelowName();
}
