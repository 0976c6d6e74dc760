using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Halyard.Ledger;

namespace Halyard.Benchmarks.Verifying;

/// <summary>The files of a log in memory. Its entries have the members and the length of ordinary changes; they name no content.</summary>
internal sealed class PublishedLog : ILedgerFiles
{
    public const string Origin = "flags.example.com/acme/admin";

    private PublishedLog(LogKeys keys) => Keys = keys;

    /// <summary>The files by path.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public List<byte[]> Bundles { get; } = [];

    public LogKeys Keys { get; }

    public long LeafBytes { get; private set; }

    public static PublishedLog Of(int entries)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new NoteSigner(Origin, key);
        var log = new PublishedLog(new LogKeys([new LogKey(signer.Key.CreateVerifier()!, 0, null)]));
        var hashes = new List<Digest>(entries);
        foreach (var path in TileLayout.Bundles(0, entries))
        {
            var leaves = new ReadOnlyMemory<byte>[path.Width];
            for (var i = 0; i < leaves.Length; i++)
            {
                leaves[i] = Leaf(hashes.Count);
                hashes.Add(MerkleTree.HashLeaf(leaves[i].Span));
                log.LeafBytes += leaves[i].Length;
            }
            log.Files[path.ToString()] = EntryBundle.Write(leaves);
            log.Bundles.Add(log.Files[path.ToString()]);
        }
        foreach (var tile in TileGrowth.Grow(0, hashes, path => throw new InvalidOperationException($"{path} of nothing")))
            log.Files[tile.Path.ToString()] = tile.ToBytes();
        var root = MerkleTree.Root(hashes);
        log.Files[LedgerPaths.Checkpoint] = signer.Sign(new Checkpoint(Origin, entries, root).ToText()).ToBytes();
        return log;
    }

    public byte[]? Read(string path, int maxLength) => Files.GetValueOrDefault(path);

    public IReadOnlyList<string>? List(string folder) => null;

    private static byte[] Leaf(int index)
    {
        var at = DateTime.UnixEpoch.AddSeconds(index).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var digest = Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(index)));
        var commitment = digest[..43];
        return CanonicalJson.Canonicalize(
            Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$$"""
                    {"v":1,"log":"{{{Origin}}}","idx":{{{index}}},"id":"01M7YFRJB0F2KZP157K1W1BXAY","at":"{{{at}}}","type":"flag.updated",
                     "actions":["flag.enabled"],"tenant":"acme","project":"web","env":"production","origin":null,
                     "actor":{"sid":"s_1dzzp5nqqhm8tv94jznjx71vp9","kind":"user","auth":"token","roles":["ADMIN"],"obo":null,"cred":"t_29d1n7h8p"},
                     "resource":{"kind":"flag","id":"r_6tn1cn4nd2a006ev9txatxztre","key":"checkout-{{{index
                        % 1000}}}","rev_from":1,"rev_to":2},
                     "change":{"patch":[{"op":"replace","path":"/environments/production/enabled","value":true,"was":false}],"before":null,"after":null},
                     "why":{"reason":{"$c":"{{{commitment}}}"},"ticket":"SHOP-{{{index}}}","cr":null,"cr_hash":null,"approvals":[],"policy":"built-in@1","bypass":null,"incident":null},
                     "decision":{"verdict":"allow","policy":"built-in@1","input":null},
                     "req":{"id":"0HNQ7K0CMCFQA:00000001","session":null,"idem":null,"ip":{"$c":"{{{commitment}}}"},"ua":{"$c":"{{{commitment}}}"},"trace":"{{{digest[
                        ..32
                    ]}}}"},
                     "meta":{"summary":["enabled in 'production'"]},"outcome":{"ok":true,"code":null,"message":null} }
                    """
                )
            )
        );
    }
}
