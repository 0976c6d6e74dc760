using System.Net;
using System.Net.Http.Headers;
using Halyard.Ledger;

namespace Halyard.Cli.Verifying;

/// <summary>A log behind an address. Answers are bounded; redirections are not followed to other places than the handler allows.</summary>
internal sealed class WebFiles : ILedgerFiles, IDisposable
{
    private readonly HttpClient _client;
    private readonly Uri _base;

    /// <summary>The files below an address.</summary>
    /// <param name="host">Sends the requests.</param>
    /// <param name="address">The address of the log, with or without a slash at its end.</param>
    public WebFiles(CliHost host, Uri address)
    {
        _base = new Uri($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/");
        _client = new HttpClient(host.NewHandler()) { Timeout = TimeSpan.FromSeconds(60) };
        // Only the server that it opens gets it, and never in the clear: whoever else holds a log could use it.
        if (host.Variable("HALYARD_TOKEN") is { Length: > 0 } token && IsServer(host, address))
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public byte[]? Read(string path, int maxLength)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_base, path));
            using var response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
                return null;
            if (response.StatusCode != HttpStatusCode.OK)
                throw new LedgerFileException(path, $"is answered with {(int)response.StatusCode}");
            using var body = response.Content.ReadAsStream();
            return ReadBounded(body, path, maxLength);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or TaskCanceledException)
        {
            throw new LedgerFileException(path, $"cannot be fetched: {problem.Message}");
        }
    }

    /// <summary>The layout names every file but the published checkpoints, and an address cannot be listed.</summary>
    public IReadOnlyList<string>? List(string folder) => null;

    public void Dispose() => _client.Dispose();

    private static bool IsServer(CliHost host, Uri address) =>
        Uri.TryCreate(host.Variable("HALYARD_SERVER") ?? ServerOptions.DefaultServer, UriKind.Absolute, out var server)
        && server.GetLeftPart(UriPartial.Authority) == address.GetLeftPart(UriPartial.Authority)
        && server.UserInfo.Length + address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback);

    private static byte[] ReadBounded(Stream body, string path, int maxLength)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = body.Read(buffer)) > 0; )
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > maxLength)
                throw new LedgerFileException(path, $"has more than {maxLength} bytes", tooLong: true);
        }
        return bytes.ToArray();
    }
}
