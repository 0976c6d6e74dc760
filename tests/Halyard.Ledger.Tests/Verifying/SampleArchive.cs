using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Halyard.Ledger.Tests.Verifying;

/// <summary>The files of a log in memory, written as a publisher writes them, to be altered by tests.</summary>
internal sealed class SampleArchive : ILedgerFiles
{
    public const string Origin = "flags.example.com/acme/admin";

    /// <summary>A key for all tests of a run; making one takes longer than a test.</summary>
    public static NoteSigner Signer { get; } = new(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The files by path.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The name in its checkpoints.</summary>
    public string Log { get; init; } = Origin;

    /// <summary>Whether the folder of checkpoints can be listed.</summary>
    public bool Lists { get; set; } = true;

    /// <summary>The signer's key without end.</summary>
    public static LogKeys Keys => new([new LogKey(Signer.Key.CreateVerifier()!, 0, null)]);

    /// <summary>A log of plain entries with checkpoints at some sizes, the last of them with all entries.</summary>
    public static SampleArchive Of(int size, params int[] published)
    {
        var archive = new SampleArchive();
        archive.Write([.. Enumerable.Range(0, size).Select(index => Leaf(index))], [.. published, size]);
        return archive;
    }

    /// <summary>Writes the tiles and bundles of every published size and its checkpoint.</summary>
    public void Write(IReadOnlyList<byte[]> leaves, IReadOnlyList<int> published, NoteSigner? signer = null)
    {
        long size = 0;
        foreach (var next in published.Distinct().Order())
        {
            Grow(size, [.. leaves.Take(next)]);
            size = next;
            Publish(next, MerkleTree.Root([.. leaves.Take(next).Select(leaf => MerkleTree.HashLeaf(leaf))]), signer ?? Signer);
        }
    }

    /// <summary>Writes the tiles and bundles of a log that grew.</summary>
    public void Grow(long from, IReadOnlyList<byte[]> leaves)
    {
        var added = leaves.Skip((int)from).Select(leaf => MerkleTree.HashLeaf(leaf)).ToList();
        foreach (var tile in TileGrowth.Grow(from, added, path => Hashes(path)))
            Files[tile.Path.ToString()] = tile.ToBytes();
        foreach (var bundle in TileLayout.Bundles(from, leaves.Count))
        {
            var first = (int)bundle.Index * TilePath.FullWidth;
            Files[bundle.ToString()] = EntryBundle.Write([
                .. leaves.Skip(first).Take(bundle.Width).Select(leaf => (ReadOnlyMemory<byte>)leaf),
            ]);
        }
    }

    /// <summary>Signs a size and a root.</summary>
    public void Publish(long size, Digest root, NoteSigner signer)
    {
        var note = signer.Sign(new Checkpoint(Log, size, root).ToText()).ToBytes();
        Files[LedgerPaths.Checkpoint] = note;
        Files[LedgerPaths.CheckpointAt(size)] = note;
    }

    /// <summary>Puts content beside the log.</summary>
    public Digest Keep(byte[] content)
    {
        var digest = Digest.Of(content);
        Files[LedgerPaths.Blob(digest)] = content;
        return digest;
    }

    /// <summary>A plain entry with further members.</summary>
    public static byte[] Leaf(
        int index,
        string type = "flag.updated",
        string members = "\"meta\":{}",
        string? log = null,
        int? second = null
    ) =>
        CanonicalJson.Canonicalize(
            Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"v":1,"log":"{{log ?? Origin}}","idx":{{index}},"at":"{{At(second ?? index)}}","type":"{{type}}",{{members}}}"""
                )
            )
        );

    /// <summary>The time of a plain entry.</summary>
    public static string At(int second) =>
        new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)
            .AddSeconds(second)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The check with the signer's key.</summary>
    public ArchiveVerdict Verify(byte[]? since = null, LogKeys? keys = null, string origin = Origin) =>
        ArchiveVerifier.Run(this, new ArchiveQuestion(origin, keys ?? Keys) { Since = since }, CancellationToken.None);

    /// <summary>Writes everything into a folder.</summary>
    public void SaveTo(string folder)
    {
        foreach (var (path, bytes) in Files)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, bytes);
        }
    }

    public byte[]? Read(string path, int maxLength) =>
        !Files.TryGetValue(path, out var bytes) ? null
        : bytes.Length <= maxLength ? [.. bytes]
        : throw new LedgerFileException(path, "is too long", tooLong: true);

    public IReadOnlyList<string>? List(string folder) =>
        Lists
            ?
            [
                .. Files
                    .Keys.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal))
                    .Select(path => path[(folder.Length + 1)..])
                    .Order(StringComparer.Ordinal),
            ]
            : null;

    private Digest[] Hashes(TilePath path)
    {
        HashTile.TryRead(Files[path.ToString()], path.Width, out var hashes);
        return hashes!;
    }
}
