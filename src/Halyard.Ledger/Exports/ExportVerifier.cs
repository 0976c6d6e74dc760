using System.Security.Cryptography;
using System.Text;

namespace Halyard.Ledger;

/// <summary>
/// Checks an export from its files, each read once and never whole: digests, and in JSON lines that every leaf is canonical, is
/// the entry that it says and leads to the root, and that none is absent where the manifest names no filter.
/// </summary>
/// <param name="manifest">What the export says of itself.</param>
/// <param name="open">Opens a file by its name; null where it is absent. Each call of what it gives reads on; 0 is the end.</param>
/// <param name="keys">The log's keys, from elsewhere; null says nothing of who signed.</param>
public sealed class ExportVerifier(ExportManifest manifest, Func<string, Func<Memory<byte>, int>?> open, LogKeys? keys)
{
    private const int BufferLength = 256 * 1024;

    private const string Absent = "is absent, and the manifest names no filter that could have left it out";

    private readonly byte[] _log = Encoding.UTF8.GetBytes(manifest.Log);
    private readonly LogName _name = LogName.Of(manifest.Log);
    private long _entries;
    private long _next = manifest.From;

    /// <summary>Checks everything; stops at the first contradiction.</summary>
    public ExportVerdict Run(CancellationToken cancellationToken)
    {
        if (CheckCheckpoint() is { } refused)
            return refused;
        foreach (var file in manifest.Files)
        {
            if (CheckFile(file, cancellationToken) is { } found)
                return found;
        }
        var signed = keys is not null && manifest.Checkpoint is not null;
        if (manifest.Format != ExportManifest.JsonLines)
            return new ExportVerdict.Verified(0, signed, manifest.IsFiltered);
        if (!manifest.IsFiltered && _next < manifest.To)
            return new ExportVerdict.Tampered(_next, Absent);
        return _entries == manifest.Entries
            ? new ExportVerdict.Verified(_entries, signed, manifest.IsFiltered)
            : new ExportVerdict.Tampered(null, $"there are {_entries} entries; the manifest says {manifest.Entries}");
    }

    private ExportVerdict? CheckCheckpoint()
    {
        if (manifest.Checkpoint is null)
            return keys is null ? null : new ExportVerdict.Incomplete("the manifest has no signed checkpoint");
        var (checkpoint, verdict) = new CheckpointCheck(manifest.Log, keys).Open(
            Encoding.UTF8.GetBytes(manifest.Checkpoint),
            "the checkpoint"
        );
        return verdict switch
        {
            ArchiveVerdict.Tampered tampered => new ExportVerdict.Tampered(null, $"{tampered.Path} {tampered.Words}"),
            ArchiveVerdict.Incomplete incomplete => new ExportVerdict.Incomplete(incomplete.Words),
            _ => checkpoint!.Size == manifest.Size && checkpoint.Root == manifest.Root
                ? null
                : new ExportVerdict.Tampered(null, "the checkpoint is of another size or root than the manifest says"),
        };
    }

    private ExportVerdict? CheckFile(ExportedFile file, CancellationToken cancellationToken)
    {
        if (open(file.Name) is not { } next)
            return new ExportVerdict.Incomplete($"{file.Name} is absent");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Math.Max(BufferLength, ExportLine.MaxLength)];
        long bytes = 0;
        var held = 0;
        ExportVerdict? found = null;
        for (var read = -1; read != 0; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            read = next(buffer.AsMemory(held));
            hash.AppendData(buffer, held, read);
            bytes += read;
            if (bytes > file.Bytes)
                return new ExportVerdict.Tampered(null, $"{file.Name} has more than {file.Bytes} bytes");
            held += read;
            if (manifest.Format == ExportManifest.JsonLines)
                found ??= CheckLines(file, buffer, ref held, atEnd: read == 0);
            else
                held = 0;
        }
        // A line that is wrong says more than that the file is.
        if (found is not null)
            return found;
        return bytes == file.Bytes && Digest.FromBytes(hash.GetHashAndReset()) == file.Sha256
            ? null
            : new ExportVerdict.Tampered(null, $"{file.Name} does not have the digest in the manifest");
    }

    /// <summary>Checks the whole lines of a buffer and moves the rest to its beginning.</summary>
    private ExportVerdict.Tampered? CheckLines(ExportedFile file, byte[] buffer, ref int held, bool atEnd)
    {
        var start = 0;
        ExportVerdict.Tampered? found = null;
        while (found is null && buffer.AsSpan(start, held - start).IndexOf((byte)'\n') is var length and >= 0)
        {
            found = CheckLine(buffer.AsMemory(start, length));
            start += length + 1;
        }
        if (found is null && (atEnd ? held > start : held - start == buffer.Length))
            found = new ExportVerdict.Tampered(null, $"{file.Name} has a line that does not end");
        buffer.AsSpan(start, held - start).CopyTo(buffer);
        held = found is null ? held - start : 0;
        return found;
    }

    private ExportVerdict.Tampered? CheckLine(ReadOnlyMemory<byte> bytes)
    {
        if (ExportLine.Read(bytes) is not { } line)
            return new ExportVerdict.Tampered(null, $"the line behind {_entries} others is not an entry with a proof");
        if (line.Index < _next || line.Index >= manifest.To)
            return Bad(line, $"is not in order, or not from {manifest.From} up to {manifest.To}");
        if (!manifest.IsFiltered && line.Index > _next)
            return new ExportVerdict.Tampered(_next, Absent);
        if (!CanonicalJson.IsCanonical(line.Leaf) || !LeafFacts.TryRead(line.Leaf, _log, null, out var facts))
            return Bad(line, "is not canonical JSON");
        if (facts.Index != line.Index || !(facts.IsOfLog || _name.IsLaterThan(LogName.Of(Encoding.UTF8.GetString(facts.Log)))))
            return Bad(line, $"does not say that it is entry {line.Index} of '{manifest.Log}'");
        if (!InclusionProof.Verify(line.Index, manifest.Size, MerkleTree.HashLeaf(line.Leaf), line.Proof, manifest.Root))
            return Bad(line, "is not the one in the tree: its proof does not lead to the root");
        _next = line.Index + 1;
        _entries++;
        return null;
    }

    private static ExportVerdict.Tampered Bad(ExportLine line, string words) => new(line.Index, words);
}
