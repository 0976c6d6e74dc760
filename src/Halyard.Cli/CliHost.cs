namespace Halyard.Cli;

/// <summary>What the commands may use of the machine they run on; tests give their own.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Variable">Environment variables by name; <see langword="null"/> where not set.</param>
/// <param name="NewHandler">Sends requests.</param>
internal sealed record CliHost(
    TextWriter Out,
    TextWriter Error,
    Func<string, string?> Variable,
    Func<HttpMessageHandler> NewHandler
)
{
    /// <summary>Whether somebody watches, so that progress is worth saying.</summary>
    public bool Watched { get; init; }

    /// <summary>The console, the process's environment and the network.</summary>
    public static CliHost System() =>
        new(Console.Out, Console.Error, Environment.GetEnvironmentVariable, () => new SocketsHttpHandler())
        {
            Watched = !Console.IsErrorRedirected,
        };
}
