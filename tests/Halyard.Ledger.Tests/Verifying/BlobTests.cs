using System.Text;

namespace Halyard.Ledger.Tests.Verifying;

public sealed class BlobTests
{
    private readonly SampleArchive _archive = new();
    private readonly Dictionary<string, Digest> _named = new(StringComparer.Ordinal);

    public BlobTests()
    {
        foreach (var name in (string[])["after", "input", "patch", "summary", "inner", "inner after"])
            _named[name] = Keep($"\"{name}\"");
        _named["also"] = Keep($$$"""[{"after":"{{{_named["inner after"]}}}","patch":{"$blob":"{{{_named["inner"]}}}"}}]""");
        List<byte[]> leaves = [.. Enumerable.Range(0, 300).Select(index => SampleArchive.Leaf(index))];
        var also = $$$"""{"$blob":"{{{_named["also"]}}}"}""";
        var patch = $$$"""{"$blob":"{{{_named["patch"]}}}"}""";
        var summary = $$$"""{"summary":{"$blob":"{{{_named["summary"]}}}"}}""";
        leaves[270] = SampleArchive.Leaf(
            270,
            members: $$$"""
            "change":{"after":"{{{_named["after"]}}}","also":{{{also}}},"before":"{{{Digest.Of("gone"u8)}}}","patch":{{{patch}}}},
            "decision":{"input":"{{{_named["input"]}}}"},"meta":{{{summary}}}
            """
        );
        // A user's value may look like a reference; it names nothing.
        var value = $$$"""{"$blob":"{{{Digest.Of("no"u8)}}}","after":"{{{Digest.Of("no"u8)}}}"}""";
        leaves[271] = SampleArchive.Leaf(
            271,
            members: $$$"""
            "change":{"after":null,"patch":[{"op":"add","path":"","value":{{{value}}} }]},"why":{"x":{{{value}}} }
            """
        );
        _archive.Write(leaves, [300]);
    }

    [Fact]
    public void Verify_AllContentThere_IsCounted() =>
        _archive.Verify().ShouldBeOfType<ArchiveVerdict.Verified>().Blobs.ShouldBe(new BlobFindings(7, 0));

    [Theory]
    [InlineData("after")]
    [InlineData("input")]
    [InlineData("patch")]
    [InlineData("summary")]
    [InlineData("also")]
    [InlineData("inner")]
    [InlineData("inner after")]
    public void Verify_ContentAlteredOrRemoved_NamesTheEntry(string name)
    {
        var path = LedgerPaths.Blob(_named[name]);
        _archive.Files[path] = [.. _archive.Files[path], (byte)' '];
        _archive
            .Verify()
            .ShouldBeOfType<ArchiveVerdict.Tampered>()
            .ShouldSatisfyAllConditions(found => found.Index.ShouldBe(270), found => found.Path.ShouldBe(path));
        _archive.Files.Remove(path);
        _archive
            .Verify()
            .ShouldBeOfType<ArchiveVerdict.Tampered>()
            .ShouldSatisfyAllConditions(found => found.Index.ShouldBe(270), found => found.Path.ShouldBe(path));
    }

    [Fact]
    public void Verify_ArchiveThatKeepsNoContent_IsVerifiedAndSaysSo()
    {
        foreach (var digest in _named.Values)
            _archive.Files.Remove(LedgerPaths.Blob(digest));
        _archive.Verify().ShouldBeOfType<ArchiveVerdict.Verified>().Blobs.ShouldBe(new BlobFindings(0, 5));
    }

    private Digest Keep(string text) => _archive.Keep(Encoding.UTF8.GetBytes(text));
}
