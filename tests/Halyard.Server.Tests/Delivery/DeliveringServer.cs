using System.Collections.Concurrent;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.Logging;

namespace Halyard.Server.Tests.Delivery;

/// <summary>A server that may deliver to this machine, with secrets, and whose log is kept.</summary>
public sealed class DeliveringServer : HalyardServer
{
    public const string SigningSecret = "signing-secret-that-nobody-may-see-4711";
    public const string AddressSecret = "http://127.0.0.1:1/services/T000/B000/address-secret-4712";

    private readonly Lines _log = new();

    /// <summary>Every line of the log so far, exceptions included.</summary>
    public string Log => string.Join('\n', _log.Written);

    protected override IEnumerable<string> Settings =>
        [
            "--Halyard:Sinks:AllowedHosts=127.0.0.1",
            $"--Halyard:Secrets:hooks={SigningSecret}",
            $"--Halyard:Secrets:slack={AddressSecret}",
            "--Halyard:Secrets:broken=not-an-address-secret-4713",
        ];

    protected override void ConfigureLogging(ILoggingBuilder logging) =>
        logging.AddProvider(_log).SetMinimumLevel(LogLevel.Trace);

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Written.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}
