using System.Collections.Concurrent;
using Amazon.Runtime;

namespace Halyard.Storage.Tests.DynamoDb;

/// <summary>Stands between a store and the service: counts what is asked, lets no more than so much through, and holds one request back.</summary>
internal sealed class Network : HttpClientFactory
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _asked;

    /// <summary>How often each operation was asked for.</summary>
    public ConcurrentDictionary<string, int> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>How many requests get through; then the server is as good as dead.</summary>
    public long Through { get; set; } = long.MaxValue;

    /// <summary>The operation of which the next request is held back until <see cref="Release"/>; empty for none.</summary>
    public string HeldBack { get; set; } = "";

    /// <summary>Completes when a request is held back.</summary>
    public Task Held => _held.Task;

    public void Release() => _released.TrySetResult();

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this), disposeHandler: true);

    private sealed class Handler(Network network) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[^1];
            if (Interlocked.Increment(ref network._asked) > network.Through)
                throw new HttpRequestException("The server is gone.");
            network.Asked.AddOrUpdate(operation, 1, (_, count) => count + 1);
            if (operation == network.HeldBack)
            {
                network.HeldBack = "";
                network._held.TrySetResult();
                await network._released.Task.WaitAsync(cancellationToken);
            }
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
