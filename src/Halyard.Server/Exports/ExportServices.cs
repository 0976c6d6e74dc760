using Halyard.Core.Reading.Exporting;
using Halyard.Server.Hosting;
using Halyard.Server.Jobs;

namespace Halyard.Server.Exports;

/// <summary>Adds exports and the job that makes them.</summary>
internal static class ExportServices
{
    public static void AddExports(this IServiceCollection services, HalyardOptions halyard)
    {
        if (halyard.Exports.Folder.Length == 0)
            halyard.Exports.Folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(halyard.Database))!, "exports");
        services.AddSingleton(halyard.Exports);
        services.AddSingleton<ExportFolder>();
        services.AddSingleton<ExportReader>();
        services.AddSingleton<IJobKind, ExportJob>();
        services.AddHostedService<ExportExpiry>();
    }
}
