using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Halyard.Ledger;
using Halyard.Ledger.Tests.Verifying;

namespace Halyard.Cli.Tests.Verifying;

public sealed class VerifyArchiveTests : IDisposable
{
    private static readonly string VerifierKey = SampleArchive.Signer.Key.ToString();

    private readonly Cli _cli = new();
    private readonly SampleArchive _archive = SampleArchive.Of(700, 300);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task GoodArchive_InAFolder_IsVerifiedInWords()
    {
        (await VerifyAsync()).ShouldBe(0);
        _cli.Out.ShouldContain($"Verified: the log {SampleArchive.Origin} with 700 entries.");
        _cli.Out.ShouldContain("1 published before");
        _cli.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task GoodArchive_BehindAnAddress_IsVerified()
    {
        _cli.Server = request =>
            _archive.Files.TryGetValue(request.RequestUri!.AbsolutePath["/ledger/acme/admin/".Length..], out var bytes)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) }
                : new HttpResponseMessage(HttpStatusCode.NotFound);
        (await RunAsync("https://flags.example.com/ledger/acme/admin")).ShouldBe(0, _cli.Error);
        (await RunAsync("https://flags.example.com/ledger/acme/admin/")).ShouldBe(0, _cli.Error);
    }

    [Theory]
    [InlineData(null, "http://127.0.0.1:8080/ledger/acme/admin", true)]
    [InlineData(null, "http://127.0.0.1:8081/ledger/acme/admin", false)]
    [InlineData(null, "http://127.0.0.1/ledger/acme/admin", false)]
    [InlineData("https://flags.example.com", "https://flags.example.com:443/ledger/acme/admin", true)]
    [InlineData("https://flags.example.com/below", "https://FLAGS.example.com/ledger/acme/admin", true)]
    [InlineData("https://flags.example.com", "http://flags.example.com/ledger/acme/admin", false)]
    [InlineData("https://flags.example.com", "https://flags.example.com.evil.example/ledger/acme/admin", false)]
    [InlineData("https://flags.example.com", "https://flags.example.com@evil.example/ledger/acme/admin", false)]
    [InlineData("http://flags.example.com", "http://flags.example.com/ledger/acme/admin", false)]
    [InlineData("https://flags.example.com", "http://127.0.0.1:8080/ledger/acme/admin", false)]
    [InlineData("nonsense", "https://flags.example.com/ledger/acme/admin", false)]
    public async Task Token_GoesToTheServerAlone_AndNeverInTheClear(string? server, string address, bool sent)
    {
        var tokens = new System.Collections.Concurrent.ConcurrentBag<string?>();
        _cli.Set("HALYARD_TOKEN", "s3cret");
        if (server is not null)
            _cli.Set("HALYARD_SERVER", server);
        _cli.Server = request =>
        {
            tokens.Add(request.Headers.Authorization?.ToString());
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        };

        (await RunAsync(address)).ShouldBe(2);

        tokens.ShouldNotBeEmpty();
        tokens.ShouldAllBe(token => token == (sent ? "Bearer s3cret" : null));
    }

    [Theory]
    [InlineData("tile/0/000")]
    [InlineData("tile/entries/001")]
    [InlineData("checkpoint")]
    public async Task Address_AnswersWithoutEnd_IsCutOffAndTampering(string path)
    {
        _cli.Server = request =>
        {
            var asked = request.RequestUri!.AbsolutePath[1..];
            if (asked == path)
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Endless()) };
            return _archive.Files.TryGetValue(asked, out var bytes)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) }
                : new HttpResponseMessage(HttpStatusCode.NotFound);
        };
        (await RunAsync("http://flags.example.com")).ShouldBe(1);
        _cli.Error.ShouldContain($"{path} has more than");
    }

    [Fact]
    public async Task Address_OutOfOrder_IsIncomplete()
    {
        (await RunAsync("http://flags.example.com")).ShouldBe(2);
        _cli.Error.ShouldContain("cannot be fetched: refused");
        _cli.Server = _ => new HttpResponseMessage(HttpStatusCode.InternalServerError);
        (await RunAsync("http://flags.example.com")).ShouldBe(2);
        _cli.Error.ShouldContain("answered with 500");
    }

    [Fact]
    public async Task AlteredEntry_IsTamperingAndNamesIt()
    {
        _archive.Files["tile/entries/001"][40] ^= 1;
        (await VerifyAsync()).ShouldBe(1);
        _cli.Error.ShouldContain("TAMPERED: from entry 256 on: tile/0/001");
        (await VerifyAsync("--json")).ShouldBe(1);
        var json = JsonElement.Parse(_cli.Out);
        json.GetProperty("verdict").GetString().ShouldBe("tampered");
        json.GetProperty("index").GetInt64().ShouldBe(256);
        json.GetProperty("path").GetString().ShouldBe("tile/0/001");
    }

    [Fact]
    public async Task GoodArchive_AsJson_HasSizeAndRoot()
    {
        (await VerifyAsync("--json")).ShouldBe(0);
        var json = JsonElement.Parse(_cli.Out);
        json.GetProperty("verdict").GetString().ShouldBe("verified");
        json.GetProperty("size").GetInt64().ShouldBe(700);
        json.GetProperty("log").GetString().ShouldBe(SampleArchive.Origin);
        json.GetProperty("root").GetString()!.ShouldStartWith("sha256:");
    }

    [Fact]
    public async Task HeldCheckpoint_OfAnotherHistory_IsTampering()
    {
        var held = _cli.Write("held", SampleArchive.Of(300).Files[LedgerPaths.Checkpoint]);
        (await VerifyAsync("--since", held)).ShouldBe(0, _cli.Error);
        var other = new SampleArchive();
        other.Write([.. Enumerable.Range(0, 300).Select(index => SampleArchive.Leaf(index, "flag.archived"))], [300]);
        var forked = _cli.Write("forked", other.Files[LedgerPaths.Checkpoint]);
        (await VerifyAsync("--since", forked)).ShouldBe(1);
        _cli.Error.ShouldContain("the checkpoint that you hold has another root");
        (await VerifyAsync("--since", _cli.PathOf("none"))).ShouldBe(2);
    }

    [Fact]
    public async Task KeyFile_WithRanges_IsRead()
    {
        var file = _cli.Write("keys", System.Text.Encoding.UTF8.GetBytes($"{VerifierKey} 0\n"));
        (await RunAsync(Saved(), vkey: file)).ShouldBe(0, _cli.Error);
        var past = _cli.Write("past", System.Text.Encoding.UTF8.GetBytes($"{VerifierKey} 0 500\n"));
        (await RunAsync(Saved(), vkey: past)).ShouldBe(1);
        _cli.Error.ShouldContain("does not count at size 700");
    }

    [Fact]
    public async Task OtherKey_IsIncomplete()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (await RunAsync(Saved(), vkey: new NoteSigner(SampleArchive.Origin, key).Key.ToString())).ShouldBe(2);
        _cli.Error.ShouldContain("signed by none of your keys");
    }

    [Fact]
    public async Task WhatIsNotUnderstood_IsUsage()
    {
        (await _cli.RunAsync("verify-archive", Saved())).ShouldBe(3);
        (await RunAsync(Saved(), vkey: "nonsense")).ShouldBe(3);
        _cli.Error.ShouldContain("--vkey is no file and no key");
        (await RunAsync(_cli.PathOf("nowhere"))).ShouldBe(2);
        (await RunAsync("ftp://flags.example.com")).ShouldBe(2);
        (await RunAsync(Directory.CreateDirectory(_cli.PathOf("empty")).FullName)).ShouldBe(2);
        _cli.Error.ShouldContain("there is no checkpoint");
    }

    private Task<int> VerifyAsync(params string[] more) => RunAsync(Saved(), VerifierKey, more);

    private Task<int> RunAsync(string where, string? vkey = null, params string[] more) =>
        _cli.RunAsync(["verify-archive", where, "--vkey", vkey ?? VerifierKey, "--origin", SampleArchive.Origin, .. more]);

    private string Saved()
    {
        _archive.SaveTo(_cli.PathOf("log"));
        return _cli.PathOf("log");
    }

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'a');
            return count;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
