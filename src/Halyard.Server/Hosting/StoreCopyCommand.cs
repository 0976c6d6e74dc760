using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Copying;
using Halyard.Core.Storage.Privacy;
using Microsoft.Extensions.Options;

namespace Halyard.Server.Hosting;

/// <summary>
/// <c>halyard-server store copy</c>, <c>backup</c> and <c>restore</c>: all of a store, written to another and compared there with what
/// its logs say.
/// </summary>
internal sealed class StoreCopyCommand(TextWriter output, TextWriter error)
{
    private const int Done = 0;
    private const int Refused = 2;
    private const int Usage = 3;

    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) =>
        new StoreCopyCommand(output, error).RunAsync(args);

    private async Task<int> RunAsync(string[] args)
    {
        try
        {
            switch (args)
            {
                case [_, "copy", .. var rest]:
                    return await CopyAsync(CommandHost.CreateBuilder(rest).Configuration);
                case [_, "backup", var file, .. var rest] when !file.StartsWith('-'):
                    return await BackUpAsync(file, StorePlace.Own(CommandHost.CreateBuilder(rest).Configuration));
                case [_, "restore", var file, .. var rest] when !file.StartsWith('-'):
                    return await RestoreAsync(file, StorePlace.Own(CommandHost.CreateBuilder(rest).Configuration));
                case [_, var verb, ..]:
                    await error.WriteLineAsync($"Usage: halyard-server store {verb} FILE [--Halyard:Database=PATH …]");
                    return Usage;
                default:
                    return Usage;
            }
        }
        catch (Exception refused) when (refused is IOException or OptionsValidationException)
        {
            // A running server has a store, one is not empty, or cannot be reached: the operator can mend that.
            await error.WriteLineAsync(refused.Message);
            return Refused;
        }
    }

    private async Task<int> CopyAsync(ConfigurationManager configuration)
    {
        if (
            StorePlace.Read(configuration["from"], configuration) is not { } from
            || StorePlace.Read(configuration["to"], configuration) is not { } to
        )
        {
            await error.WriteLineAsync(
                $"Usage: halyard-server store copy --from STORE --to STORE [--Halyard:…]; STORE is {StorePlace.Form}."
            );
            return Usage;
        }
        return await CopyAsync(from, to);
    }

    private async Task<int> BackUpAsync(string file, HalyardOptions own)
    {
        if (File.Exists(file))
            throw new IOException($"'{file}' exists; a backup replaces nothing.");
        await using var services = StorePlace.Open(own);
        if (services.GetService<IOnlineBackup>() is not { } online)
            return await CopyAsync(own, StorePlace.File(file, own));
        online.BackUp(file);
        return await CompareAsync(StorePlace.File(file, own));
    }

    private async Task<int> RestoreAsync(string file, HalyardOptions own)
    {
        var result = await CopyAsync(StorePlace.File(file, own), own);
        if (result == Done)
            await output.WriteLineAsync(
                "Record it in the logs before a server starts: halyard-server store restored --from-backup WORDS"
            );
        return result;
    }

    private async Task<int> CopyAsync(HalyardOptions from, HalyardOptions to)
    {
        await using (var source = StorePlace.Open(from))
        await using (var target = StorePlace.Open(to))
        {
            var copy = new StoreCopy(StorePlace.Copies(source), StorePlace.Copies(target));
            foreach (var head in await copy.RunAsync(Tell, CancellationToken.None))
                await output.WriteLineAsync($"{head.Tenant}: {head.Range.Size} entries copied, root {head.Range.Root}");
        }
        return await CompareAsync(to);
    }

    /// <summary>Opens the copy as a server would, and compares it with what its logs say.</summary>
    private async Task<int> CompareAsync(HalyardOptions options)
    {
        await using var services = StorePlace.Open(options);
        var store = services.GetRequiredService<IStore>();
        var diff = new StoreDiff(store, services.GetRequiredService<PersonalVault>());
        var differs = false;
        foreach (var tenant in await store.TenantsAsync(CancellationToken.None))
        {
            var result = await diff.RunAsync(tenant, progress: null, CancellationToken.None);
            foreach (var difference in result.Differences)
                await error.WriteLineAsync($"{tenant}: {difference}");
            differs |= !result.IsComplete || result.Differences.Count > 0;
            await output.WriteLineAsync($"{tenant}: {result.Entries} entries compared, {result.Differences.Count} differences");
        }
        return differs ? Refused : Done;
    }

    private void Tell(CopyProgress progress)
    {
        var tenant = progress.Tenant.Length == 0 ? "keys" : progress.Tenant;
        var of = progress.Of is { } all ? $" of {all}" : "";
        output.WriteLine($"{tenant}: {progress.What} {progress.Done}{of}");
    }
}
