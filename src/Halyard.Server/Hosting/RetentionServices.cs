using Halyard.Archive.S3;
using Halyard.Core;
using Halyard.Core.Changes.Effects;
using Halyard.Server.Jobs;
using Halyard.Server.Publishing.Objects;
using Halyard.Server.Retention;

namespace Halyard.Server.Hosting;

/// <summary>Adds the archive and what runs by the tenants' settings.</summary>
internal static class RetentionServices
{
    public static void AddRetention(this IServiceCollection services, ArchiveOptions options)
    {
        services.AddSingleton(provider => new ArchiveObjects(
            options.Folder.Length > 0 ? new FolderObjects(options.Folder, provider.GetRequiredService<Entropy>())
                : options.S3.Bucket.Length > 0 ? S3ObjectStore.Open(options.S3)
                : null,
            options.Place
        ));
        services.AddSingleton<LogArchive>();
        services.AddSingleton<PurgedEntries>();
        services.AddSingleton<IJobKind, ArchiveJob>();
        services.AddSingleton<PurgeLimits>();
        services.AddSingleton<IJobKind, PurgeJob>();
        services.AddSingleton<RetentionTimer>();
        services.AddHostedService(provider => provider.GetRequiredService<RetentionTimer>());
    }
}
