using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Halyard.Contracts;

namespace Halyard.Cli.History;

/// <summary>Sends a file to a server and tells how the import goes.</summary>
internal sealed class ImportClient : IDisposable
{
    private readonly CliHost _host;
    private readonly HttpClient _http;

    public ImportClient(CliHost host, Uri server, string token)
    {
        _host = host;
        // An import takes as long as it takes; the user may break it off.
        _http = new HttpClient(host.NewHandler()) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The import from beginning to end; the result is an <see cref="ExitCode"/>.</summary>
    public async Task<int> RunAsync(
        string project,
        bool createProject,
        string reason,
        byte[] file,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (createProject && await EnsureProjectAsync(project, reason, cancellationToken) is { } failed)
                return failed;
            return await ImportAsync(project, reason, file, cancellationToken);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException)
        {
            await _host.Error.WriteLineAsync($"{_http.BaseAddress} cannot be reached, or broke off: {problem.Message}");
            await _host.Error.WriteLineAsync("Run the same command again: it goes on where the import stopped.");
            return ExitCode.Unknown;
        }
        catch (JsonException problem)
        {
            await _host.Error.WriteLineAsync($"{_http.BaseAddress} answers what is no answer of Halyard: {problem.Message}");
            return ExitCode.Unknown;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Creates the project where it does not exist; the exit code where that failed.</summary>
    private async Task<int?> EnsureProjectAsync(string project, string reason, CancellationToken cancellationToken)
    {
        using var found = await _http.GetAsync(new Uri(PathOf(project), UriKind.Relative), cancellationToken);
        if (found.IsSuccessStatusCode)
            return null;
        if (found.StatusCode != HttpStatusCode.NotFound)
            return await ProblemPrinter.PrintAsync(_host, found, cancellationToken);
        using var body = JsonContent.Create(new ProjectBody(project, project, reason), ProjectJson.Default.ProjectBody);
        using var created = await _http.PostAsync(new Uri("/api/v1/projects", UriKind.Relative), body, cancellationToken);
        if (!created.IsSuccessStatusCode)
            return await ProblemPrinter.PrintAsync(_host, created, cancellationToken);
        await _host.Out.WriteLineAsync($"Project {project} created.");
        return null;
    }

    private async Task<int> ImportAsync(string project, string reason, byte[] file, CancellationToken cancellationToken)
    {
        var address = $"{PathOf(project)}/imports?reason={Uri.EscapeDataString(reason)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, UriKind.Relative))
        {
            Content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(ImportAnswer.MediaType) } },
        };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            return await ProblemPrinter.PrintAsync(_host, response, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var answer = JsonSerializer.Deserialize(line, ContractJson.Default.ImportAnswer);
            if (await TellAsync(answer) is { } exit)
                return exit;
        }
        throw new IOException("the answer ended before the import did");
    }

    /// <summary>Tells one line of the answer; the exit code where it is the last.</summary>
    private async Task<int?> TellAsync(ImportAnswer? answer)
    {
        switch (answer)
        {
            case { Status: "validated", ResumedFrom: > 0 }:
                await _host.Out.WriteLineAsync($"{answer.Lines} lines are in order; going on after line {answer.ResumedFrom}.");
                return null;
            case { Status: "validated" }:
                await _host.Out.WriteLineAsync($"{answer.Lines} lines are in order.");
                return null;
            case { Status: "progress" }:
                await _host.Out.WriteLineAsync($"{answer.Done} of {answer.Lines}");
                return null;
            case { Status: "finished", Ledger: { } ledger }:
                await _host.Out.WriteLineAsync(
                    $"Imported: {answer.Lines} entries in {Terminal.Safe(ledger.Log)}, up to index {ledger.Index}, root {Terminal.Safe(ledger.Root)}."
                );
                return ExitCode.Success;
            case { Status: "already-imported" }:
                await _host.Out.WriteLineAsync($"These {answer.Lines} lines were imported before; nothing was written.");
                return ExitCode.Success;
            case { Status: "failed", Problem: { } problem }:
                await ProblemPrinter.PrintAsync(_host, problem);
                return problem.Status >= 500 ? ExitCode.Unknown : ExitCode.Refused;
            default:
                throw new JsonException($"an unknown line, status '{Terminal.Safe(answer?.Status ?? "")}'");
        }
    }

    private static string PathOf(string project) => $"/api/v1/projects/{Uri.EscapeDataString(project)}";
}

/// <summary>The body that creates a project.</summary>
internal sealed record ProjectBody(string Key, string Name, string Reason);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[System.Text.Json.Serialization.JsonSerializable(typeof(ProjectBody))]
internal sealed partial class ProjectJson : System.Text.Json.Serialization.JsonSerializerContext;
