using System.Net;
using System.Text;
using Amazon.Runtime;

namespace Halyard.Storage.Tests.DynamoDb;

/// <summary>
/// Stands between a store and the service and does what a network and a busy service do: refuses, loses requests, loses answers of what
/// took effect, and delivers twice. By chance with a seed.
/// </summary>
internal sealed class Faults(int percent, int seed) : HttpClientFactory
{
#pragma warning disable CA5394 // Chance with a seed makes a run repeatable.
    private readonly Random _random = new(seed);

    private readonly Lock _gate = new();

    /// <summary>How often each fault was done.</summary>
    public Dictionary<Fault, int> Done { get; } = [];

    /// <summary>Whether anything is done at all.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>The only fault done; <see langword="null"/> for any.</summary>
    public Fault? Alone { get; set; }

    /// <summary>An operation that nothing is done to.</summary>
    public string Spared { get; set; } = "";

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this), disposeHandler: true);

    private Fault Next(string operation)
    {
        lock (_gate)
        {
            if (!IsOn || operation == Spared || _random.Next(100) >= percent)
                return Fault.None;
            var fault = Alone ?? Enum.GetValues<Fault>()[_random.Next(1, Enum.GetValues<Fault>().Length)];
            Done[fault] = Done.GetValueOrDefault(fault) + 1;
            return fault;
        }
    }
#pragma warning restore CA5394

    private sealed class Handler(Faults faults) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            // Buffered, so that it can be sent twice.
            if (request.Content is { } content)
                await content.LoadIntoBufferAsync(cancellationToken);
            var operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[^1];
            var isTransaction = operation == "TransactWriteItems";
            switch (faults.Next(operation))
            {
                case Fault.Throttled:
                    return Refusal(HttpStatusCode.BadRequest, "ThrottlingException", "slow down");
                case Fault.Failed:
                    return Refusal(HttpStatusCode.InternalServerError, "InternalServerError", "sorry");
                case Fault.Met when isTransaction:
                    return Refusal(
                        HttpStatusCode.BadRequest,
                        "TransactionCanceledException",
                        "Transaction cancelled [TransactionConflict]",
                        ""","CancellationReasons":[{"Code":"TransactionConflict","Message":"another is under way"}]"""
                    );
                case Fault.RequestLost:
                    throw new HttpRequestException("The request was lost.");
                case Fault.AnswerLost:
                    (await base.SendAsync(request, cancellationToken)).Dispose();
                    throw new HttpRequestException("The answer was lost.");
                case Fault.DeliveredTwice:
                    (await base.SendAsync(request, cancellationToken)).Dispose();
                    return await base.SendAsync(request, cancellationToken);
                default:
                    return await base.SendAsync(request, cancellationToken);
            }
        }

        private static HttpResponseMessage Refusal(HttpStatusCode status, string type, string message, string more = "") =>
            new(status)
            {
                Content = new StringContent(
                    $$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{type}}","message":"{{message}}"{{more}}}""",
                    Encoding.UTF8,
                    "application/x-amz-json-1.0"
                ),
            };
    }
}

/// <summary>What may go wrong with a request.</summary>
internal enum Fault
{
    None,

    /// <summary>Refused for there is too much of it.</summary>
    Throttled,

    /// <summary>The service fails before it does anything.</summary>
    Failed,

    /// <summary>A transaction met another one on the same item.</summary>
    Met,

    /// <summary>It never arrived.</summary>
    RequestLost,

    /// <summary>It took effect, and nobody was told.</summary>
    AnswerLost,

    /// <summary>It took effect, came again, and the answer is the second one's.</summary>
    DeliveredTwice,
}
