using Halyard.Server.Hosting;

if (args is ["tenant", ..])
    return await TenantCommand.RunAsync(args);

var builder = WebApplication.CreateBuilder(args);
builder.AddHalyardServer();
var app = builder.Build();
app.MapHalyard();
await app.RunAsync();
return 0;
