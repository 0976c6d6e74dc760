using Halyard.Core.Storage;

namespace Halyard.Storage.Conformance.InMemory;

public sealed partial class InMemoryStore
{
    public ValueTask<Mark?> MarkAsync(string tenant, string name, CancellationToken cancellationToken) =>
        Read(tenant, data => data.Marks.GetValueOrDefault(name));

    public ValueTask<IReadOnlyList<Mark>> MarksAsync(string tenant, string prefix, CancellationToken cancellationToken) =>
        ReadList(tenant, data => data.Marks.Values.Where(mark => mark.Name.StartsWith(prefix, StringComparison.Ordinal)));

    public ValueTask<bool> SetMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellationToken
    )
    {
        Mark.Validate(name, value);
        lock (_gate)
        {
            if (!_tenants.TryGetValue(tenant, out var data))
                data = _tenants[tenant] = new TenantData();
            if ((data.Marks.GetValueOrDefault(name)?.Version ?? 0) != expectedVersion)
                return ValueTask.FromResult(false);
            data.Marks[name] = new Mark(name, expectedVersion + 1, value.ToArray());
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> RemoveMarkAsync(string tenant, string name, long expectedVersion, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(
                _tenants.TryGetValue(tenant, out var data)
                    && data.Marks.GetValueOrDefault(name)?.Version == expectedVersion
                    && data.Marks.Remove(name)
            );
        }
    }
}
