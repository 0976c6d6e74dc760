using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Server.Publishing.Signing;
using Microsoft.Extensions.Options;

namespace Halyard.Server.Hosting;

/// <summary>
/// <c>halyard-server key rotate</c>: puts a new signing key in place of the current one, while no server has the store open, and
/// records it in every log. With <c>--key FILE</c> it replaces the key of a signer in a process of its own; the server then records
/// the new key by itself.
/// </summary>
internal static class KeyCommand
{
    private const int Ok = 0;
    private const int Refused = 1;
    private const int Usage = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["key", "rotate", ..])
        {
            await Console.Error.WriteLineAsync(
                "Usage: halyard-server key rotate [--Halyard:Database=PATH], or key rotate --key FILE for a signer of its own."
            );
            return Usage;
        }
        try
        {
            var builder = CommandHost.CreateBuilder(args[2..]);
            if (builder.Configuration["key"] is { Length: > 0 } file)
            {
                Rotate(Path.GetFullPath(file), builder.Configuration["Halyard:Signing:Passphrase"] ?? "");
                Console.WriteLine("Restart the signer; the server records the new key in its logs.");
                return Ok;
            }
            return await RotateOwnAsync(builder);
        }
        catch (Exception refused) when (refused is IOException or OptionsValidationException)
        {
            // A running server has the store, or a file cannot be used: the operator can mend either.
            await Console.Error.WriteLineAsync(refused.Message);
            return Refused;
        }
    }

    private static async Task<int> RotateOwnAsync(HostApplicationBuilder builder)
    {
        var options = builder.AddPublishedLedger(builder.AddHalyardStore());
        if (options.Signing.Url.Length > 0)
        {
            await Console.Error.WriteLineAsync(
                $"The key is the signer's at {options.Signing.Url}; run 'halyard-server key rotate --key FILE' there."
            );
            return Refused;
        }
        using var host = builder.Build();
        // Opened first: a server that runs would go on signing with the old key.
        var store = host.Services.GetRequiredService<IStore>();
        Rotate(options.Signing.Key, options.Signing.Passphrase);
        var recorder = host.Services.GetRequiredService<KeyRecorder>();
        foreach (var tenant in await store.TenantsAsync(CancellationToken.None))
            await recorder.RecordAsync(tenant, CancellationToken.None);
        return Ok;
    }

    private static void Rotate(string file, string passphrase)
    {
        var (old, current) = KeyRing.Rotate(file, passphrase, Entropy.System, TimeProvider.System);
        Console.WriteLine($"Old key: {old}");
        Console.WriteLine($"New key: {current}");
        Console.WriteLine($"For {KeyRing.Overlap.TotalHours} hours checkpoints are signed with both.");
    }
}
