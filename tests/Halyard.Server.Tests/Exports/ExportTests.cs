using System.Globalization;
using System.Text;
using System.Text.Json;
using Halyard.Cli;
using Halyard.Core.Reading;
using Halyard.Ledger;
using Halyard.Server.Tests.Hosting;
using Halyard.Testing;

namespace Halyard.Server.Tests.Exports;

/// <summary>What leaves the log as a file is the log's own, provable, and safe to open.</summary>
public sealed class ExportTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Exports = "/api/v1/audit/exports";

    [Fact]
    public async Task JsonLines_HoldEveryLeafOfTheRange_WithAProofInTheManifestsTree()
    {
        await ChangesAsync("proved", 3);
        var job = await server.ExportAsync("""{"format":"jsonl","reason":"For the auditor"}""");
        var manifest = await ManifestAsync(job);
        var file = await FileAsync(job);

        manifest.GetProperty("v").GetInt32().ShouldBe(1);
        manifest.Text("log").ShouldBe("halyard.localhost/default/admin");
        manifest.Text("checkpoint").ShouldContain($"\n{manifest.GetProperty("size").GetInt64()}\n");
        var (size, root) = (manifest.GetProperty("size").GetInt64(), Digest.FromHex(manifest.Text("root")));
        (manifest.GetProperty("from").GetInt64(), manifest.GetProperty("to").GetInt64()).ShouldBe((0, size));
        var described = manifest.GetProperty("files").EnumerateArray().ShouldHaveSingleItem();
        described.GetProperty("bytes").GetInt64().ShouldBe(file.Bytes.Length);
        described.Text("sha256").ShouldBe(Digest.Of(file.Bytes).ToString());

        var lines = file.Words.Split('\n')[..^1];
        lines.Length.ShouldBe((int)size);
        manifest.GetProperty("entries").GetInt64().ShouldBe(size);
        for (var index = 0; index < lines.Length; index++)
        {
            var line = JsonSerializer.Deserialize<JsonElement>(lines[index]);
            line.GetProperty("index").GetInt64().ShouldBe(index);
            var leaf = Encoding.UTF8.GetBytes(line.Text("leaf"));
            CanonicalJson.Canonicalize(leaf).ShouldBe(leaf);
            JsonSerializer.Deserialize<JsonElement>(leaf).GetProperty("idx").GetInt64().ShouldBe(index);
            Digest[] proof =
            [
                .. line.GetProperty("proof").EnumerateArray().Select(hash => Digest.FromBytes(hash.GetBytesFromBase64())),
            ];
            InclusionProof.Verify(index, size, MerkleTree.HashLeaf(leaf), proof, root).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Export_HoldsExactlyWhatTheSameQueryAnswers_InTheLogsOrder()
    {
        await ChangesAsync("filtered", 4);
        var expected = (await server.GetAsync("/api/v1/audit?project=filtered&action=flag.enabled&succeeded=true&limit=1000"))
            .Expect(200)
            .Items()
            .Select(entry => entry.GetProperty("index").GetInt64())
            .Reverse()
            .ToList();
        expected.Count.ShouldBe(4);

        var job = await server.ExportAsync(
            """{"format":"jsonl","filter":{"project":"filtered","actions":["flag.enabled"],"succeeded":true}}"""
        );
        Indexes(await FileAsync(job)).ShouldBe(expected);
        (await ManifestAsync(job))
            .GetProperty("filter")
            .GetRawText()
            .ShouldBe("""{"actions":["flag.enabled"],"project":"filtered","succeeded":true}""");

        var part = await server.ExportAsync(
            $$$"""{"format":"jsonl","from":{{{expected[1]}}},"to":{{{expected[3]}}},"filter":{"project":"filtered","actions":["flag.enabled"]}}"""
        );
        Indexes(await FileAsync(part)).ShouldBe(expected[1..3]);
        var empty = await server.ExportAsync("""{"format":"jsonl","from":3,"to":3}""");
        (await FileAsync(empty)).Bytes.ShouldBeEmpty();
        (await ManifestAsync(empty)).GetProperty("entries").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Defect139_CsvOfEveryPayload_ReadsBackAndOpensWithoutAFormula()
    {
        using var suite = JsonDocument.Parse(
            await File.ReadAllBytesAsync(Suites.Require("csv-injection/payloads.json"), TestContext.Current.CancellationToken)
        );
        string[] payloads =
        [
            .. suite.RootElement.GetProperty("payloads").EnumerateArray().Select(item => item.GetString()!),
            .. suite
                .RootElement.GetProperty("dangerous_leading_characters")
                .EnumerateArray()
                .Select(item => item.GetString() + "1+1"),
            " =1+1",
            "\u00A0=1+1",
            "\"=1+1\"",
            "nul\0and\u001bescape",
        ];
        await server.ProjectAsync("payloads");
        await server.FlagAsync("payloads", "f");
        for (var i = 0; i < payloads.Length; i++)
        {
            var body = $$"""{"reason":"r","ticket":{{JsonSerializer.Serialize(payloads[i])}}}""";
            var way = i % 2 == 0 ? "enable" : "disable";
            (await server.PostAsync($"/api/v1/projects/payloads/flags/f/environments/staging/{way}", body)).Expect(200);
        }

        var job = await server.ExportAsync("""{"format":"csv","bom":true,"filter":{"flag":"f","project":"payloads"}}""");
        var file = await FileAsync(job);
        file.MediaType.ShouldBe("text/csv");
        file.Bytes[..3].ShouldBe([0xEF, 0xBB, 0xBF]);
        var rows = Rfc4180.Read(Encoding.UTF8.GetString(file.Bytes.AsSpan(3)));
        rows.ShouldAllBe(row => row.Count == rows[0].Count);
        var ticket = rows[0].ToList().IndexOf("ticket");
        rows.Skip(2).Select(row => row[ticket]).ShouldBe(payloads.Select(Csv.Safe));

        var path = Path.Combine(Directory.CreateTempSubdirectory("halyard-csv-").FullName, "export.csv");
        await File.WriteAllBytesAsync(path, file.Bytes, TestContext.Current.CancellationToken);
        var opened = await LibreOffice.OpenCsvAsync(path, TestContext.Current.CancellationToken);
        opened.Count.ShouldBe(rows.Count);
        opened.SelectMany(row => row).ShouldAllBe(cell => cell.Formula == null);
        // The control: the same file without its guards is full of formulas.
        await File.WriteAllTextAsync(
            path,
            Encoding.UTF8.GetString(file.Bytes.AsSpan(3)).Replace("\"'", "\"", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        (await LibreOffice.OpenCsvAsync(path, TestContext.Current.CancellationToken))
            .SelectMany(row => row)
            .Count(cell => cell.Formula is not null)
            .ShouldBeGreaterThan(10);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    /// <summary>
    /// What OCSF 1.3.0 requires of class Entity Management (3004) and of the objects in it: schema.ocsf.io/1.3.0/classes/entity_management,
    /// its base event, objects metadata, product, managed_entity ("at least one of name, uid") and actor ("at least one of user, …").
    /// </summary>
    [Fact]
    public async Task Ocsf_HasWhatTheSchemaRequires_AndTheLeafAsItIs()
    {
        await ChangesAsync("ocsf", 2);
        (
            await server.PostAsync("/api/v1/projects/ocsf/flags/f0/environments/staging/enable", "{}", await ClientAsync())
        ).ExpectProblem(403, "denied");
        (await server.SendAsync("DELETE", "/api/v1/projects/ocsf/flags/f1?reason=done", null, server.Admin)).Expect(200);
        var job = await server.ExportAsync("""{"format":"ocsf","filter":{"project":"ocsf"}}""");
        var events = (await FileAsync(job))
            .Words.Split('\n')[..^1]
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .ToList();

        events.Count.ShouldBeGreaterThan(6);
        foreach (var told in events)
        {
            var activity = told.GetProperty("activity_id").GetInt32();
            int[] activities = [1, 2, 3, 4, 99];
            activities.ShouldContain(activity);
            told.GetProperty("category_uid").GetInt32().ShouldBe(3);
            told.GetProperty("class_uid").GetInt32().ShouldBe(3004);
            told.GetProperty("type_uid").GetInt32().ShouldBe(300400 + activity);
            int[] severities = [1, 3];
            severities.ShouldContain(told.GetProperty("severity_id").GetInt32());
            told.GetProperty("time").GetInt64().ShouldBeGreaterThan(1_700_000_000_000);
            var metadata = told.GetProperty("metadata");
            metadata.Text("version").ShouldBe("1.3.0");
            metadata.GetProperty("product").Text("vendor_name").ShouldBe("Halyard");
            metadata.GetProperty("product").Text("name").ShouldBe("Halyard");
            told.GetProperty("entity").Text("name").ShouldNotBeEmpty();
            told.GetProperty("actor").GetProperty("user").Text("uid").ShouldNotBeEmpty();

            var unmapped = told.GetProperty("unmapped");
            var leaf = Encoding.UTF8.GetBytes(unmapped.GetProperty("leaf").GetRawText());
            MerkleTree.HashLeaf(leaf).ToString().ShouldBe(unmapped.Text("leaf_hash"));
            metadata.Text("uid").ShouldBe(unmapped.GetProperty("leaf").Text("id"));
        }
        events.Select(told => told.GetProperty("activity_id").GetInt32()).Distinct().Order().ShouldBe([1, 3, 4, 99]);
        var denied = events.Single(told => told.GetProperty("metadata").Text("event_code") == "access.denied");
        (denied.GetProperty("status_id").GetInt32(), denied.GetProperty("severity_id").GetInt32()).ShouldBe((2, 3));
    }

    [Fact]
    public async Task Export_ThatASignedCheckpointCovers_IsProvedInItsTree()
    {
        await ChangesAsync("signed", 1);
        await server.PublishAsync();
        var (size, root) = await server.HeadAsync();
        await ChangesAsync("later", 1);

        var covered = await ManifestAsync(await server.ExportAsync($$"""{"format":"jsonl","to":{{size - 1}}}"""));
        var checkpoint = (await server.GetAsync("/ledger/default/admin/checkpoint")).Words;
        var newer = await ManifestAsync(await server.ExportAsync("""{"format":"jsonl"}"""));

        (covered.GetProperty("size").GetInt64(), covered.Text("root")).ShouldBe((size, root));
        covered.Text("checkpoint").ShouldBe(checkpoint);
        newer.GetProperty("size").GetInt64().ShouldBeGreaterThan(size);
        // An export up to the end of the log has a checkpoint made for it.
        newer.Text("checkpoint").ShouldContain($"\n{newer.GetProperty("size").GetInt64()}\n");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("ocsf")]
    public async Task Export_IsVerifiedByAStranger_AndRefusedOnceAByteIsAnother(string format)
    {
        await ChangesAsync($"stranger-{format}", 1);
        var job = await server.ExportAsync($$"""{"format":"{{format}}"}""");
        var folder = Directory.CreateTempSubdirectory("halyard-stranger-");
        var manifest = Path.Combine(folder.FullName, "manifest.json");
        var described = await ManifestAsync(job);
        await File.WriteAllTextAsync(manifest, described.GetRawText(), TestContext.Current.CancellationToken);
        var file = Path.Combine(folder.FullName, described.GetProperty("files")[0].Text("name"));
        var bytes = (await FileAsync(job)).Bytes;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        (await VerifyAsync(manifest)).ShouldBe(0);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        (await VerifyAsync(manifest)).ShouldBe(1);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("ocsf")]
    public async Task File_HoldsCommitmentsInPlaceOfPersonalValues(string format)
    {
        var project = $"private-{format}";
        await server.ProjectAsync(project);
        var body = """{"key":"f","reason":"because Wilhelmina asked"}""";
        (await server.PostAsync($"/api/v1/projects/{project}/flags", body, null, ("User-Agent", "Wilhelmina/1"))).Expect(200);

        var file = await FileAsync(
            await server.ExportAsync($$$"""{"format":"{{{format}}}","filter":{"project":"{{{project}}}"}}""")
        );

        file.Words.ShouldContain("flag.created");
        file.Words.ShouldNotContain("Wilhelmina");
        file.Words.ShouldNotContain("127.0.0.1");
    }

    [Fact]
    public async Task Defect137_Export_IsInTheLogWithItsEndAndEachDownload()
    {
        var job = await server.ExportAsync("""{"format":"csv","reason":"quarterly","ticket":"AUD-7"}""");
        var file = await FileAsync(job);
        await FileAsync(job, ("Range", "bytes=0-9"));
        var entries = (await server.GetAsync($"/api/v1/audit?limit=5")).Expect(200).Items();

        entries
            .Select(entry => entry.Text("type"))
            .ShouldBe(["log.viewed", "log.viewed", "job.finished", "log.exported", "job.started"]);
        entries[4].Text("reason").ShouldBe("quarterly");
        entries[4].Text("ticket").ShouldBe("AUD-7");
        entries[3].GetProperty("leaf").GetProperty("actor").Text("obo").ShouldBe(entries[4].GetProperty("actor").Text("subject"));
        var exported = Details(entries[3]);
        exported.Text("sha256").ShouldBe(Digest.Of(file.Bytes).ToString());
        exported.Text("root").ShouldBe((await ManifestAsync(job)).Text("root"));
        exported.GetProperty("count").GetInt64().ShouldBe(Rfc4180.Read(file.Words).Count - 1);
        Details(entries[2]).Text("status").ShouldBe("finished");
        Details(entries[1]).TryGetProperty("range", out _).ShouldBeFalse();
        Details(entries[0]).Text("range").ShouldBe("bytes=0-9");
    }

    [Fact]
    public async Task Defect138_TimesInACsvFile_AllHaveTheLeafsForm()
    {
        var rows = Rfc4180.Read((await FileAsync(await server.ExportAsync("""{"format":"csv"}"""))).Words);
        foreach (var column in new[] { "at", "effective_at" }.Select(name => rows[0].ToList().IndexOf(name)))
            rows.Skip(1).ShouldAllBe(row => HasLeafForm(row[column]));
    }

    [Fact]
    public async Task Download_ThatBrokeOff_GoesOnWhereItStopped()
    {
        var job = await server.ExportAsync("""{"format":"jsonl"}""");
        var whole = await FileAsync(job);
        var half = whole.Bytes.Length / 2;

        var first = await FileAsync(job, ("Range", $"bytes=0-{half - 1}"));
        var rest = await FileAsync(job, ("Range", $"bytes={half}-"), ("If-Range", whole.ETag.ShouldNotBeNull()));
        var changed = await FileAsync(job, ("Range", $"bytes={half}-"), ("If-Range", "\"another\""));

        (first.Status, rest.Status, changed.Status).ShouldBe((206, 206, 200));
        ((byte[])[.. first.Bytes, .. rest.Bytes]).ShouldBe(whole.Bytes);
        changed.Bytes.ShouldBe(whole.Bytes);
    }

    [Fact]
    public async Task File_IsReadableByTheServersUserAlone_AndGoneOnceItIsRemoved()
    {
        var job = await server.ExportAsync("""{"format":"csv"}""");
        var path = Directory
            .EnumerateFiles(server.ExportFolder, $"*{job.Text("id")}*", SearchOption.AllDirectories)
            .ShouldHaveSingleItem();

        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Delete(path);

        (await FileAsync(job)).ExpectProblem(410, "gone");
        (await ManifestAsync(job)).GetProperty("entries").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Export_IsItsTenantsAlone()
    {
        var job = (await server.ExportAsync("""{"format":"csv"}""")).Text("id");
        var client = await ClientAsync();
        foreach (
            var path in new[] { $"{Exports}/{job}", $"{Exports}/{job}/manifest", $"{Exports}/{job}/file", $"/api/v1/jobs/{job}" }
        )
        {
            (await server.GetAsync(path, server.Other)).ExpectProblem(404, "not-found");
            (await server.GetAsync(path, client)).ExpectProblem(403, "denied");
        }
        (await server.PostAsync($"/api/v1/jobs/{job}/cancel", "{}", server.Other)).ExpectProblem(404, "not-found");
        (await server.PostAsync(Exports, """{"format":"nonsense","to":99999999}""", client)).ExpectProblem(403, "denied");
        (await server.GetAsync("/api/v1/jobs", server.Other)).Expect(200).Items().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{}""", "/format")]
    [InlineData("""{"format":"xlsx"}""", "/format")]
    [InlineData("""{"format":"csv","from":-1}""", "/from")]
    [InlineData("""{"format":"csv","from":2,"to":1}""", "/to")]
    [InlineData("""{"format":"csv","to":99999999}""", "/to")]
    [InlineData("""{"format":"jsonl","bom":true}""", "/bom")]
    [InlineData("""{"format":"csv","folder":"/etc"}""", "/folder")]
    [InlineData("""{"format":"csv","filter":{"text":"x"}}""", "/filter/text")]
    [InlineData(
        """{"format":"csv","filter":{"actions":["flag.unheard_of"],"from":"yesterday"}}""",
        "/filter/actions/0 /filter/from"
    )]
    [InlineData("""{"format":"csv","filter":{"key":"f"}}""", "/filter/key")]
    [InlineData("""{"format":"csv","filter":{"flag":"f","kind":"flag"}}""", "/filter/flag")]
    [InlineData("""{"format":"csv","filter":{"actorKind":"robot"}}""", "/filter/actorKind")]
    public async Task Export_OfSomethingElse_IsRefusedWithEveryPlace(string body, string places)
    {
        var before = await server.HeadAsync();

        (await server.PostAsync(Exports, body)).ExpectInvalid().ShouldBe(places.Split(' '));
        (await server.HeadAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Export_AskedForTwiceUnderOneKey_IsOneJob()
    {
        var first = (await server.PostAsync(Exports, """{"format":"csv"}""", null, ("Idempotency-Key", "once"))).Expect(202);
        await server.EndedAsync(first.GetProperty("job").Text("id"));
        var second = (await server.PostAsync(Exports, """{"format":"csv"}""", null, ("Idempotency-Key", "once"))).Expect(202);

        second.GetProperty("job").Text("id").ShouldBe(first.GetProperty("job").Text("id"));
        second.GetProperty("ledger").GetRawText().ShouldBe(first.GetProperty("ledger").GetRawText());
    }

    [Fact]
    public async Task Jobs_AreListedNewestFirst_PageByPage()
    {
        for (var i = 0; i < 3; i++)
            await server.ExportAsync("""{"format":"csv","to":0}""");
        var all = (await server.GetAsync("/api/v1/jobs?limit=1000")).Expect(200).Items().Select(job => job.Text("id")).ToList();
        all.Count.ShouldBeGreaterThanOrEqualTo(3);
        all.ShouldBe(all.OrderDescending(StringComparer.Ordinal));

        var paged = new List<string>();
        for (var cursor = ""; ; )
        {
            var page = (await server.GetAsync($"/api/v1/jobs?limit=2{cursor}")).Expect(200);
            paged.AddRange(page.Items().Select(job => job.Text("id")));
            if (!page.TryGetProperty("next", out var next))
                break;
            cursor = $"&cursor={next.GetString()}";
        }
        paged.ShouldBe(all);
    }

    private static bool HasLeafForm(string time) =>
        DateTimeOffset.TryParseExact(
            time,
            "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out _
        );

    private static async Task<int> VerifyAsync(string manifest)
    {
        await using var output = new StringWriter();
        var host = new CliHost(output, output, _ => null, () => new SocketsHttpHandler());
        return await CommandLine.RunAsync(["verify-export", manifest], host, TestContext.Current.CancellationToken);
    }

    private async Task<string> ClientAsync() => (await server.TokenAsync("CLIENT")).Secret;

    private async Task ChangesAsync(string project, int flags)
    {
        await server.ProjectAsync(project);
        for (var i = 0; i < flags; i++)
        {
            await server.FlagAsync(project, $"f{i}");
            var enable = $"/api/v1/projects/{project}/flags/f{i}/environments/staging/enable";
            (await server.PostAsync(enable, """{"reason":"go"}""")).Expect(200);
        }
    }

    private async Task<JsonElement> ManifestAsync(JsonElement job) =>
        (await server.GetAsync($"{Exports}/{job.Text("id")}/manifest")).Expect(200);

    private Task<Answer> FileAsync(JsonElement job, params (string Name, string Value)[] headers) =>
        server.SendAsync("GET", $"{Exports}/{job.Text("id")}/file", null, server.Admin, headers);

    private static JsonElement Details(JsonElement entry) => entry.GetProperty("leaf").GetProperty("meta").GetProperty("details");

    private static IEnumerable<long> Indexes(Answer file) =>
        file
            .Words.Split('\n')[..^1]
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("index").GetInt64());
}
