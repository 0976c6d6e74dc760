using Halyard.Core.Storage;
using Halyard.Core.Tests.Fixtures;
using Halyard.Storage.Conformance.InMemory;
using Halyard.Storage.Sqlite;

namespace Halyard.Core.Tests.Changes;

/// <summary>The pipeline's promises; the same for every store.</summary>
public abstract partial class ChangeServiceTests
{
    private const string CreateF = """{"op":"createFlag","flag":"f","name":"Flag f"}""";

    protected abstract IStore OpenStore();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<Pipeline> StartAsync(params IEnumerable<string> operations) => Pipeline.StartAsync(OpenStore(), operations);
}

public sealed class InMemoryChangeServiceTests : ChangeServiceTests
{
    protected override IStore OpenStore() => new InMemoryStore();
}

public sealed class SqliteChangeServiceTests : ChangeServiceTests, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-core-");
    private readonly List<SqliteStore> _stores = [];

    protected override IStore OpenStore()
    {
        _stores.Add(SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(_folder.FullName, $"{_stores.Count}.db") }));
        return _stores[^1];
    }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _folder.Delete(recursive: true);
    }
}
