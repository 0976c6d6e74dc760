using System.Net.Http.Headers;
using Halyard.Ledger;

namespace Halyard.Server.Publishing.Anchoring;

/// <summary>Sends each checkpoint to an address as text. The note is signed, so that the receiver needs no other proof of its sender.</summary>
internal sealed class WebhookAnchor : IAnchor, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly Uri _address;

    /// <summary>An anchor at an address.</summary>
    public WebhookAnchor(Uri address)
    {
        _address = address;
#pragma warning disable CA2000 // The client disposes it.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Patience };
#pragma warning restore CA2000
    }

    public string Name => "webhook";

    public async ValueTask AnchorAsync(string path, Note note, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(note.ToBytes());
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = content };
        // Only whether it was taken is of interest; what else is answered is not read.
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"The webhook answers {(int)response.StatusCode}.", null, response.StatusCode);
    }

    public void Dispose() => _http.Dispose();
}
