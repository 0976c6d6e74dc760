using Halyard.Core.Storage;
using Halyard.Storage.Conformance;
using Halyard.Testing;

namespace Halyard.Storage.Tests.PostgreSql;

[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlConformanceTests(Postgres postgres) : StoreConformance
{
    private readonly List<PostgresStore> _opened = [];

    protected override int FastSequences => 40;

    protected override async ValueTask<IStore> OpenAsync()
    {
        var opened = await PostgresStore.OpenAsync(postgres);
        _opened.Add(opened);
        return opened.Store;
    }

    protected override async ValueTask CloseAsync(IStore store)
    {
        var closed = _opened.Single(opened => opened.Store == store);
        _opened.Remove(closed);
        await closed.DisposeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened)
            await opened.DisposeAsync();
        await base.DisposeAsync();
    }
}
