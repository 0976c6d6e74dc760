using System.Collections.Concurrent;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>Looks for the content that entries name. Used by several threads at once.</summary>
internal sealed class BlobCheck(ILedgerFiles files)
{
    // Bounds the memory; what is forgotten is checked again.
    private const int MaxRemembered = 100_000;

    private readonly ConcurrentDictionary<Digest, bool> _good = new();
    private long _checked;

    /// <summary>How many were found with the right digest.</summary>
    public long Checked => Interlocked.Read(ref _checked);

    /// <summary>Checks all that an entry names; what is absent goes to the list.</summary>
    /// <returns>What is wrong, or null.</returns>
    public ArchiveFault? Run(long index, List<NamedContent> named, List<(long Index, Digest Digest)> absent)
    {
        try
        {
            return Check(index, named, absent);
        }
        catch (LedgerFileException tooLong) when (tooLong.TooLong)
        {
            return new ArchiveFault(index, tooLong.Path, tooLong.Words);
        }
    }

    private ArchiveFault? Check(long index, List<NamedContent> named, List<(long Index, Digest Digest)> absent)
    {
        // A list of changes names more, which is put behind what there is.
        for (var i = 0; i < named.Count; i++)
        {
            var (digest, isList) = named[i];
            if (_good.ContainsKey(digest) && !isList)
                continue;
            var path = LedgerPaths.Blob(digest);
            if (files.Read(path, LedgerLimits.MaxBlobLength) is not { } bytes)
            {
                absent.Add((index, digest));
                continue;
            }
            if (Digest.Of(bytes) != digest)
                return new ArchiveFault(index, path, "does not have the digest that is its name");
            if (isList && !TryCollect(bytes, named))
                return new ArchiveFault(index, path, "is not a list of changes");
            Interlocked.Increment(ref _checked);
            if (_good.Count >= MaxRemembered)
                _good.Clear();
            _good[digest] = true;
        }
        return null;
    }

    private static bool TryCollect(byte[] bytes, List<NamedContent> named)
    {
        try
        {
            NamedContent.CollectList(bytes, named);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
