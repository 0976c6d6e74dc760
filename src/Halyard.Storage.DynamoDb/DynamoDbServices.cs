using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Copying;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.DynamoDb.Copying;
using Halyard.Storage.DynamoDb.Privacy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Storage.DynamoDb;

/// <summary>Registers the DynamoDB store.</summary>
public static class DynamoDbServices
{
    /// <summary>
    /// Adds <see cref="IStore"/>, <see cref="IMaintenance"/> and <see cref="IStoreCopies"/> on a DynamoDB table, and <see cref="ISubjectKeys"/> with the
    /// <see cref="PersonalVault"/> over it on a second one, opened and made when first resolved. Any number of servers may share them.
    /// </summary>
    /// <exception cref="ArgumentException">An option is missing or outside its range.</exception>
    public static IServiceCollection AddHalyardDynamoDb(this IServiceCollection services, DynamoDbStoreOptions options)
    {
        options.Validate();
        // Opened once, at the start, where nothing else runs yet.
        services.AddSingleton<ISubjectKeys>(provider =>
            DynamoDbSubjectKeys.OpenAsync(options, Time(provider), Chance(provider), default).GetAwaiter().GetResult()
        );
        services.AddSingleton(provider => new PersonalVault(provider.GetRequiredService<ISubjectKeys>(), Chance(provider)));
        services.AddSingleton<IStore>(provider =>
            DynamoDbStore.OpenAsync(options, Time(provider), Chance(provider), Log(provider), default).GetAwaiter().GetResult()
        );
        services.AddSingleton<IStoreCopies>(provider => new DynamoDbCopies(options, Time(provider), Chance(provider)));
        return services.AddSingleton<IMaintenance>(_ => new DynamoDbMaintenance());
    }

    private static TimeProvider Time(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static Entropy Chance(IServiceProvider provider) => provider.GetService<Entropy>() ?? Entropy.System;

    private static ILogger Log(IServiceProvider provider) =>
        provider.GetService<ILogger<DynamoDbStore>>() ?? (ILogger)NullLogger.Instance;
}
