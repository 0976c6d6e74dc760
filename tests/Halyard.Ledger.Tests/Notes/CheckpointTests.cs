using System.Text;

namespace Halyard.Ledger.Tests.Notes;

public sealed class CheckpointTests
{
    private const string Root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    [Theory]
    [InlineData("a.example/log\n0\n" + Root + "\n", 0, 0)]
    [InlineData("a\n12\n" + Root + "\n", 12, 0)]
    [InlineData("a\n9007199254740991\n" + Root + "\nfirst\nsecond line\n", 9007199254740991, 2)]
    public void Read_Checkpoint_IsWrittenTheSameAgain(string text, long size, int extensions)
    {
        Checkpoint.TryParse(text, out var read, out var problem).ShouldBeTrue(problem);
        read.Size.ShouldBe(size);
        read.Root.ShouldBe(MerkleTree.EmptyRoot);
        read.Extensions.Count.ShouldBe(extensions);
        read.ToText().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a\n1\n")]
    [InlineData("a\n1\n" + Root)]
    [InlineData("\n1\n" + Root + "\n")]
    [InlineData("a b\n1\n" + Root + "\n")]
    [InlineData("a\n01\n" + Root + "\n")]
    [InlineData("a\n+1\n" + Root + "\n")]
    [InlineData("a\n-1\n" + Root + "\n")]
    [InlineData("a\n 1\n" + Root + "\n")]
    [InlineData("a\n1 \n" + Root + "\n")]
    [InlineData("a\n1e3\n" + Root + "\n")]
    [InlineData("a\n\u0661\n" + Root + "\n")]
    [InlineData("a\n\n" + Root + "\n")]
    [InlineData("a\n9007199254740992\n" + Root + "\n")]
    [InlineData("a\n99999999999999999999\n" + Root + "\n")]
    [InlineData("a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n")]
    [InlineData("a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n")]
    [InlineData("a\n1\n " + Root + "\n")]
    [InlineData("a\n1\nAAAA\n")]
    [InlineData("a\n1\n\n")]
    [InlineData("a\n1\n" + Root + "\n\n")]
    [InlineData("a\n1\n" + Root + "\n\nb\n")]
    [InlineData("a\r\n1\r\n" + Root + "\r\n")]
    public void Read_AnythingElse_IsRefusedWithWords(string text)
    {
        Checkpoint.TryParse(text, out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Write_PartsThatAreNotACheckpoint_Throws()
    {
        Should.Throw<InvalidOperationException>(() => new Checkpoint("", 1, MerkleTree.EmptyRoot).ToText());
        Should.Throw<InvalidOperationException>(() => new Checkpoint("a", -1, MerkleTree.EmptyRoot).ToText());
        Should.Throw<InvalidOperationException>(() => new Checkpoint("a\n2", 1, MerkleTree.EmptyRoot).ToText());
        Should.Throw<InvalidOperationException>(() => new Checkpoint("a", 1, MerkleTree.EmptyRoot, ["b\nc"]).ToText());
    }

    [Fact]
    public void Read_AnyText_NeverThrows() =>
        Fuzz.Around(
            Encoding.UTF8.GetBytes("a\n12\n" + Root + "\nmore\n"),
            bytes => Checkpoint.TryParse(Encoding.Latin1.GetString(bytes), out _, out _)
        );
}
