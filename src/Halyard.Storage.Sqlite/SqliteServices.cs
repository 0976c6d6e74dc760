using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Copying;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite.Copying;
using Halyard.Storage.Sqlite.Privacy;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Storage.Sqlite;

/// <summary>Registers the SQLite store.</summary>
public static class SqliteServices
{
    /// <summary>
    /// Adds <see cref="IStore"/>, <see cref="IMaintenance"/>, <see cref="IStoreCopies"/> and <see cref="IOnlineBackup"/> on a SQLite file, and <see cref="ISubjectKeys"/> with the
    /// <see cref="PersonalVault"/> over it on a second one beside it, opened and migrated when first resolved. A second process on
    /// the same file is refused then; so are a database of a newer version and one whose migrations were altered.
    /// </summary>
    /// <exception cref="ArgumentException">An option is missing or outside its range.</exception>
    public static IServiceCollection AddHalyardSqlite(this IServiceCollection services, SqliteStoreOptions options)
    {
        options.Validate();
        services.AddSingleton<ISubjectKeys>(provider => SqliteSubjectKeys.Open(options, Chance(provider), Time(provider)));
        services.AddSingleton(provider => new PersonalVault(provider.GetRequiredService<ISubjectKeys>(), Chance(provider)));
        services.AddSingleton<IStore>(provider =>
            SqliteStore.Open(options, Time(provider), provider.GetRequiredService<PersonalVault>())
        );
        services.AddSingleton<IStoreCopies>(provider => new SqliteCopies(options, Time(provider), Chance(provider)));
        services.AddSingleton<IOnlineBackup>(_ => new SqliteBackup(options));
        return services.AddSingleton<IMaintenance>(_ => new SqliteMaintenance(options));
    }

    private static TimeProvider Time(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static Entropy Chance(IServiceProvider provider) => provider.GetService<Entropy>() ?? Entropy.System;
}
