using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Halyard.Server.Delivery;

/// <summary>What is measured of delivery, by tenant and sink; docs/sinks.md names each.</summary>
internal sealed class DeliveryMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Halyard.Delivery";

    private readonly ConcurrentDictionary<(string Tenant, string Sink), (long Entries, double Seconds)> _lags = new();
    private readonly Meter _meter;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _deadLetters;

    public DeliveryMeter(IMeterFactory factory)
    {
        _meter = factory.Create(Name);
        _deliveries = _meter.CreateCounter<long>("halyard.delivery.deliveries", "{message}", "Messages that a target took");
        _failures = _meter.CreateCounter<long>("halyard.delivery.failures", "{message}", "Attempts that a target did not take");
        _deadLetters = _meter.CreateCounter<long>("halyard.delivery.dead_letters", "{message}", "Messages that were set aside");
        _meter.CreateObservableGauge(
            "halyard.delivery.lag.entries",
            () => _lags.Select(lag => new Measurement<long>(lag.Value.Entries, Tags(lag.Key))),
            "{entry}",
            "Entries between the sink's cursor and the end of the log"
        );
        _meter.CreateObservableGauge(
            "halyard.delivery.lag.seconds",
            () => _lags.Select(lag => new Measurement<double>(lag.Value.Seconds, Tags(lag.Key))),
            "s",
            "How old the oldest entry is that waits"
        );
    }

    /// <summary>A target took a message.</summary>
    public void Delivered(string tenant, string sink) => _deliveries.Add(1, Tags((tenant, sink)));

    /// <summary>A target did not take a message.</summary>
    public void Failed(string tenant, string sink) => _failures.Add(1, Tags((tenant, sink)));

    /// <summary>A message was set aside.</summary>
    public void SetAside(string tenant, string sink) => _deadLetters.Add(1, Tags((tenant, sink)));

    /// <summary>How far behind a sink is now.</summary>
    public void Lags(string tenant, string sink, SinkLag lag) => _lags[(tenant, sink)] = (lag.Entries, lag.Age.TotalSeconds);

    /// <summary>A sink delivers no more.</summary>
    public void Forget(string tenant, string sink) => _lags.TryRemove((tenant, sink), out _);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?>[] Tags((string Tenant, string Sink) of) =>
        [new("tenant", of.Tenant), new("sink", of.Sink)];
}
