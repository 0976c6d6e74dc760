using System.Text.Json;
using Halyard.Core.Audit.Sinks;

namespace Halyard.Core.Storage;

/// <summary>How far a sink has come: a member of the mark that whoever delivers writes. What it has not had is not purged.</summary>
public static class SinkCursor
{
    /// <summary>The member of the mark's JSON object that is the cursor.</summary>
    public const string Member = "next";

    /// <summary>The name of a sink's mark; by its id, so that a sink created anew under the same key begins anew.</summary>
    public static string MarkOf(Sink sink) => $"sink/{sink.Id}/state";

    /// <summary>The first entry that the sink has not had.</summary>
    public static async ValueTask<long> NextAsync(IStore store, string tenant, Sink sink, CancellationToken cancellationToken)
    {
        if (await store.MarkAsync(tenant, MarkOf(sink), cancellationToken) is not { } mark)
            return await StartAsync(store, tenant, sink, cancellationToken);
        using var state = JsonDocument.Parse(mark.Value);
        return state.RootElement.GetProperty(Member).GetInt64();
    }

    /// <summary>The first entry of a sink that nobody delivered yet: the one it names, or the one after its own creation.</summary>
    public static async ValueTask<long> StartAsync(IStore store, string tenant, Sink sink, CancellationToken cancellationToken) =>
        sink.From
        ?? (await store.VersionAsync(tenant, sink.Id, 1, cancellationToken))?.Index + 1
        ?? throw new InvalidDataException($"The log does not know how sink '{sink.Key}' was created.");
}
