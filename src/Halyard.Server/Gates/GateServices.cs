using Halyard.Core.Changes.Gating;

namespace Halyard.Server.Gates;

/// <summary>Puts environment checks and promotion gates together.</summary>
internal static class GateServices
{
    public static void AddGates(this IServiceCollection services, CheckOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<EvidenceShelf>();
        services.AddSingleton<GateReader>();
        services.AddSingleton<CheckSecrets>();
        services.AddSingleton<CheckHttp>();
        services.AddSingleton<CheckPull>();
        services.AddSingleton<CheckDesk>();
        services.AddSingleton<OpenRequests>();
        services.AddSingleton<CheckRounds>();
        services.AddHostedService<CheckRunner>();
    }
}
