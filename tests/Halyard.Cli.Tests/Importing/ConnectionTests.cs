using Halyard.Cli.Importing;

namespace Halyard.Cli.Tests.Importing;

public sealed class ConnectionTests
{
    private const string File =
        """{"flags":{"f":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off"}}}""";

    public static TheoryData<Exception> Failures =>
        [
            new HttpRequestException("the line is dead"),
            new IOException("the line is dead"),
            // What HttpClient throws after its Timeout.
            new TaskCanceledException("the line is dead", new TimeoutException()),
        ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Import_WhoseConnectionFails_SaysSo_AndThatItGoesOnWhenRunAgain(Exception failure)
    {
        using var cli = new Cli { Server = _ => throw failure };
        var file = cli.Write("flags.json", System.Text.Encoding.UTF8.GetBytes(File));
        (await cli.RunAsync("import", file, "--from", "flagd", "--project", "p", "--token", "t", "--apply")).ShouldBe(2);
        cli.Error.ShouldContain("The server cannot be reached, or broke off: the line is dead");
        cli.Error.ShouldContain("what is there already is passed over");
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Export_WhoseConnectionFails_SaysSo_AndThatNothingWasExported(Exception failure)
    {
        using var cli = new Cli { Server = _ => throw failure };
        (await cli.RunAsync("export", "--to", "flagd", "--project", "p", "--environment", "e", "--token", "t")).ShouldBe(2);
        cli.Error.ShouldContain("The server cannot be reached, or broke off: the line is dead");
        cli.Error.ShouldContain("Nothing was exported");
        cli.Error.ShouldNotContain("passed over");
    }

    [Fact]
    public async Task Run_BrokenOffByTheUser_IsNoFailureOfTheConnection()
    {
        await using var error = new StringWriter();
        var host = new CliHost(TextWriter.Null, error, _ => null, () => throw new NotSupportedException());
        var broken = new CancellationToken(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(() =>
            ImportDefinitionsCommand.GuardAsync(host, "hint", () => Task.FromCanceled<int>(broken), broken)
        );
        error.ToString().ShouldBeEmpty();
    }
}
