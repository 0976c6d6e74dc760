using Halyard.Server.Authentication;

namespace Halyard.Server.Hosting;

/// <summary><c>halyard-server tenant create KEY</c>: makes a tenant through the pipeline, while no server has the store open.</summary>
internal static class TenantCommand
{
    private const int Ok = 0;
    private const int Refused = 1;
    private const int Usage = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["tenant", "create", var key, ..] || !TenantKeys.Form().IsMatch(key))
        {
            await Console.Error.WriteLineAsync(
                "Usage: halyard-server tenant create KEY [--Halyard:Database=PATH]; KEY is 1 to 40 of a-z, 0-9 and '-'."
            );
            return Usage;
        }
        var builder = CommandHost.CreateBuilder(args[3..]);
        builder.AddHalyardStore();
        using var host = builder.Build();
        string? token;
        try
        {
            token = await host.Services.GetRequiredService<FirstStart>().EnsureTenantAsync(key, key, CancellationToken.None);
        }
        catch (IOException refused)
        {
            // A running server has the store, or its folder cannot be written: the operator can mend either.
            await Console.Error.WriteLineAsync(refused.Message);
            return Refused;
        }
        if (token is null)
        {
            await Console.Error.WriteLineAsync($"There is a tenant '{key}' already.");
            return Refused;
        }
        Console.WriteLine($"Tenant '{key}' created. Administrator token (shown this once): {token}");
        return Ok;
    }
}
