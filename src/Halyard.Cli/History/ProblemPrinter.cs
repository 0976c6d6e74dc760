using System.Text.Json;
using Halyard.Contracts;

namespace Halyard.Cli.History;

/// <summary>Prints what a server refuses, everything that is wrong on a line of its own.</summary>
internal static class ProblemPrinter
{
    /// <summary>Prints the problem in a response; the exit code that belongs to it.</summary>
    public static async Task<int> PrintAsync(CliHost host, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var exit = (int)response.StatusCode is >= 400 and < 500 ? ExitCode.Refused : ExitCode.Unknown;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            await host.Error.WriteLineAsync($"The server answers {(int)response.StatusCode} and does not say why.");
            return exit;
        }
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var problem =
            await JsonSerializer.DeserializeAsync(body, ContractJson.Default.Problem, cancellationToken)
            ?? throw new JsonException("a problem that says nothing");
        await PrintAsync(host, problem);
        return exit;
    }

    /// <summary>Prints a problem.</summary>
    public static async Task PrintAsync(CliHost host, Problem problem)
    {
        await host.Error.WriteLineAsync(Terminal.Safe($"{problem.Title}: {problem.Detail}"));
        foreach (var error in problem.Errors ?? [])
            await host.Error.WriteLineAsync(Terminal.Safe($"  {error.Message} (at '{error.Pointer}')"));
    }
}
