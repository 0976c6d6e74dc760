using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Copying;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.PostgreSql.Copying;
using Halyard.Storage.PostgreSql.Privacy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Storage.PostgreSql;

/// <summary>Registers the PostgreSQL store.</summary>
public static class PostgreSqlServices
{
    /// <summary>
    /// Adds <see cref="IStore"/>, <see cref="IMaintenance"/> and <see cref="IStoreCopies"/> on a PostgreSQL database, and <see cref="ISubjectKeys"/> with the
    /// <see cref="PersonalVault"/> over it, opened and migrated when first resolved. Any number of servers may share the database; a
    /// schema of a newer version is refused, and one whose migrations were altered.
    /// </summary>
    /// <exception cref="ArgumentException">An option is missing or outside its range.</exception>
    public static IServiceCollection AddHalyardPostgreSql(this IServiceCollection services, PostgreSqlStoreOptions options)
    {
        options.Validate();
        // Opened once, at the start, where nothing else runs yet.
        services.AddSingleton<ISubjectKeys>(provider =>
            PostgreSqlSubjectKeys.OpenAsync(options, Time(provider), Chance(provider), default).GetAwaiter().GetResult()
        );
        services.AddSingleton(provider => new PersonalVault(provider.GetRequiredService<ISubjectKeys>(), Chance(provider)));
        services.AddSingleton<IStore>(provider =>
            PostgreSqlStore.OpenAsync(options, Time(provider), Chance(provider), Log(provider), default).GetAwaiter().GetResult()
        );
        services.AddSingleton<IStoreCopies>(provider => new PostgreSqlCopies(options, Time(provider), Chance(provider)));
        return services.AddSingleton<IMaintenance>(_ => new PostgreSqlMaintenance(options));
    }

    private static TimeProvider Time(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static Entropy Chance(IServiceProvider provider) => provider.GetService<Entropy>() ?? Entropy.System;

    private static ILogger Log(IServiceProvider provider) =>
        provider.GetService<ILogger<PostgreSqlStore>>() ?? (ILogger)NullLogger.Instance;
}
