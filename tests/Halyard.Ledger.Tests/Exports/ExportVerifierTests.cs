using System.Security.Cryptography;
using System.Text;
using Halyard.Ledger.Tests.Verifying;

namespace Halyard.Ledger.Tests.Exports;

public sealed class ExportVerifierTests
{
    private readonly SampleExport _export = new();

    [Fact]
    public void Verify_ExportAsWritten_IsVerified()
    {
        _export.Verify().ShouldBe(new ExportVerdict.Verified(4, Signed: false, IsFiltered: true));
        _export.Verify(SampleArchive.Keys).ShouldBe(new ExportVerdict.Verified(4, Signed: true, IsFiltered: true));
    }

    [Fact]
    public void Verify_FormatWithoutProofs_ComparesTheFilesOnly()
    {
        var export = new SampleExport("csv");
        export.Verify(SampleArchive.Keys).ShouldBe(new ExportVerdict.Verified(0, Signed: true, IsFiltered: true));
        export.Lines[0] = "\"anything\"";
        var manifest = export.Sealed();
        SampleExport.Verify(manifest, [.. export.File[..^1], 0], null).ShouldBeOfType<ExportVerdict.Tampered>();
    }

    [Fact]
    public void Verify_AnyByteOfTheFileAltered_IsTampering()
    {
        var (manifest, file) = (_export.Sealed(), _export.File);
        for (var at = 0; at < file.Length; at += 3)
        {
            file[at] ^= 1;
            SampleExport.Verify(manifest, file, null).ShouldBeOfType<ExportVerdict.Tampered>($"byte {at}");
            file[at] ^= 1;
        }
        SampleExport.Verify(manifest, file[..^1], null).ShouldBeOfType<ExportVerdict.Tampered>();
        SampleExport.Verify(manifest, [.. file, (byte)'\n'], null).ShouldBeOfType<ExportVerdict.Tampered>();
    }

    [Fact]
    public void Verify_LeafAlteredWithAllDigestsOfTheExport_NamesTheEntry()
    {
        _export.Lines[2] = _export.Lines[2].Replace("flag.updated", "flag.deleted", StringComparison.Ordinal);
        var found = _export.Verify().ShouldBeOfType<ExportVerdict.Tampered>();
        found.Index.ShouldBe(15);
        found.Words.ShouldContain("does not lead to the root");
    }

    [Fact]
    public void Verify_LineLeftOutDoubledOrSwapped_IsTampering()
    {
        var lines = _export.Lines.ToList();
        _export.Lines.RemoveAt(1);
        _export.Verify().ShouldBeOfType<ExportVerdict.Tampered>().Words.ShouldContain("the manifest says 4");
        _export.Lines.Insert(1, lines[0]);
        _export.Verify().ShouldBeOfType<ExportVerdict.Tampered>().Index.ShouldBe(10);
        _export.Lines[0] = lines[1];
        _export.Verify().ShouldBeOfType<ExportVerdict.Tampered>().Index.ShouldBe(10);
    }

    [Fact]
    public void Verify_WholeRangeWithoutFilter_IsVerifiedAsUnfiltered() =>
        SampleExport.Whole().Verify().ShouldBe(new ExportVerdict.Verified(10, Signed: false, IsFiltered: false));

    [Theory]
    [InlineData(0, 10)]
    [InlineData(4, 14)]
    [InlineData(9, 19)]
    public void Verify_LineLeftOutWithoutFilterAndCountsAdjusted_NamesTheEntry(int line, long index)
    {
        var export = SampleExport.Whole();
        export.Lines.RemoveAt(line);
        export.Manifest["entries"] = 9;
        var found = export.Verify().ShouldBeOfType<ExportVerdict.Tampered>();
        found.Index.ShouldBe(index);
        found.Words.ShouldContain("is absent");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData(null)]
    public void Verify_ManifestThatSaysNothingOfAFilter_LetsNothingBeLeftOut(string? filter)
    {
        _export.Manifest.Remove("filter");
        if (filter is not null)
            _export.Manifest["filter"] = System.Text.Json.Nodes.JsonNode.Parse(filter);
        _export.Verify().ShouldBeOfType<ExportVerdict.Tampered>().Index.ShouldBe(12);
    }

    [Fact]
    public void Verify_EntryOutsideTheRange_IsTampering()
    {
        _export.Manifest["to"] = 19;
        _export.Verify().ShouldBeOfType<ExportVerdict.Tampered>().Index.ShouldBe(19);
        _export.Manifest["to"] = 20;
        _export.Manifest["from"] = 11;
        _export.Verify().ShouldBeOfType<ExportVerdict.Tampered>().Index.ShouldBe(10);
    }

