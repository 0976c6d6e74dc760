using Halyard.Core;
using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Server.Publishing;
using Halyard.Server.Publishing.Anchoring;
using Microsoft.Extensions.Options;

namespace Halyard.Server.Hosting;

/// <summary>
/// <c>halyard-server store restored --from-backup WORDS</c>: records in every log that its store was put back from a backup, while no server
/// has it open. A log that lost entries which were given out is not recorded: it must not go on under its name.
/// </summary>
internal static class StoreRestoredCommand
{
    private const int Ok = 0;
    private const int Refused = 1;
    private const int Usage = 3;
    private const int MaxWords = 256;

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = args is ["store", "restored", ..] ? Host.CreateApplicationBuilder(args[2..]) : null;
        if (builder?.Configuration["from-backup"] is not { Length: > 0 and <= MaxWords } backup)
        {
            await Console.Error.WriteLineAsync(
                "Usage: halyard-server store restored --from-backup WORDS [--Halyard:Database=PATH]; WORDS name the backup, "
                    + $"at most {MaxWords} characters, and stay in the log for ever."
            );
            return Usage;
        }
        try
        {
            builder.AddPublishedLedger(builder.AddHalyardStore());
            using var host = builder.Build();
            var services = host.Services;
            var store = services.GetRequiredService<IStore>();
            var lost = false;
            foreach (var tenant in await store.TenantsAsync(CancellationToken.None))
                lost |= !await RecordAsync(tenant, backup, store, services);
            return lost ? Refused : Ok;
        }
        catch (Exception refused) when (refused is IOException or OptionsValidationException)
        {
            // A running server has the store, or a file cannot be used: the operator can mend either.
            await Console.Error.WriteLineAsync(refused.Message);
            return Refused;
        }
    }

    private static async ValueTask<bool> RecordAsync(string tenant, string backup, IStore store, IServiceProvider services)
    {
        var restored = new RestoredLog(
            tenant,
            store,
            services.GetRequiredService<ProofReader>(),
            services.GetRequiredService<ChangeService>(),
            services.GetRequiredService<Entropy>()
        );
        List<(string Done, IObjectStore Objects)> places =
        [
            ("published", services.GetRequiredService<PublishedObjects>().Objects),
        ];
        places.AddRange(
            services.GetRequiredService<Anchors>().All.OfType<ObjectAnchor>().Select(anchor => ("anchored", anchor.Objects))
        );
        try
        {
            var last = await restored.CheckAsync(places, CancellationToken.None);
            var index = await restored.RecordAsync(backup, last, CancellationToken.None);
            Console.WriteLine(
                $"{tenant}: recorded as entry {index}; "
                    + (
                        last is null
                            ? "no checkpoint was found."
                            : $"every checkpoint up to {last.Size} entries is part of the log."
                    )
            );
            return true;
        }
        catch (LedgerAlarmException lost)
        {
            await Console.Error.WriteLineAsync(
                $"{tenant}: {lost.Message}. Nothing was recorded. This log stays as it was published and is not signed again; "
                    + "put a newer backup back. Going on under a new name is not part of this version."
            );
            return false;
        }
    }
}
