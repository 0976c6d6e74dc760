using System.Globalization;
using System.Text;
using Halyard.Ledger.Tests.Verifying;

namespace Halyard.Ledger.Tests.Replaying;

/// <summary>A log in which one flag is created, changed and removed, as the product writes it.</summary>
internal sealed class SampleFlag
{
    private readonly Dictionary<string, (byte[]? Document, long Revision)> _flags = new(StringComparer.Ordinal);

    /// <summary>The entries so far.</summary>
    public List<byte[]> Leaves { get; } = [];

    /// <summary>The archive that they are published in.</summary>
    public SampleArchive Archive { get; } = new();

    /// <summary>Patches longer than this go beside the log.</summary>
    public int MaxPatch { get; set; } = 1_000;

    /// <summary>Changes a flag to a document, or removes it; the entry is of second <c>index</c>.</summary>
    public void Change(string flag, string? document, string project = "web", int? original = null, bool also = false)
    {
        var (before, revision) = _flags.GetValueOrDefault($"{project}/{flag}");
        var after = document is null ? null : CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(document));
        var patch = Encoding.UTF8.GetString(JsonPatch.Diff(before ?? [], after ?? []));
        if (patch.Length > MaxPatch)
            patch = $$"""{"$blob":"{{Archive.Keep(Encoding.UTF8.GetBytes(patch))}}"}""";
        if (after is not null)
            Archive.Keep(after);
        var change = $"\"after\":{Name(after)},\"before\":{Name(before)},\"patch\":{patch}";
        var resource = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"r_{{flag}}","key":"{{flag}}","kind":"flag","rev_from":{{revision}},"rev_to":{{revision + 1}}}"""
        );
        var origin = original is { } second ? $$"""{"at":"{{SampleArchive.At(second)}}"}""" : "null";
        if (also)
        {
            const string other = """{"id":"r_s","key":"s","kind":"segment","rev_from":0,"rev_to":1}""";
            change = $$"""
                "after":"{{Digest.Of(
                    "{}"u8
                )}}","before":null,"patch":[{"op":"add","path":"","value":{} }],"also":[{{{change}},"resource":{{resource}}}]
                """;
            resource = other;
        }
        Leaves.Add(
            SampleArchive.Leaf(
                Leaves.Count,
                members: $$$"""
                "change":{{{{change}}}},"meta":{},"origin":{{{origin}}},"project":"{{{project}}}","resource":{{{resource}}}
                """
            )
        );
        _flags[$"{project}/{flag}"] = (after, revision + 1);
    }

    /// <summary>Publishes what there is.</summary>
    public SampleArchive Publish()
    {
        Archive.Write(Leaves, [Leaves.Count]);
        return Archive;
    }

    /// <summary>Replays a flag up to a second.</summary>
    public FlagReplay Replay(string flag, int second, int from = 0)
    {
        var replay = new FlagReplay(flag, SampleArchive.At(second), digest => Archive.Read(LedgerPaths.Blob(digest), 1_000_000));
        for (var index = from; index < Leaves.Count; index++)
            replay.Append(index, Leaves[index]);
        return replay;
    }

    private static string Name(byte[]? document) => document is null ? "null" : $"\"{Digest.Of(document)}\"";
}
