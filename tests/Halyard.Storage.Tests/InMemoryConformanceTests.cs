using Halyard.Core.Storage;
using Halyard.Storage.Conformance;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Storage.Tests;

/// <summary>The model itself keeps the promises that it is the measure of.</summary>
public sealed class InMemoryConformanceTests : StoreConformance
{
    protected override ValueTask<IStore> OpenAsync() => ValueTask.FromResult<IStore>(new InMemoryStore());
}
