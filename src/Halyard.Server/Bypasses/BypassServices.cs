using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Bypassing;
using Halyard.Server.Delivery;
using Halyard.Server.Timers;

namespace Halyard.Server.Bypasses;

/// <summary>Adds what emergencies need.</summary>
internal static class BypassServices
{
    /// <summary>By what bypasses are judged; the pipeline takes it.</summary>
    public static void AddBypassSetting(this IServiceCollection services, BypassOptions options, IConfiguration configuration)
    {
        if (options.Incidents.Url.Length > 0)
        {
            services.AddSingleton<IIncidentSource>(provider => new HttpIncidentSource(
                options.Incidents,
                new Secrets(configuration),
                provider.GetRequiredService<TimeProvider>()
            ));
            services.AddHostedService<IncidentFreezes>();
        }
        services.AddSingleton(provider => new BypassSetting(options.Terms(), provider.GetService<IIncidentSource>()));
    }

    /// <summary>Bypasses over HTTP, and what is due about them.</summary>
    public static void AddBypasses(this IServiceCollection services)
    {
        services.AddSingleton<BypassReader>();
        services.AddSingleton<BypassAnswers>();
        foreach (var kind in Enum.GetValues<BypassTimerKind>())
            services.AddSingleton<ITimerHandler>(provider => new BypassTimerHandler(
                kind,
                provider.GetRequiredService<BypassReader>(),
                provider.GetRequiredService<ChangeService>()
            ));
    }
}
