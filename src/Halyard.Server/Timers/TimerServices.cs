using Halyard.Core.Storage;

namespace Halyard.Server.Timers;

/// <summary>Adds what handles timers.</summary>
internal static class TimerServices
{
    public static void AddTimers(this IServiceCollection services)
    {
        services.AddSingleton<ITimers>(provider => provider.GetRequiredService<IStore>());
        services.AddHostedService<TimerRunner>();
    }
}
