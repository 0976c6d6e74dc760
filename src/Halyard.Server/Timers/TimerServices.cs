using Halyard.Core.Storage;

namespace Halyard.Server.Timers;

/// <summary>Adds what handles timers.</summary>
internal static class TimerServices
{
    public static void AddTimers(this IServiceCollection services)
    {
        services.AddSingleton<ITimers>(provider => provider.GetRequiredService<IStore>());
        services.AddSingleton<ITimerHandler, ChangeRequestTimers>();
        services.AddSingleton<TimerRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<TimerRunner>());
    }
}
