using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;

namespace Halyard.Server.Hosting;

/// <summary><c>halyard-server store diff</c>: what operators do to a store while no server has it open.</summary>
internal static class StoreDiffCommand
{
    private const int Same = 0;
    private const int Differs = 1;
    private const int Incomplete = 2;
    private const int Usage = 3;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (args is not ["store", "diff", ..])
        {
            await error.WriteLineAsync("Usage: halyard-server store diff [--tenant KEY] [--Halyard:Database=PATH]");
            return Usage;
        }
        var only = args is [_, "diff", "--tenant", var key, ..] ? key : null;
        var builder = CommandHost.CreateBuilder(args[(only is null ? 2 : 4)..]);
        builder.AddHalyardStore();
        using var host = builder.Build();
        try
        {
            return await DiffAsync(host.Services, only, output, error);
        }
        catch (IOException refused)
        {
            // A running server has the store, or the file cannot be read: the operator can mend either.
            await error.WriteLineAsync(refused.Message);
            return Incomplete;
        }
    }

    private static async Task<int> DiffAsync(IServiceProvider services, string? only, TextWriter output, TextWriter error)
    {
        var store = services.GetRequiredService<IStore>();
        var diff = new StoreDiff(store, services.GetRequiredService<PersonalVault>());
        var tenants = await store.TenantsAsync(CancellationToken.None);
        if (only is not null && !tenants.Contains(only, StringComparer.Ordinal))
        {
            await error.WriteLineAsync($"There is no tenant '{only}'.");
            return Usage;
        }
        var worst = Same;
        foreach (var tenant in tenants.Where(tenant => only is null || tenant == only))
        {
            var result = await diff.RunAsync(tenant, progress: null, CancellationToken.None);
            foreach (var difference in result.Differences)
                await output.WriteLineAsync($"{tenant}: {difference}");
            var verdict =
                !result.IsComplete ? "changes came faster than they could be compared"
                : result.Differences.Count == 0 ? "the store is what the log says"
                : $"the store is NOT what the log says ({result.Differences.Count} differences)";
            var from = result.Start == 0 ? "" : $" from {result.Start} on, what was purged taken as it is";
            await output.WriteLineAsync($"{tenant}: {result.Entries} entries compared{from}; {verdict}");
            worst = Math.Max(
                worst,
                !result.IsComplete ? Incomplete
                    : result.Differences.Count > 0 ? Differs
                    : Same
            );
        }
        return worst;
    }
}
