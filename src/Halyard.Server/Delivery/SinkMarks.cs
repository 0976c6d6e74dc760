using System.Globalization;
using System.Text.Json;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Storage;

namespace Halyard.Server.Delivery;

/// <summary>
/// What is remembered of a sink beside the log. Marks are named by the sink's id: a sink created anew under the same key begins
/// anew.
/// </summary>
internal sealed class SinkMarks(IMarks marks)
{
    private const string AllSinks = "sink/";
    private const string Dead = "/dead/";

    /// <summary>The state with its version; version 0 and <see langword="null"/> before anything was remembered.</summary>
    public async ValueTask<(SinkState? State, long Version)> FindAsync(
        string tenant,
        Sink sink,
        CancellationToken cancellationToken
    )
    {
        var mark = await marks.MarkAsync(tenant, SinkCursor.MarkOf(sink), cancellationToken);
        return mark is null ? (null, 0) : (Read(mark, DeliveryJson.Default.SinkState), mark.Version);
    }

    /// <summary>Remembers a state; false where another was faster.</summary>
    public ValueTask<bool> TrySetAsync(
        string tenant,
        Sink sink,
        long version,
        SinkState state,
        CancellationToken cancellationToken
    ) =>
        marks.SetMarkAsync(
            tenant,
            SinkCursor.MarkOf(sink),
            version,
            JsonSerializer.SerializeToUtf8Bytes(state, DeliveryJson.Default.SinkState),
            cancellationToken
        );

    /// <summary>The dead letters, in index order, each with its mark's version.</summary>
    public async ValueTask<IReadOnlyList<(DeadLetter Letter, long Version)>> DeadAsync(
        string tenant,
        Sink sink,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await marks.MarksAsync(tenant, DeadPrefix(sink), cancellationToken)).Select(mark =>
                (Read(mark, DeliveryJson.Default.DeadLetter), mark.Version)
            ),
        ];

    /// <summary>Sets a letter aside, unless it is already.</summary>
    public async ValueTask AddDeadAsync(string tenant, Sink sink, DeadLetter letter, CancellationToken cancellationToken)
    {
        var value = JsonSerializer.SerializeToUtf8Bytes(letter, DeliveryJson.Default.DeadLetter);
        await marks.SetMarkAsync(tenant, DeadOf(sink, letter), 0, value, cancellationToken);
    }

    /// <summary>Forgets a letter that has arrived, or never can; false where another was faster.</summary>
    public ValueTask<bool> RemoveDeadAsync(
        string tenant,
        Sink sink,
        long version,
        DeadLetter letter,
        CancellationToken cancellationToken
    ) => marks.RemoveMarkAsync(tenant, DeadOf(sink, letter), version, cancellationToken);

    /// <summary>Forgets the letters of every sink, also of those that are no more, whose entries were all purged.</summary>
    public async ValueTask RemovePurgedAsync(string tenant, long below, CancellationToken cancellationToken)
    {
        foreach (var mark in await marks.MarksAsync(tenant, AllSinks, cancellationToken))
        {
            if (mark.Name.Contains(Dead, StringComparison.Ordinal) && Read(mark, DeliveryJson.Default.DeadLetter).Last < below)
                await marks.RemoveMarkAsync(tenant, mark.Name, mark.Version, cancellationToken);
        }
    }

    private static string DeadPrefix(Sink sink) => $"{AllSinks}{sink.Id}{Dead}";

    // As wide as any index, so that the order of the names is that of the entries.
    private static string DeadOf(Sink sink, DeadLetter letter) =>
        DeadPrefix(sink) + letter.First.ToString("D19", CultureInfo.InvariantCulture);

    private static T Read<T>(Mark mark, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(mark.Value, type) ?? throw new InvalidDataException($"The mark '{mark.Name}' is damaged.");
}
