using Halyard.Ledger.Tests.Exports;
using Halyard.Ledger.Tests.Verifying;

namespace Halyard.Cli.Tests.Verifying;

public sealed class VerifyExportTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task GoodExport_IsVerifiedAndSaysHowFar()
    {
        (await VerifyAsync(new SampleExport())).ShouldBe(0, _cli.Error);
        _cli.Out.ShouldContain("4 entries");
        _cli.Out.ShouldContain("or give --vkey");
        _cli.Out.ShouldContain("Filtered: nothing says that none was left out.");
        (await VerifyAsync(SampleExport.Whole())).ShouldBe(0, _cli.Error);
        _cli.Out.ShouldNotContain("Filtered");
        (await VerifyAsync(new SampleExport(), "--vkey", SampleArchive.Signer.Key.ToString())).ShouldBe(0, _cli.Error);
        _cli.Out.ShouldContain("A key that you hold signed");
        (await VerifyAsync(new SampleExport("csv"))).ShouldBe(0, _cli.Error);
        _cli.Out.ShouldContain("csv has no proofs");
    }

    [Fact]
    public async Task AlteredEntry_IsTamperingAndNamesIt()
    {
        var export = new SampleExport();
        export.Lines[1] = export.Lines[1].Replace("flag.updated", "flag.deleted", StringComparison.Ordinal);
        (await VerifyAsync(export)).ShouldBe(1);
        _cli.Error.ShouldContain("TAMPERED: entry 11");
    }

    [Fact]
    public async Task WhatIsNotThere_IsIncomplete()
    {
        (await _cli.RunAsync("verify-export", _cli.PathOf("none"))).ShouldBe(2);
        (await _cli.RunAsync("verify-export", _cli.Write("manifest.json", "{}"u8.ToArray()))).ShouldBe(2);
        _cli.Error.ShouldContain("is not a manifest");
        (await _cli.RunAsync("verify-export", _cli.Write("manifest.json", new SampleExport().Sealed()))).ShouldBe(2);
        _cli.Error.ShouldContain("audit.jsonl is absent");
    }

    private Task<int> VerifyAsync(SampleExport export, params string[] more)
    {
        _cli.Write("audit.jsonl", export.File);
        return _cli.RunAsync(["verify-export", _cli.Write("manifest.json", export.Sealed()), .. more]);
    }
}
