using Halyard.Server.Hosting;

if (args is ["tenant", ..])
    return await TenantCommand.RunAsync(args);

// Settings lie beside the program; the working directory may be anything, and large.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddHalyardServer();
var app = builder.Build();
app.MapHalyard();
await app.RunAsync();
return 0;
