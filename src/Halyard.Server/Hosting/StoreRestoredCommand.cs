using Halyard.Core;
using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Server.Publishing;
using Halyard.Server.Publishing.Anchoring;
using Microsoft.Extensions.Options;

namespace Halyard.Server.Hosting;

/// <summary>
/// <c>halyard-server store restored --from-backup WORDS [--new-shard]</c>: records in every log that its store was put back from a
/// backup, while no server has it open. A log that lost entries which were given out never goes on under its name: it is refused, or
/// goes on under the next one and says what was lost.
/// </summary>
internal static class StoreRestoredCommand
{
    private const int Ok = 0;
    private const int Refused = 1;
    private const int Usage = 3;
    private const int MaxWords = 256;

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = args is ["store", "restored", ..] ? CommandHost.CreateBuilder(args[2..]) : null;
        if (builder?.Configuration["from-backup"] is not { Length: > 0 and <= MaxWords } backup)
        {
            await Console.Error.WriteLineAsync(
                "Usage: halyard-server store restored --from-backup WORDS [--new-shard true] [--Halyard:Database=PATH]; WORDS "
                    + $"name the backup, at most {MaxWords} characters, and stay in the log for ever."
            );
            return Usage;
        }
        try
        {
            builder.AddPublishedLedger(builder.AddHalyardStore());
            using var host = builder.Build();
            var services = host.Services;
            var store = services.GetRequiredService<IStore>();
            var open = builder.Configuration["new-shard"] == "true";
            var lost = false;
            foreach (var tenant in await store.TenantsAsync(CancellationToken.None))
                lost |= !await RecordAsync(tenant, (backup, open), store, services);
            return lost ? Refused : Ok;
        }
        catch (Exception refused) when (refused is IOException or OptionsValidationException)
        {
            // A running server has the store, or a file cannot be used: the operator can mend either.
            await Console.Error.WriteLineAsync(refused.Message);
            return Refused;
        }
    }

    private static async ValueTask<bool> RecordAsync(
        string tenant,
        (string Backup, bool NewShard) wanted,
        IStore store,
        IServiceProvider services
    )
    {
        if (await store.HeadAsync(tenant, CancellationToken.None) is not { } head)
            return true;
        var restored = new RestoredLog(
            head,
            store,
            services.GetRequiredService<ProofReader>(),
            services.GetRequiredService<ChangeService>(),
            services.GetRequiredService<Entropy>()
        );
        var anchors = services.GetRequiredService<Anchors>().All.OfType<ObjectAnchor>().Select(anchor => anchor.Objects);
        try
        {
            var found = await restored.FindAsync(
                [services.GetRequiredService<PublishedObjects>().Objects, .. anchors],
                CancellationToken.None
            );
            if (found.Lost.Count > 0 && !wanted.NewShard)
            {
                await Console.Error.WriteLineAsync(
                    $"{tenant}: {found.Words}. Nothing was recorded. Put a newer backup back; or, where there is none, say "
                        + "--new-shard true: the log then goes on under another name and says what was lost, for ever."
                );
                return false;
            }
            Console.WriteLine($"{tenant}: {await RecordAsync(restored, wanted.Backup, found)}");
            return true;
        }
        catch (LedgerAlarmException contradiction)
        {
            await Console.Error.WriteLineAsync($"{tenant}: {contradiction.Message}. Nothing was recorded.");
            return false;
        }
    }

    private static async ValueTask<string> RecordAsync(RestoredLog restored, string backup, Restoration found)
    {
        if (found.Lost.Count == 0)
        {
            var recorded = await restored.RecordAsync(backup, found.Last, CancellationToken.None);
            return $"recorded as entry {recorded}; "
                + (
                    found.Last is null
                        ? "no checkpoint was found."
                        : $"every checkpoint up to {found.Last.Size} entries is part of the log."
                );
        }
        var index = await restored.OpenShardAsync(backup, found, CancellationToken.None);
        return $"{found.Words}. The log goes on under another name from entry {index} on, which says so.";
    }
}
