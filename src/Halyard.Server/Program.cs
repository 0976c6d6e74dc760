using Halyard.Core.Storage;
using Halyard.Server.Hosting;
using Microsoft.Extensions.Options;

switch (args)
{
    case ["tenant", ..]:
        return await TenantCommand.RunAsync(args);
    case ["key", ..]:
        return await KeyCommand.RunAsync(args);
    case ["store", "diff", ..]:
        return await StoreDiffCommand.RunAsync(args, Console.Out, Console.Error);
    case ["store", "vacuum", ..]:
        return await StoreVacuumCommand.RunAsync(args, Console.Out, Console.Error);
    case ["store", "copy" or "backup" or "restore", ..]:
        return await StoreCopyCommand.RunAsync(args, Console.Out, Console.Error);
    case ["store", ..]:
        return await StoreRestoredCommand.RunAsync(args);
    case ["sign", ..]:
        return await SignCommand.RunAsync(args);
}

// Settings lie beside the program; the working directory may be anything, and large.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
try
{
    builder.AddHalyardServer();
    var app = builder.Build();
    // Opened before the host starts, so that a store that cannot be opened is one sentence.
    _ = app.Services.GetRequiredService<IStore>();
    app.MapHalyard();
    await app.RunAsync();
    return 0;
}
catch (Exception refused) when (refused is IOException or OptionsValidationException)
{
    // A setting, the database or the address cannot be used: the operator can mend it, and needs no stack trace for that.
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
