using Halyard.Core.Storage;
using Halyard.Storage.Conformance;
using Halyard.Testing;

namespace Halyard.Storage.Tests.DynamoDb;

[Collection(DynamoDbCollection.Name)]
public sealed class DynamoDbConformanceTests(Moto moto) : StoreConformance
{
    private readonly List<DynamoStore> _opened = [];

    // The stand-in answers one request after the other, some milliseconds each.
    protected override int FastSequences => 12;

    protected override async ValueTask<IStore> OpenAsync()
    {
        var opened = await DynamoStore.OpenAsync(moto);
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
