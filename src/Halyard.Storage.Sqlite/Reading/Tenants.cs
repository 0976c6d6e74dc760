using System.Collections.Concurrent;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Reading;

/// <summary>Tenants' numbers, for readers: a number once committed never changes.</summary>
internal sealed class Tenants
{
    private readonly ConcurrentDictionary<string, long> _numbers = new(StringComparer.Ordinal);

    public long? Find(Database database, string name)
    {
        if (_numbers.TryGetValue(name, out var known))
            return known;
        var number = database["SELECT number FROM tenant WHERE name = ?"].Number(name);
        if (number is { } found)
            _numbers[name] = found;
        return number;
    }
}
