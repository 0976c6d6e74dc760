namespace Halyard.Server.Jobs;

/// <summary>Adds what carries jobs out.</summary>
internal static class JobServices
{
    public static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobTable>();
        services.AddSingleton<JobStarter>();
        services.AddSingleton<TimedJobs>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRunner>());
    }
}
