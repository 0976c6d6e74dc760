using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Objects;

namespace Halyard.Storage.Tests;

/// <summary>Objects in memory keep the promises that they stand in for.</summary>
public sealed class InMemoryObjectsTests : ObjectStoreConformance
{
    protected override ValueTask<IObjectStore> OpenAsync() => ValueTask.FromResult<IObjectStore>(new InMemoryObjects());
}
