using Halyard.Core.Storage;

namespace Halyard.Server.Hosting;

/// <summary><c>halyard-server store vacuum</c>: what an operator does with the store while no server has it open.</summary>
internal static class StoreCommand
{
    private const int Ok = 0;
    private const int Refused = 1;
    private const int Usage = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["store", "vacuum", ..])
        {
            await Console.Error.WriteLineAsync("Usage: halyard-server store vacuum [--Halyard:Database=PATH]");
            return Usage;
        }
        var builder = Host.CreateApplicationBuilder(args[2..]);
        builder.AddHalyardStore();
        using var host = builder.Build();
        try
        {
            host.Services.GetRequiredService<IMaintenance>().Compact();
        }
        catch (IOException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return Refused;
        }
        Console.WriteLine("Nothing of what was deleted is left in the store's files.");
        return Ok;
    }
}
