namespace Halyard.Server.Hosting;

/// <summary>What the commands of operators start from: the settings of the server, wherever they are given.</summary>
internal static class CommandHost
{
    /// <summary>
    /// Reads the settings as the server does: those beside the program, then the environment, then the arguments. The working
    /// directory has no say.
    /// </summary>
    public static HostApplicationBuilder CreateBuilder(string[] args)
    {
        var configuration = new ConfigurationManager();
        // What ASP.NET Core reads first, and a host without it does not read by itself.
        configuration.AddEnvironmentVariables("ASPNETCORE_");
        return Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings
            {
                Args = args,
                ContentRootPath = AppContext.BaseDirectory,
                Configuration = configuration,
            }
        );
    }
}
