using Halyard.Core.Storage;
using Halyard.Storage.Conformance;

namespace Halyard.Storage.Tests;

public sealed class SqliteConformanceTests : StoreConformance
{
    private readonly List<TemporaryStore> _opened = [];

    protected override ValueTask<IStore> OpenAsync()
    {
        var opened = new TemporaryStore();
        _opened.Add(opened);
        return ValueTask.FromResult<IStore>(opened.Store);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened)
            opened.Dispose();
        await base.DisposeAsync();
    }
}
