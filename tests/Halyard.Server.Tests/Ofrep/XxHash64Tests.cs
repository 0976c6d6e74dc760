using System.Text;
using Halyard.Server.Ofrep;

namespace Halyard.Server.Tests.Ofrep;

public sealed class XxHash64Tests
{
    // The reference implementation's answers (xxhsum -H64), one for each way through: short, words of eight and four, stripes.
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x0B242D361FDA71BC)]
    public void Hash_IsTheReferences(string text, ulong hash) => XxHash64.Hash(Encoding.UTF8.GetBytes(text)).ShouldBe(hash);

    [Fact]
    public void Hash_OfEveryLengthAndEveryFlippedBit_Differs()
    {
        var seen = new HashSet<ulong>();
        for (var length = 0; length <= 100; length++)
            seen.Add(XxHash64.Hash(new byte[length])).ShouldBeTrue();
        for (var bit = 0; bit < 800; bit++)
        {
            var bytes = new byte[100];
            bytes[bit / 8] = (byte)(1 << (bit % 8));
            seen.Add(XxHash64.Hash(bytes)).ShouldBeTrue();
        }
    }
}
