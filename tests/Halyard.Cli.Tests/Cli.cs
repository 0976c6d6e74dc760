using System.Net;

namespace Halyard.Cli.Tests;

/// <summary>Runs one command in this process and keeps what it says.</summary>
internal sealed class Cli : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-cli-");
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    /// <summary>What was written to standard output.</summary>
    public string Out { get; private set; } = "";

    /// <summary>What was written to standard error.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Whether somebody watches standard error.</summary>
    public bool Watched { get; set; }

    /// <summary>Every request sent: method, address, authorization, body.</summary>
    public List<(string Method, Uri Address, string? Authorization, byte[] Body)> Requests { get; } = [];

    /// <summary>Answers requests.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage> Server { get; set; } = _ => throw new HttpRequestException("refused");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    public void Set(string variable, string value) => _variables[variable] = value;

    public async Task<int> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var host = new CliHost(output, error, name => _variables.GetValueOrDefault(name), () => new Handler(this))
        {
            Watched = Watched,
        };
        var exit = await CommandLine.RunAsync(args, host, TestContext.Current.CancellationToken);
        (Out, Error) = (output.ToString(), error.ToString());
        return exit;
    }

    /// <summary>An answer in the given words.</summary>
    public static HttpResponseMessage Answer(HttpStatusCode status, string type, string body) =>
        new(status) { Content = new StringContent(body, System.Text.Encoding.UTF8, type) };

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class Handler(Cli cli) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            cli.Server(request);

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            cli.Requests.Add((request.Method.Method, request.RequestUri!, request.Headers.Authorization?.ToString(), body));
            return cli.Server(request);
        }
    }
}
