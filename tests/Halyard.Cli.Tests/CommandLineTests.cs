namespace Halyard.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData]
    [InlineData("history")]
    [InlineData("nonsense")]
    [InlineData("verify-proof")]
    [InlineData("verify-proof", "a", "--colour", "red")]
    [InlineData("verify-proof", "a", "--root", "sha256:00")]
    [InlineData("verify-proof", "a", "--size", "3")]
    [InlineData("verify-proof", "a", "--root", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("history", "convert", "a", "--metadata", "b", "--output", "c")]
    [InlineData("history", "convert", "a", "--from", "elsewhere", "--metadata", "b", "--output", "c")]
    [InlineData("history", "import", "a")]
    [InlineData("history", "import", "a", "--project", "p")]
    [InlineData("history", "import", "a", "--project", "p", "--token", "t", "--server", "ftp://host")]
    [InlineData("history", "import", "a", "--project", "p", "--token", "t", "--server", "not an address")]
    public async Task Command_NotUnderstood_ExitsWithThreeAndSaysWhy(params string[] args)
    {
        using var cli = new Cli();
        (await cli.RunAsync(args)).ShouldBe(3);
        cli.Error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Help_NamesEveryCommand()
    {
        using var cli = new Cli();
        (await cli.RunAsync("--help")).ShouldBe(0);
        cli.Out.ShouldContain("history");
        cli.Out.ShouldContain("verify-proof");
    }
}
