namespace Halyard.Server.Delivery;

/// <summary>A place outside that takes messages.</summary>
internal interface ISinkTarget
{
    /// <summary>How many messages it takes at once.</summary>
    int BatchSize { get; }

    /// <summary>
    /// Sends messages in order; one result each, in the same order, for at least the first: what the first that was not settled is
    /// followed by, and what is too much for one request, comes again. Never throws for what the target does.
    /// </summary>
    ValueTask<IReadOnlyList<DeliveryResult>> SendAsync(IReadOnlyList<SinkMessage> messages, CancellationToken cancellationToken);

    /// <summary>Finds out whether the target would take messages, without leaving an entry there.</summary>
    ValueTask<DeliveryResult> TestAsync(CancellationToken cancellationToken);
}
