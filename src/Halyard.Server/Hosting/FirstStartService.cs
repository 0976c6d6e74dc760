using Halyard.Core.Changes.Effects;

namespace Halyard.Server.Hosting;

/// <summary>Prepares an empty store before the first request, and tells the operator the administrator's credential: once.</summary>
internal sealed class FirstStartService(
    FirstStart firstStart,
    FirstAdministrator administrator,
    ErasureReplay erasures,
    HalyardOptions options
) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anybody reads: whoever was erased stays so, whatever was restored.
        var again = await erasures.RunAsync(cancellationToken);
        if (again.Count > 0)
            Console.WriteLine($"{again.Count} erasures replayed: the store was older than its keys.");
        foreach (var resource in again.StillIn)
            Console.WriteLine($"Somebody who was erased is still in {resource}");
        var token = await firstStart.EnsureTenantAsync(FirstStart.DefaultTenant, "Default", cancellationToken);
        if (options.Sample.Split('=', 2) is [var project, var path])
        {
            var lines = await firstStart.EnsureSampleAsync(FirstStart.DefaultTenant, project, path, cancellationToken);
            if (lines > 0)
                Console.WriteLine($"Project '{project}' loaded: {lines} past changes.");
        }
        var password = await administrator.EnsureAsync(FirstStart.DefaultTenant, cancellationToken);
        if (token is null && password is null)
            return;
        Console.WriteLine();
        if (token is not null)
            Console.WriteLine($"Administrator token (shown this once): {token}");
        if (password is not null)
            Console.WriteLine(
                $"Administrator log-in (shown this once): {options.Identity.Local.AdminEmail} with password {password}"
            );
        Console.WriteLine();
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
