using Halyard.Core.Storage;

namespace Halyard.Server.Hosting;

/// <summary><c>halyard-server store vacuum</c>: leaves nothing of what was deleted, while no server has the store open.</summary>
internal static class StoreVacuumCommand
{
    private const int Done = 0;
    private const int Refused = 2;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var builder = CommandHost.CreateBuilder(args[2..]);
        builder.AddHalyardStore();
        using var host = builder.Build();
        try
        {
            host.Services.GetRequiredService<IMaintenance>().Compact();
        }
        catch (IOException refused)
        {
            await error.WriteLineAsync(refused.Message);
            return Refused;
        }
        await output.WriteLineAsync("Nothing of what was deleted is left in the files of the store and of its keys.");
        return Done;
    }
}
