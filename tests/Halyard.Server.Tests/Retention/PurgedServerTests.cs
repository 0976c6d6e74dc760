using System.Text;
using Halyard.Archive.S3;
using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Server.Tests.Hosting;
using Halyard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Retention;

/// <summary>A server whose log was archived to a bucket and purged, as its callers and a reader of the bucket see it.</summary>
public sealed class PurgedServerTests(Moto moto) : IClassFixture<Moto>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_OfWhatWasPurged_AreGone_AndTheBucketHasIt()
    {
        var bucket = Entropy.System.NewId("bucket").Replace('_', '-');
        var address = moto.RequireAddress();
        using (var http = new HttpClient())
        using (var made = await http.PutAsync(new Uri($"{address}/{bucket}"), null, Cancel))
            made.EnsureSuccessStatusCode();
        await using var server = new ArchivingServer(address, bucket);
        await server.InitializeAsync();
        await FillAsync(server, 400);
        await server.PublishAsync();
        (
            await server.SendAsync("PUT", "/api/v1/retention", Json("""{"archiveAfterDays":0,"retentionDays":1}"""), server.Admin)
        ).Expect(200);
        await server.PublishAsync();
        server.Clock.Ahead = TimeSpan.FromDays(2);

        await RunAsync(server);

        foreach (var read in new[] { "0", "255", "0/proof", "255/proof?size=300", "17?reveal=true" })
        {
            var gone = (await server.GetAsync($"/api/v1/audit/{read}")).ExpectProblem(410, "gone");
            gone.Text("detail").ShouldContain("below 256 were purged");
            gone.Text("detail").ShouldContain($"bucket '{bucket}'");
        }
        (await server.GetAsync("/api/v1/audit/256")).Expect(200);
        (await server.GetAsync("/api/v1/audit/256/proof")).Expect(200);
        (await server.GetAsync("/api/v1/audit/-1")).ExpectProblem(404, "not-found");
        (await server.GetAsync("/api/v1/audit/100000")).ExpectProblem(404, "not-found");
        // An export begins where the log does; one that names an earlier entry is told so.
        (await server.PostAsync("/api/v1/audit/exports", """{"format":"jsonl","from":255}"""))
            .ExpectInvalid()
            .ShouldBe(["/from"]);
        var export = await server.ExportAsync("""{"format":"jsonl"}""");
        export.GetProperty("result").GetProperty("from").GetInt64().ShouldBe(256);
        (await server.GetAsync("/api/v1/ledger/consistency?from=1")).Expect(200);
        // States of the past are shown as before.
        (await server.GetAsync("/api/v1/projects/web/flags/f1?at=2024-02-01T00:00:00Z")).Expect(200);
        await server.PublishAsync();
        (await server.GetAsync("/ledger/default/admin/minimum_index")).Words.ShouldBe("256\n");
        (await server.GetAsync("/ledger/default/admin/tile/entries/000")).Status.ShouldBe(404);

        using var archive = (IDisposable)Open(address, bucket);
        var files = new Files((IObjectStore)archive);
        LogKeys.TryParse(Encoding.ASCII.GetString(files.Read("keys", 10_000)!), out var keys, out _).ShouldBeTrue();
        var log = (await server.GetAsync("/api/v1/ledger/status")).Expect(200).Text("log");
        var verified = ArchiveVerifier
            .Run(files, new ArchiveQuestion(log, keys), Cancel)
            .ShouldBeOfType<ArchiveVerdict.Verified>();
        verified.PurgedBelow.ShouldBe(0);
        verified.Head.Size.ShouldBeGreaterThan(400);
        verified.Blobs.Absent.ShouldBe(0);
    }

    private static async Task FillAsync(HalyardServer server, int count)
    {
        (await server.PostAsync("/api/v1/projects", """{"key":"web","name":"Web"}""")).Expect(200);
        var lines = Enumerable
            .Range(0, count)
            .Select(line =>
                $$"""{"at":"2024-01-11T15:58:29Z","actor":"dev-1","reason":"Old","operations":[{"op":"createFlag","flag":"f{{line}}"}]}"""
            );
        (await server.PostAsync("/api/v1/projects/web/imports", string.Join('\n', lines))).Status.ShouldBe(200);
    }

    /// <summary>Archives and then purges: the second job follows from the first.</summary>
    private static async Task RunAsync(HalyardServer server)
    {
        var started = (await server.PostAsync("/api/v1/retention/runs", "{}")).Expect(202);
        await server.EndedAsync(started.GetProperty("job").Text("id"));
        var purge = (await server.GetAsync("/api/v1/jobs")).Expect(200).Items().First(job => job.Text("kind") == "purge");
        (await server.EndedAsync(purge.Text("id"))).GetRawText().ShouldContain("256 entries purged");
    }

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);

    private static IObjectStore Open(string address, string bucket) =>
        S3ObjectStore.Open(
            new S3ObjectOptions
            {
                Bucket = bucket,
                Region = "us-east-1",
                Endpoint = address,
                PathStyle = true,
                AccessKey = "test",
                SecretKey = "test",
            }
        );

    private sealed class ArchivingServer(string address, string bucket) : HalyardServer
    {
        public ClockAhead Clock { get; } = new();

        protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);

        protected override IEnumerable<string> Settings =>
            [
                $"--Halyard:Archive:S3:Bucket={bucket}",
                "--Halyard:Archive:S3:Region=us-east-1",
                $"--Halyard:Archive:S3:Endpoint={address}",
                "--Halyard:Archive:S3:PathStyle=true",
                "--Halyard:Archive:S3:AccessKey=test",
                "--Halyard:Archive:S3:SecretKey=test",
            ];
    }

    /// <summary>The machine's clock, put forward.</summary>
    private sealed class ClockAhead : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }

    /// <summary>A bucket as the verifier reads a folder.</summary>
    private sealed class Files(IObjectStore objects) : ILedgerFiles
    {
        private const string Folder = "default/admin/";

        public byte[]? Read(string path, int maxLength) =>
            objects.ReadAsync(Folder + path, Cancel).AsTask().GetAwaiter().GetResult();

        public IReadOnlyList<string>? List(string folder) =>
            [
                .. objects
                    .ListAsync($"{Folder}{folder}/", Cancel)
                    .ToBlockingEnumerable(Cancel)
                    .Select(path => path[(Folder.Length + folder.Length + 1)..]),
            ];
    }
}
