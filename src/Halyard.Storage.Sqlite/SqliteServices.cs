using Halyard.Core.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Storage.Sqlite;

/// <summary>Registers the SQLite store.</summary>
public static class SqliteServices
{
    /// <summary>
    /// Adds <see cref="IStore"/> on a SQLite file, opened and migrated when it is first resolved. A second process on the same
    /// file is refused then; so are a database of a newer version and one whose migrations were altered.
    /// </summary>
    /// <exception cref="ArgumentException">An option is missing or outside its range.</exception>
    public static IServiceCollection AddHalyardSqlite(this IServiceCollection services, SqliteStoreOptions options)
    {
        options.Validate();
        return services.AddSingleton<IStore>(provider =>
            SqliteStore.Open(options, provider.GetService<TimeProvider>() ?? TimeProvider.System)
        );
    }
}
