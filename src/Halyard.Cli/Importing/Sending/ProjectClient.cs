using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Halyard.Cli.History;
using Halyard.Contracts;

namespace Halyard.Cli.Importing.Sending;

/// <summary>
/// Reads and changes one project. Every method answers <see langword="null"/> after it has said what the server refused, and
/// <see cref="Failure"/> is then the exit code.
/// </summary>
internal sealed class ProjectClient : IDisposable
{
    private const int PageSize = 1_000;

    private readonly CliHost _host;
    private readonly HttpClient _http;
    private readonly string _path;

    public ProjectClient(CliHost host, ServerAddress server, string project)
    {
        _host = host;
        _path = $"/api/v1/projects/{Uri.EscapeDataString(project)}";
        _http = new HttpClient(host.NewHandler()) { BaseAddress = server.Uri };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
    }

    /// <summary>Why the last call failed, as an <see cref="ExitCode"/>.</summary>
    public int Failure { get; private set; }

    /// <summary>Everything that the project holds.</summary>
    public async Task<ServerState?> ReadStateAsync(CancellationToken cancellationToken)
    {
        var json = ContractJson.Default;
        if (
            await ReadAllAsync("environments", json.PageEnvironmentAnswer, cancellationToken) is { } environments
            && await ReadAllAsync("segments", json.PageSegmentAnswer, cancellationToken) is { } segments
            && await ReadAllAsync("flags", json.PageFlagAnswer, cancellationToken) is { } flags
        )
            return new ServerState(environments, segments, flags);
        return null;
    }

    /// <summary>Asks what a change would do; nothing is written.</summary>
    public Task<PreviewAnswer?> PreviewAsync(
        IReadOnlyList<Creation> creations,
        string reason,
        CancellationToken cancellationToken
    ) => PostAsync("changes?dryRun=true", creations, reason, ContractJson.Default.PreviewAnswer, cancellationToken);

    /// <summary>Submits a change.</summary>
    public Task<ChangeAnswer?> ChangeAsync(
        IReadOnlyList<Creation> creations,
        string reason,
        CancellationToken cancellationToken
    ) => PostAsync("changes", creations, reason, ContractJson.Default.ChangeAnswer, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<T>?> ReadAllAsync<T>(
        string list,
        JsonTypeInfo<Page<T>> type,
        CancellationToken cancellationToken
    )
    {
        var items = new List<T>();
        string? cursor = null;
        do
        {
            var next = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            using var request = new HttpRequestMessage(HttpMethod.Get, At($"{list}?limit={PageSize}{next}"));
            if (await SendAsync(request, type, cancellationToken) is not { } page)
                return null;
            items.AddRange(page.Items);
            cursor = page.Next;
        } while (cursor is not null);
        return items;
    }

    private async Task<T?> PostAsync<T>(
        string path,
        IReadOnlyList<Creation> creations,
        string reason,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken
    )
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, At(path))
        {
            Content = new ByteArrayContent(ChangeOf(creations, reason))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        return await SendAsync(request, type, cancellationToken);
    }

    private async Task<T?> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await _http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            Failure = await ProblemPrinter.PrintAsync(_host, response, cancellationToken);
            return null;
        }
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync(body, type, cancellationToken)
            ?? throw new JsonException("null instead of an answer");
    }

    private static byte[] ChangeOf(IReadOnlyList<Creation> creations, string reason)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("reason", reason);
            json.WriteStartArray("operations");
            foreach (var creation in creations)
                json.WriteRawValue(creation.Operation.GetRawText());
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private Uri At(string path) => new($"{_path}/{path}", UriKind.Relative);
}
