using System.Text;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;
using Halyard.Testing;
using static Halyard.Storage.Conformance.Building.Names;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Blobs_OfACommit_AreFoundByDigestAndKeptOnce()
    {
        var (one, two, empty) = (Blob.Of("one"u8.ToArray()), Blob.Of("two"u8.ToArray()), Blob.Of([]));
        await CommittedAsync(Commit().Holding(one, two, empty));
        await CommittedAsync(Commit().Holding(one));

        var found = await Store.BlobsAsync(Tenant, [one.Digest, empty.Digest, Digest.Of("none"u8), one.Digest], Cancellation);
        found.Count.ShouldBe(2);
        found[one.Digest].ShouldBe("one"u8.ToArray());
        found[empty.Digest].ShouldBeEmpty();
        (await Store.BlobsAsync("other", [one.Digest], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Blob_OfAMegabyte_ComesBackByteForByte()
    {
        var content = new byte[1_000_000];
        new Random(5).NextBytes(content);
        var blob = Blob.Of(content);
        await CommittedAsync(Commit().Holding(blob));
        (await Store.BlobsAsync(Tenant, [blob.Digest], Cancellation))[blob.Digest].ShouldBe(content);
    }

    [Fact]
    public async Task EntryPrivates_OfSomeIndexes_ComeInLogOrderWithoutThoseOfDocuments()
    {
        await CommittedAsync(Commit().Hiding(Private("c_1", "reason"), Private("c_2", "in document", inDocument: true)));
        await CommittedAsync(Commit());
        await CommittedAsync(Commit().Hiding(Private("c_3", "a"), Private("c_4", "b", subject: "")));

        var found = await Store.EntryPrivatesAsync(Tenant, [2, 0, 1, 9, -1, 2], Cancellation);
        found.Select(value => value.Commitment).ShouldBe(["c_1", "c_3", "c_4"]);
        found[0].Pointer.ShouldBe("/why/reason");
        found[0].Ciphertext.ShouldBe(Encoding.UTF8.GetBytes("reason"));
        found[0].Subject.ShouldBe("s_alice");
        found[2].Subject.ShouldBeEmpty();
        found.ShouldAllBe(value => !value.InDocument);
    }

    [Fact]
    public async Task DocumentPrivates_OfACommitmentThatRecurs_AreKeptOnce()
    {
        await CommittedAsync(Commit().Hiding(Private("c_1", "alice", inDocument: true), Private("c_2", "reason")));
        await CommittedAsync(Commit().Hiding(Private("c_1", "alice", inDocument: true)));

        var found = await Store.DocumentPrivatesAsync(Tenant, ["c_2", "c_1", "none", "c_1"], Cancellation);
        var only = found.ShouldHaveSingleItem();
        only.Ciphertext.ShouldBe(Encoding.UTF8.GetBytes("alice"));
        only.InDocument.ShouldBeTrue();
        (await Store.DocumentPrivatesAsync("other", ["c_1"], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Subjects_KnownByName_KeepTheirId()
    {
        var ids = new Queue<string>(["s_1", "s_2", "s_3"]);
        var first = await Store.SubjectsAsync(Tenant, ["alice", "bob", "alice"], ids.Dequeue, Cancellation);
        first.Count.ShouldBe(2);
        var again = await Store.SubjectsAsync(Tenant, ["carol", "alice"], ids.Dequeue, Cancellation);
        again["alice"].ShouldBe(first["alice"]);
        again["carol"].ShouldBe("s_3");
        (await Store.SubjectsAsync(Tenant, ["bob"], () => throw new InvalidOperationException("known"), Cancellation))["bob"]
            .ShouldBe("s_2");

        var names = await Store.SubjectNamesAsync(Tenant, ["s_2", "s_3", "s_9"], Cancellation);
        names.Count.ShouldBe(2);
        names["s_2"].ShouldBe("bob");
        (await Store.SubjectNamesAsync("other", ["s_2"], Cancellation)).ShouldBeEmpty();
        (await Store.TenantsAsync(Cancellation)).ShouldBeEmpty("the directory is outside the log");
    }

    [Fact]
    public async Task Subjects_AskedForAtOnce_GetOneIdEach()
    {
        var last = 0;
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(_ =>
                    Task.Run(
                        async () =>
                            await Store.SubjectsAsync(
                                Tenant,
                                ["alice", "bob"],
                                () => $"s_{Interlocked.Increment(ref last)}",
                                Cancellation
                            ),
                        Cancellation
                    )
                )
        );
        answers.Select(answer => answer["alice"]).Distinct().ShouldHaveSingleItem();
        answers.Select(answer => answer["bob"]).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Tenants_WithEqualNamesKeysAndIds_SeeNothingOfEachOther()
    {
        var secret = Private("c_1", "value", inDocument: true);
        foreach (var tenant in new[] { "zeta", "alpha" })
        {
            var commit = new CommitBuilder(tenant)
                .Id("01SAME")
                .Put(Flag("a"), "f_a", 0, tenant)
                .Fence("f", 0)
                .Answer("key")
                .Hiding(secret);
            (await CommitAsync(commit))
                .ShouldBeOfType<CommitResult.Committed>()
                .Receipts[0]
                .Log.ShouldBe(CommitBuilder.OriginOf(tenant));
        }
        await CommitAsync(new CommitBuilder("zeta").Put(Flag("a"), "f_a", 1, "changed").Fence("f", 1));

        Encoding.UTF8.GetString((await LoadAsync(Flag("a"), "alpha")).ShouldNotBeNull().Document).ShouldBe("alpha");
        (await SizeAsync("alpha")).ShouldBe(1);
        (await SizeAsync("zeta")).ShouldBe(2);
        (await Store.LoadAsync("alpha", [], ["f"], Cancellation)).Fences["f"].ShouldBe(1);
        (await Store.FeedAsync("alpha", 0, 100, Cancellation)).Count.ShouldBe(1);
        (await Store.CountAsync("alpha", new AuditQuery { Project = "web" }, Cancellation)).ShouldBe(1);
        (await Store.VersionAsync("alpha", "f_a", 2, Cancellation)).ShouldBeNull();
        (await Store.LeafHashesAsync("alpha", 0, 100, Cancellation)).Count.ShouldBe(1);
        (await Store.VersionsAtAsync("alpha", ResourceKind.Flag, "web", Noon, Cancellation))
            .ShouldHaveSingleItem()
            .Revision.ShouldBe(1);
        (await Store.TenantsAsync(Cancellation)).ShouldBe(["alpha", "zeta"]);
        (await Store.FindAnswerAsync("beta", "tok_1", "key", Noon, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task NaughtyStrings_AsNamesTicketsKeysAndPrivateValues_ComeBackUnchanged()
    {
        var strings = NaughtyStrings();
        for (var i = 0; i < strings.Count; i++)
        {
            var text = strings[i];
            var name = Flag(text, text);
            var secret = new SealedValue($"/{text}", $"c_{i}", [0, 1, 255], text, InDocument: false);
            var commit = Commit()
                .Put(name, $"f_{i}", 0, $"{i}")
                .With(index => index with { Ticket = text, Incident = text, Environments = [text], Actor = text })
                .Hiding(secret)
                .Fence($"{i} {text}", 0)
                .Answer($"{i} {text}");
            (await CommittedAsync(commit))[0].Index.ShouldBe(i);
        }
        for (var i = 0; i < strings.Count; i++)
        {
            var text = strings[i];
            (await LoadAsync(Flag(text, text))).ShouldNotBeNull(text).Id.ShouldBe($"f_{i}");
            var privates = await Store.EntryPrivatesAsync(Tenant, [i], Cancellation);
            privates.ShouldHaveSingleItem().Subject.ShouldBe(text);
            privates[0].Ciphertext.ShouldBe([0, 1, 255]);
            privates[0].Pointer.ShouldBe($"/{text}");
            (await FindAnswerAsync($"{i} {text}", Noon)).ShouldNotBeNull();
            (await FenceAsync($"{i} {text}")).ShouldBe(1);
            foreach (
                var query in new AuditQuery[]
                {
                    new() { Ticket = text },
                    new() { Environment = text },
                    new() { Project = text },
                }
            )
                (await Store.QueryAsync(Tenant, query, Cancellation)).ShouldHaveSingleItem().Index.ShouldBe(i);
        }
    }

    private static SealedValue Private(string commitment, string text, bool inDocument = false, string subject = "s_alice") =>
        new("/why/reason", commitment, Encoding.UTF8.GetBytes(text), subject, inDocument);

    /// <summary>The well-known list, with a few that it lacks: NUL, and texts that differ in case or normal form alone.</summary>
    private static List<string> NaughtyStrings()
    {
        var path = Suites.Require("blns/blns.json");
        var listed = JsonSerializer.Deserialize<List<string>>(File.ReadAllText(path))!;
        string[] more = ["a\0b", "a\0c", "\0", "A", "a", "é", "e\u0301", " a", "a ", "%", "_", "?1", "' OR 1=1 --"];
        return [.. listed.Concat(more).Distinct(StringComparer.Ordinal)];
    }
}