    [Theory]
    [InlineData("root", "\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"")]
    [InlineData("size", "41")]
    [InlineData("log", "\"flags.example.com/other/admin\"")]
    public void Verify_ManifestThatSaysOtherwiseThanTheCheckpoint_IsTampering(string member, string value)
    {
        _export.Manifest[member] = System.Text.Json.Nodes.JsonNode.Parse(value);
        _export.Verify(SampleArchive.Keys).ShouldBeOfType<ExportVerdict.Tampered>();
        _export.Manifest["checkpoint"] = null;
        // Proofs bind entries to a root; only a checkpoint binds the root to a size.
        if (member != "size")
            _export.Verify().ShouldBeOfType<ExportVerdict.Tampered>();
        _export.Verify(SampleArchive.Keys).ShouldBeOfType<ExportVerdict.Incomplete>();
    }

    [Fact]
    public void Verify_SignedByNobodyKnown_IsIncomplete()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = new LogKeys([new LogKey(new NoteSigner(SampleArchive.Origin, key).Key.CreateVerifier()!, 0, null)]);
        _export.Verify(keys).ShouldBeOfType<ExportVerdict.Incomplete>();
    }

    [Theory]
    [InlineData("[]", "a manifest is a JSON object")]
    [InlineData("1", "a manifest is a JSON object")]
    [InlineData("{}", "/v is absent")]
    [InlineData("""{"v":"1"}""", "/v is not a number")]
    [InlineData("""{"v":1}""", "/log is absent")]
    [InlineData("""{"v":1,"log":7}""", "/log is not a text")]
    [InlineData("""{"v":1,"log":"l","from":-1}""", "/from is not a whole number from 0 to 9007199254740991")]
    [InlineData(
        """{"v":1,"log":"l","from":0,"to":0,"size":0,"root":"x"}""",
        "/root is not 'sha256:' and 64 lower-case hexadecimal digits"
    )]
    public void Read_BrokenManifest_IsRefusedInOurWords(string text, string words)
    {
        ExportManifest.TryParse(Encoding.UTF8.GetBytes(text), out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(words);
    }

    [Theory]
    [InlineData("files\":{\"", "/files is not a list")]
    [InlineData("files\":[1,{\"", "/files is not a list of objects")]
    public void Read_ManifestWithFilesOfAnotherForm_IsRefusedInOurWords(string files, string words)
    {
        var text = Encoding.UTF8.GetString(_export.Sealed()).Replace("files\":[{\"", files, StringComparison.Ordinal);
        text = files.Contains('[', StringComparison.Ordinal) ? text : text.Replace("}]", "}", StringComparison.Ordinal);
        ExportManifest.TryParse(Encoding.UTF8.GetBytes(text), out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(words);
    }

    [Theory]
    [InlineData("../audit.jsonl")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\\\b")]
    [InlineData(".hidden")]
    [InlineData("")]
    public void Read_FileNameThatLeadsElsewhere_IsRefused(string name)
    {
        var text = Encoding.UTF8.GetString(_export.Sealed()).Replace("audit.jsonl", name, StringComparison.Ordinal);
        ExportManifest.TryParse(Encoding.UTF8.GetBytes(text), out _, out var problem).ShouldBeFalse();
        problem.ShouldContain("name");
    }

    [Fact]
    public void Verify_FileAbsent_IsIncomplete()
    {
        var text = Encoding.UTF8.GetString(_export.Sealed()).Replace("audit.jsonl", "other.jsonl", StringComparison.Ordinal);
        SampleExport
            .Verify(Encoding.UTF8.GetBytes(text), _export.File, null)
            .ShouldBe(new ExportVerdict.Incomplete("other.jsonl is absent"));
    }

    [Fact]
    public void Verify_LineWithoutEnd_IsTamperingAndBounded()
    {
        var endless = Enumerable.Repeat((byte)'a', 1_000_000).ToArray();
        _export.Lines.Clear();
        _export.Lines.Add(Encoding.UTF8.GetString(endless));
        _export.Verify().ShouldBeOfType<ExportVerdict.Tampered>().Words.ShouldContain("does not end");
    }

    [Fact]
    public void Read_AnyBytes_NeverThrows()
    {
        Fuzz.Around(_export.Sealed(), bytes => ExportManifest.TryParse(bytes, out _, out _), count: 1_000);
        Fuzz.Around(Encoding.UTF8.GetBytes(_export.Lines[0]), bytes => ExportLine.Read(bytes) is not null, count: 1_000);
        Fuzz.Around(
            "# a\n\n"u8.ToArray().Concat(Encoding.UTF8.GetBytes($"{SampleArchive.Signer.Key} 0 5\n")).ToArray(),
            bytes => LogKeys.TryParse(Encoding.UTF8.GetString(bytes), out _, out _),
            count: 1_000
        );
    }
}
