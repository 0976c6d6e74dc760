using Halyard.Core.Storage;
using Halyard.Server.Delivery.Http;
using Halyard.Server.Hosting;

namespace Halyard.Server.Delivery;

/// <summary>Adds delivery to sinks.</summary>
internal static class DeliveryServices
{
    /// <summary>Adds it, running.</summary>
    public static void AddDelivery(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<HalyardOptions>().Sinks);
        services.AddSingleton<TargetHttp>();
        services.AddSingleton<Secrets>();
        services.AddSingleton<SinkTargets>();
        services.AddSingleton(provider => new SinkMarks(provider.GetRequiredService<IStore>()));
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<DeliveryMeter>();
        services.AddSingleton<SinkDesk>();
        services.AddHostedService<SinkDispatcher>();
    }
}
