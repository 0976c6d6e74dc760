using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Reading;
using Halyard.Storage.DynamoDb.Writing;
using Microsoft.Extensions.Logging;

namespace Halyard.Storage.DynamoDb;

/// <summary>What this server has of one tenant: made when somebody first asks for it.</summary>
internal sealed class TenantStore : IAsyncDisposable
{
    private readonly Lazy<TenantWriter> _writer;

    public TenantStore(Table table, string tenant, CommitSignal signal, Entropy entropy, ILogger logger)
    {
        Log = new TenantLog(table, tenant);
        Reader = new LogReader(Log);
        Directory = new PeopleDirectory(table, tenant, entropy);
        Counters = new Counters(table, tenant, entropy, logger);
        _writer = new Lazy<TenantWriter>(() =>
            new TenantWriter(
                new BatchTransaction(table, Log, tenant, entropy),
                new Sweeper(table, Log, tenant),
                Log,
                signal,
                logger
            )
        );
    }

    public TenantLog Log { get; }

    public LogReader Reader { get; }

    public PeopleDirectory Directory { get; }

    public Counters Counters { get; }

    public TenantWriter Writer => _writer.Value;

    public async ValueTask DisposeAsync()
    {
        if (_writer.IsValueCreated)
            await _writer.Value.DisposeAsync();
        await Counters.DisposeAsync();
        Log.Dispose();
    }
}
