using System.CommandLine;

namespace Halyard.Cli;

/// <summary>Where a server is and what opens it.</summary>
/// <param name="Uri">Its address, http or https.</param>
/// <param name="Token">The bearer token; never printed.</param>
internal sealed record ServerAddress(Uri Uri, string Token);

/// <summary>The options of every command that talks to a server.</summary>
internal sealed class ServerOptions
{
    /// <summary>The server where none is named.</summary>
    public const string DefaultServer = "http://127.0.0.1:8080";

    private readonly Option<string?> _server = new("--server")
    {
        Description = $"The server; else HALYARD_SERVER, else {DefaultServer}.",
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = "An administrator's token; better HALYARD_TOKEN, which other users of the machine cannot read.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_token);
    }

    /// <summary>What was given, or <see langword="null"/> after saying what is wrong: <see cref="ExitCode.Usage"/>.</summary>
    public async Task<ServerAddress?> ReadAsync(ParseResult parsed, CliHost host)
    {
        var address = parsed.GetValue(_server) ?? host.Variable("HALYARD_SERVER") ?? DefaultServer;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            await host.Error.WriteLineAsync($"'{Terminal.Safe(address)}' is not the address of a server.");
            return null;
        }
        if ((parsed.GetValue(_token) ?? host.Variable("HALYARD_TOKEN")) is not { Length: > 0 } token)
        {
            await host.Error.WriteLineAsync("A token is needed: set HALYARD_TOKEN, or give --token.");
            return null;
        }
        return new ServerAddress(uri, token);
    }
}
