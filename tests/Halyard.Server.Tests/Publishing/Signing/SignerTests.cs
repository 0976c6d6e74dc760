using Halyard.Core;
using Halyard.Ledger;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Tests.Publishing.Signing;

/// <summary>The signer trusts nobody: whoever asks, it signs one history of each log.</summary>
public sealed class SignerTests : IDisposable
{
    private static readonly Digest[] Leaves =
    [
        .. Enumerable.Range(0, 1_300).Select(i => MerkleTree.HashLeaf([(byte)i, (byte)(i >> 8)])),
    ];
    private static readonly LeafNodeSource Nodes = new(Leaves);

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task GrowingLog_IsSignedAtEachStep()
    {
        var key = (await _world.Signer.KeysAsync(World.Cancellation))[0];
        long last = 0;
        foreach (var size in new long[] { 1, 2, 255, 256, 257, 1_000, 1_300 })
        {
            var note = await SignedAsync(Ask(last, size));
            note.Text.ShouldBe(new Checkpoint(World.Origin, size, RootAt(size)).ToText());
            note.Verify(key.CreateVerifier()!).ShouldBeOfType<NoteVerdict.Verified>();
            last = size;
        }
    }

    [Fact]
    public async Task SmallerTree_IsRefused()
    {
        await SignedAsync(Ask(0, 20));

        (await RefusedAsync(Ask(20, 10))).ShouldContain("take some back");
        (await AnswerAsync(Ask(10, 15))).ShouldBe(new SigningAnswer.Stale(20, RootAt(20)));
    }

    [Fact]
    public async Task OtherRootOfTheSameSize_IsRefused()
    {
        await SignedAsync(Ask(0, 20));

        (await RefusedAsync(Ask(20, 20) with { Root = RootAt(19) })).ShouldContain("forked");
    }

    [Fact]
    public async Task TreeThatDoesNotBeginWithTheOneBefore_IsRefused()
    {
        await SignedAsync(Ask(0, 20));
        var other = new LeafNodeSource([.. Leaves.Reverse()]);
        var forked = new SigningRequest(World.Origin, 20, 30, MerkleTree.Root(other, 30), ConsistencyProof.Build(20, 30, other));

        await RefusedAsync(forked);
        await RefusedAsync(Ask(20, 30) with { Proof = [] });
        await RefusedAsync(Ask(20, 30) with { Root = RootAt(31) });
        await RefusedAsync(Ask(20, 30) with { Proof = [.. ConsistencyProof.Build(20, 30, Nodes).Reverse()] });
        (await SignedAsync(Ask(20, 30))).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("flags.test")]
    [InlineData("flags.test/")]
    [InlineData("flags.test/acme")]
    [InlineData("flags.test/acme/other")]
    [InlineData("flags.test/acme/admin/")]
    [InlineData("flags.test/acme/admin/0")]
    [InlineData("flags.test/acme/admin\n")]
    [InlineData("flags.test/ACME/admin")]
    [InlineData("flags.test/../admin")]
    [InlineData("flags.tests/acme/admin")]
    [InlineData("flags.test.evil/acme/admin")]
    [InlineData("other.test/acme/admin")]
    public async Task Origin_ThatIsNoLogOfTheKeysName_IsRefused(string origin) =>
        (await RefusedAsync(Ask(0, 20) with { Origin = origin })).ShouldContain("is not a log of 'flags.test'");

    [Fact]
    public async Task SizesOutsideTheirRange_AreRefused()
    {
        await RefusedAsync(Ask(0, 20) with { Size = 0, Root = MerkleTree.EmptyRoot });
        await RefusedAsync(Ask(0, 20) with { Size = -1 });
        await RefusedAsync(Ask(0, 20) with { OldSize = -1 });
        await RefusedAsync(Ask(0, 20) with { Size = Checkpoint.MaxSize + 1 });
        await RefusedAsync(Ask(0, 20) with { Proof = [.. Enumerable.Repeat(RootAt(1), 65)] });
    }

