using System.Collections.Concurrent;
using System.Globalization;

namespace Halyard.Server.Tests.Hosting;

/// <summary>
/// Writers who each switch a flag of their own on and off, on whichever server answers. What fails is sent again with the same
/// idempotency key, to another server.
/// </summary>
/// <param name="fleet">The servers.</param>
/// <param name="nodes">Those that are sent to; a test changes them as servers come and go.</param>
internal sealed class Load(Fleet fleet, ConcurrentDictionary<int, Node> nodes)
{
    /// <summary>How many flags are switched.</summary>
    public const int Writers = 4;

    private readonly ConcurrentBag<string> _acknowledged = [];
    private TaskCompletionSource _next = NewSource();
    private volatile bool _isStopped;
    private int _retries;

    /// <summary>The tickets of the changes that were answered with success.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>How often something was sent again.</summary>
    public int Retries => _retries;

    /// <summary>What each flag was switched to last.</summary>
    public ConcurrentDictionary<string, bool> Last { get; } = [];

    /// <summary>Writes until it is told to stop.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer))));

    /// <summary>Waits until so many more changes were acknowledged.</summary>
    public async Task MoreAsync(int changes, Task running)
    {
        var until = _acknowledged.Count + changes;
        while (true)
        {
            var next = Volatile.Read(ref _next).Task;
            if (_acknowledged.Count >= until)
                return;
            await await Task.WhenAny(running, next);
        }
    }

    public void Stop() => _isStopped = true;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAsync(int writer)
    {
        var flag = $"f{writer}";
        for (var revision = 1; !_isStopped; revision++)
        {
            var enabled = revision % 2 == 1;
            var ticket = string.Create(CultureInfo.InvariantCulture, $"LOAD-{writer}-{revision}");
            var body = $$"""
                {"operations":[{"op":"setEnabled","flag":"{{flag}}","environment":"dev","enabled":{{(
                    enabled ? "true" : "false"
                )}},"baseRevision":{{revision}}}],"ticket":"{{ticket}}"}
                """;
            await SendAsync(writer, ticket, body);
            Last[flag] = enabled;
            _acknowledged.Add(ticket);
            Interlocked.Exchange(ref _next, NewSource()).SetResult();
        }
    }

    private async Task SendAsync(int writer, string ticket, string body)
    {
        for (var tries = 0; ; tries++)
        {
            var all = nodes.OrderBy(node => node.Key).Select(node => node.Value).ToList();
            var node = all[(writer + tries) % all.Count];
            try
            {
                using var answer = await Fleet.SendAsync(node, "api/v1/projects/web/changes", body, fleet.Admin, ticket);
                if (answer.IsSuccessStatusCode)
                    return;
                ((int)answer.StatusCode).ShouldBeGreaterThanOrEqualTo(500, await answer.Content.ReadAsStringAsync());
            }
            catch (HttpRequestException) when (tries < 1_000)
            {
                // A server that went away; another takes it.
            }
            Interlocked.Increment(ref _retries);
        }
    }
}
