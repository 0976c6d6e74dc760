using Halyard.Cli;

return await CommandLine.RunAsync(args, CliHost.System(), CancellationToken.None);