    [Fact]
    public void HundredThreads_FromTheSameOldSize_HaveOneWinnerAtEachStep()
    {
        long last = 0;
        for (var step = 0; step < 5; step++)
        {
            var from = last;
            using var start = new Barrier(100);
            var answers = new SigningAnswer[100];
            var threads = Enumerable
                .Range(0, 100)
                .Select(i => new Thread(() =>
                {
                    start.SignalAndWait();
                    // Each wants another size: all begin with what is signed, and only one can be next.
                    answers[i] = Wait(Ask(from, from + 1 + i));
                }))
                .ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());

            var winner = answers.OfType<SigningAnswer.Signed>().ShouldHaveSingleItem();
            Checkpoint.TryParse(winner.Note.Text, out var checkpoint, out _).ShouldBeTrue();
            answers.OfType<SigningAnswer.Stale>().Count().ShouldBe(99);
            answers
                .OfType<SigningAnswer.Stale>()
                .ShouldAllBe(stale => stale.Size == checkpoint.Size && stale.Root == checkpoint.Root);
            last = checkpoint.Size;
        }
    }

    [Fact]
    public async Task HundredThreads_WithTheSameQuestion_GetTheSameNote()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Task.Run(async () => await SignedAsync(Ask(0, 20)), World.Cancellation))
        );

        answers.Select(note => note.ToString()).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Restart_KeepsWhatWasSigned()
    {
        var note = await SignedAsync(Ask(0, 20));

        _world.ReopenSigner();

        (await AnswerAsync(Ask(0, 21))).ShouldBe(new SigningAnswer.Stale(20, RootAt(20)));
        (await SignedAsync(Ask(20, 20))).ToString().ShouldBe(note.ToString());
    }

    [Fact]
    public async Task Logs_AreIndependentOfEachOther()
    {
        await SignedAsync(Ask(0, 20));

        await SignedAsync(Ask(0, 5) with { Origin = "flags.test/other/admin" });
        (await AnswerAsync(Ask(0, 5) with { Origin = "flags.test/acme/data" })).ShouldBeOfType<SigningAnswer.Signed>();
    }

    [Fact]
    public async Task StateThatWasDamaged_IsAnErrorAndNotABeginning()
    {
        await SignedAsync(Ask(0, 20));
        var file = Directory
            .GetFiles(Path.Combine(_world.Folder, "state"))
            .Single(path => !path.EndsWith("~lock", StringComparison.Ordinal));
        await File.WriteAllTextAsync(file, "", World.Cancellation);

        await Should.ThrowAsync<InvalidDataException>(async () => await AnswerAsync(Ask(20, 30)));
    }

    [Fact]
    public void SecondSigner_OnTheSameState_IsRefusedInWords() =>
        Should
            .Throw<IOException>(() => SignerState.Open(Path.Combine(_world.Folder, "state"), Entropy.System))
            .Message.ShouldContain("in use by another process");

    private static Digest RootAt(long size) => MerkleTree.Root([.. Leaves.Take((int)size)]);

    private static SigningRequest Ask(long old, long size)
    {
        // The source keeps levels as they are asked for, which is not for several threads at once.
        lock (Nodes)
        {
            var proof = old <= size ? ConsistencyProof.Build(old, size, Nodes) : [];
            return new SigningRequest(World.Origin, old, size, RootAt(size), proof);
        }
    }

    private SigningAnswer Wait(SigningRequest request) =>
        _world.Signer.SignAsync(request, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private ValueTask<SigningAnswer> AnswerAsync(SigningRequest request) => _world.Signer.SignAsync(request, World.Cancellation);

    private async Task<Note> SignedAsync(SigningRequest request) =>
        (await AnswerAsync(request)).ShouldBeOfType<SigningAnswer.Signed>().Note;

    private async Task<string> RefusedAsync(SigningRequest request) =>
        (await AnswerAsync(request)).ShouldBeOfType<SigningAnswer.Refused>().Reason;
}
