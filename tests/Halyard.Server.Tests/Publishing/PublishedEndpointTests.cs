using System.Text;
using Halyard.Ledger;
using Halyard.Server.Publishing;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Publishing;

/// <summary>The published ledger over HTTP: what a verifier needs, for whoever may read the log and nobody else.</summary>
public sealed class PublishedEndpointTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    [Fact]
    public async Task Checkpoint_IsSignedByTheKeyThatIsNamed_AndCoversTheLog()
    {
        await server.ProjectAsync("covered");
        await server.PublishAsync();

        var answer = await server.GetAsync("/ledger/default/admin/checkpoint");

        answer.Status.ShouldBe(200);
        answer.MediaType.ShouldBe("text/plain");
        Note.TryParse(answer.Bytes, out var note, out _).ShouldBeTrue();
        Checkpoint.TryParse(note.Text, out var checkpoint, out _).ShouldBeTrue();
        var (size, root) = await server.HeadAsync();
        checkpoint.Size.ShouldBe(size);
        checkpoint.Root.ToString().ShouldBe(root);
        var vkey = (await server.GetAsync("/ledger/keys")).Words.TrimEnd('\n');
        NoteKey.TryParse(vkey, out var key, out _).ShouldBeTrue();
        note.Verify(key.CreateVerifier()!).ShouldBeOfType<NoteVerdict.Verified>();
        (await server.GetAsync("/ledger/default/admin/keys")).Words.ShouldBe($"{vkey} 0\n");
        (await server.GetAsync($"/ledger/default/admin/checkpoints/{size:D20}")).Bytes.ShouldBe(answer.Bytes);
    }

    [Fact]
    public async Task Tiles_HoldTheLeavesAndTheirHashes()
    {
        await server.ProjectAsync("tiles");
        await server.PublishAsync();
        var size = (int)(await server.HeadAsync()).Size;

        var bundle = await server.GetAsync($"/ledger/default/admin/tile/entries/000.p/{size}");
        var tile = await server.GetAsync($"/ledger/default/admin/tile/0/000.p/{size}");

        bundle.MediaType.ShouldBe("application/octet-stream");
        EntryBundle.TryRead(bundle.Bytes, size, out var entries, out _).ShouldBeTrue();
        HashTile.TryRead(tile.Bytes, size, out var hashes).ShouldBeTrue();
        hashes.ShouldBe(entries.Select(entry => MerkleTree.HashLeaf(entry.Span)));
    }

    [Theory]
    [InlineData("checkpoints/3")]
    [InlineData("checkpoints/00000000000000009999")]
    [InlineData("checkpoints/checkpoint")]
    [InlineData("tile/0/000")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/9/000")]
    [InlineData("tile/entries/..%2f..%2fcheckpoint")]
    [InlineData("tile/")]
    public async Task File_ThatIsNotPublished_IsNotFound(string path) =>
        (await server.GetAsync($"/ledger/default/admin/{path}")).ExpectProblem(404, "not-found");

    [Fact]
    public async Task Ledger_OfAnotherTenant_IsNotFound_AndNobodysWithoutACredential()
    {
        foreach (var path in new[] { "checkpoint", "keys", "tile/entries/000.p/3", "checkpoints/00000000000000000003" })
        {
            (await server.GetAsync($"/ledger/default/admin/{path}")).Status.ShouldBe(200, path);
            (await server.GetAsync($"/ledger/default/admin/{path}", server.Other)).ExpectProblem(404, "not-found");
            (await server.SendAsync("GET", $"/ledger/default/admin/{path}", null, "")).ExpectProblem(401, "unauthenticated");
        }
    }

    [Fact]
    public async Task Proof_IsThatOfTheCheckpointThatCoversTheEntry()
    {
        await server.ProjectAsync("proved");
        await server.PublishAsync();
        var checkpoint = (await server.GetAsync("/ledger/default/admin/checkpoint")).Words;
        await server.FlagAsync("proved", "newer");
        var size = (await server.HeadAsync()).Size;

        var covered = await ProofAsync("/api/v1/audit/1/proof");
        covered.Checkpoint.ShouldBe(checkpoint);
        covered.Size.ShouldBe(size - 1);
        var newer = await ProofAsync($"/api/v1/audit/{size - 1}/proof");
        newer.Checkpoint.ShouldBeNull();
        // The proof before was a reading of the log, and an entry.
        newer.Size.ShouldBe(size + 1);
        var atThree = await ProofAsync("/api/v1/audit/1/proof?size=3");
        atThree.Checkpoint.ShouldNotBeNull();
        (await ProofAsync("/api/v1/audit/1/proof?size=2")).Checkpoint.ShouldBeNull();

        var text = await server.GetAsync("/api/v1/audit/1/proof?size=3&format=tlog-proof");
        (text.Status, text.MediaType).ShouldBe((200, "text/plain"));
        TlogProof.TryParse(text.Bytes, out var read, out var problem).ShouldBeTrue(problem);
        read.ToJson().ShouldBe(atThree.ToJson());
        read.Verify().ShouldBeOfType<ProofVerdict.Verified>();
        (await server.GetAsync("/api/v1/audit/1/proof?size=2&format=tlog-proof")).ExpectProblem(409, "not-ready");
        (await server.GetAsync("/api/v1/audit/1/proof?format=xml")).ExpectInvalid().ShouldBe(["/format"]);
    }

    [Fact]
    public async Task Consistency_LeadsFromOneRootToTheOther()
    {
        await server.ProjectAsync("grown");
        await server.PublishAsync();

        var json = (await server.GetAsync("/api/v1/ledger/consistency?from=2")).Expect(200);

        var hashes = json.GetProperty("hashes").EnumerateArray().Select(hash => Digest.FromHex(hash.GetString()!)).ToList();
        var (from, to) = (json.GetProperty("from").GetInt64(), json.GetProperty("to").GetInt64());
        ConsistencyProof
            .Verify(from, to, Digest.FromHex(json.Text("fromRoot")), Digest.FromHex(json.Text("toRoot")), hashes)
            .ShouldBeTrue();
        json.Text("checkpoint").ShouldBe((await server.GetAsync("/ledger/default/admin/checkpoint")).Words);
        (to, json.Text("toRoot")).ShouldBe(await server.HeadAsync());
    }

    [Theory]
    [InlineData("", "/from")]
    [InlineData("?from=x", "/from")]
    [InlineData("?from=-1", "/from")]
    [InlineData("?from=1&to=x", "/to")]
    [InlineData("?from=1&upto=2", "/upto")]
    public async Task Consistency_OfWhatIsNoSize_IsRefused(string query, string pointer) =>
        (await server.GetAsync($"/api/v1/ledger/consistency{query}")).ExpectInvalid().ShouldBe([pointer]);

    [Theory]
    [InlineData("?from=3&to=2")]
    [InlineData("?from=1&to=999999")]
    public async Task Consistency_OfSizesThatThereAreNot_IsNotFound(string query) =>
        (await server.GetAsync($"/api/v1/ledger/consistency{query}")).ExpectProblem(404, "not-found");

    [Fact]
    public async Task Status_SaysHowFarItIs()
    {
        await server.PublishAsync();

        var status = (await server.GetAsync("/api/v1/ledger/status")).Expect(200);

        var (size, root) = await server.HeadAsync();
        status.GetProperty("size").GetInt64().ShouldBe(size);
        status.GetProperty("published").GetProperty("size").GetInt64().ShouldBe(size);
        status.GetProperty("published").Text("root").ShouldBe(root);
        status.GetProperty("keys")[0].GetString().ShouldBe((await server.GetAsync("/ledger/keys")).Words.TrimEnd('\n'));
        status.GetProperty("anchors").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Contradiction_IsAnAlarmInStatusAndHealth_AndStopsNoChange()
    {
        var other = new HalyardServer();
        await other.InitializeAsync();
        try
        {
            var objects = other.Services.GetRequiredService<PublishedObjects>().Objects;
            var cancellation = TestContext.Current.CancellationToken;
            (await other.SendAsync("GET", "/health/ledger", null, "")).Status.ShouldBe(200);
            await objects.CreateAsync("default/admin/tile/0/000.p/4", Encoding.UTF8.GetBytes("wrong"), cancellation);

            (await other.PostAsync("/api/v1/projects", """{"key":"goes-on","name":"x"}""")).Expect(200);
            await other.PublishAsync();

            (await other.SendAsync("GET", "/health/ledger", null, "")).Status.ShouldBe(503);
            var status = (await other.GetAsync("/api/v1/ledger/status")).Expect(200);
            status.Text("alarm").ShouldContain("tile/0/000.p/4");
            (await other.PostAsync("/api/v1/projects", """{"key":"goes-on-too","name":"x"}""")).Expect(200);
            await objects.DeleteAsync("default/admin/tile/0/000.p/4", cancellation);
            await other.PublishAsync();
            (await other.SendAsync("GET", "/health/ledger", null, "")).Status.ShouldBe(200);
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    private async Task<ProofFile> ProofAsync(string path)
    {
        ProofFile.TryParse((await server.GetAsync(path)).Bytes, out var proof, out var problem).ShouldBeTrue(problem);
        proof.Verify().ShouldBeOfType<ProofVerdict.Verified>();
        return proof;
    }
}
