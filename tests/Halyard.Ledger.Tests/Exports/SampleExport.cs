using System.Text;
using System.Text.Json.Nodes;
using Halyard.Ledger.Tests.Verifying;

namespace Halyard.Ledger.Tests.Exports;

/// <summary>An export of a small log as a server writes it, to be altered by tests.</summary>
internal sealed class SampleExport
{
    private const int Size = 40;

    private static readonly List<byte[]> Leaves = [.. Enumerable.Range(0, Size).Select(index => SampleArchive.Leaf(index))];

    public SampleExport(string format = "jsonl")
        : this(format, [10, 11, 15, 19], new JsonObject { ["project"] = "web" }) { }

    private SampleExport(string format, int[] indexes, JsonObject filter)
    {
        var hashes = Leaves.ConvertAll(leaf => MerkleTree.HashLeaf(leaf));
        var nodes = new LeafNodeSource(hashes);
        var root = MerkleTree.Root(hashes);
        foreach (var index in indexes)
            Lines.Add(Line(index, Leaves[index], InclusionProof.Build(index, Size, nodes)));
        Manifest = new JsonObject
        {
            ["v"] = 1,
            ["log"] = SampleArchive.Origin,
            ["from"] = 10,
            ["to"] = 20,
            ["size"] = Size,
            ["root"] = root.ToString(),
            ["checkpoint"] = SampleArchive.Signer.Sign(new Checkpoint(SampleArchive.Origin, Size, root).ToText()).ToString(),
            ["format"] = format,
            ["filter"] = filter,
            ["entries"] = indexes.Length,
            ["created"] = "2026-01-31T09:30:00Z",
        };
    }

    /// <summary>Every entry from 10 up to 20, without a filter.</summary>
    public static SampleExport Whole() => new("jsonl", [.. Enumerable.Range(10, 10)], []);

    public JsonObject Manifest { get; }

    public List<string> Lines { get; } = [];

    public static string Line(long index, byte[] leaf, IEnumerable<Digest> proof) =>
        new JsonObject
        {
            ["index"] = index,
            ["leaf"] = Encoding.UTF8.GetString(leaf),
            ["proof"] = new JsonArray([.. proof.Select(hash => (JsonNode)hash.ToBase64())]),
        }.ToJsonString();

    /// <summary>The file, one line after the other.</summary>
    public byte[] File => Encoding.UTF8.GetBytes(string.Concat(Lines.Select(line => line + "\n")));

    /// <summary>The manifest with the digest of the file as it is now.</summary>
    public byte[] Sealed()
    {
        Manifest["files"] = new JsonArray(
            new JsonObject
            {
                ["name"] = "audit.jsonl",
                ["bytes"] = File.Length,
                ["sha256"] = Digest.Of(File).ToString(),
            }
        );
        return Encoding.UTF8.GetBytes(Manifest.ToJsonString());
    }

    public ExportVerdict Verify(LogKeys? keys = null, byte[]? file = null) => Verify(Sealed(), file ?? File, keys);

    public static ExportVerdict Verify(byte[] manifest, byte[] file, LogKeys? keys)
    {
        ExportManifest.TryParse(manifest, out var read, out var problem).ShouldBeTrue(problem);
        return new ExportVerifier(read, name => name == "audit.jsonl" ? Trickle(file) : null, keys).Run(CancellationToken.None);
    }

    /// <summary>Gives a few bytes at a time, as networks and discs may.</summary>
    private static Func<Memory<byte>, int> Trickle(byte[] bytes)
    {
        var stream = new MemoryStream(bytes);
        return buffer => stream.Read(buffer.Span[..Math.Min(buffer.Length, 7)]);
    }
}
