using Halyard.Core.Reading.Exporting;
using Halyard.Server.Jobs;

namespace Halyard.Server.Exports;

/// <summary>Adds exports and the job that makes them.</summary>
internal static class ExportServices
{
    public static void AddExports(this IServiceCollection services, ExportOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<ExportFolder>();
        services.AddSingleton<ExportReader>();
        services.AddSingleton<IJobKind, ExportJob>();
        services.AddHostedService<ExportExpiry>();
    }
}
