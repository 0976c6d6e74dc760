using System.Diagnostics;
using Halyard.Benchmarks.Measuring;
using Halyard.Core;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Changes.Simulating;
using Halyard.Core.Policies.Installing;

namespace Halyard.Benchmarks.Simulating;

/// <summary>An imported history replayed through approval policies.</summary>
internal static class SimulationScenario
{
    private const int Rounds = 15;

    public static async Task RunAsync(string history, string policy)
    {
        Machine.Describe();
        using var folder = new ScratchFolder();
        using var tenancy = await Tenancy.OpenAsync(folder.File("simulate.db"));
        await ImportAsync(tenancy, await File.ReadAllBytesAsync(history));
        var simulation = new ChangeSimulation(tenancy.Store, tenancy.Vault, TimeProvider.System);
        var document = new PolicyDocument(null, await File.ReadAllTextAsync(policy));
        var candidate = (await simulation.LoadAsync(Tenancy.Tenant, [document], CancellationToken.None)).Value;
        var (rate, busy) = (new Spread(), new Spread());
        var report = await simulation.RunAsync(Tenancy.Tenant, candidate, All, CancellationToken.None);
        for (var round = 0; round < Rounds; round++)
        {
            var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            report = await simulation.RunAsync(Tenancy.Tenant, candidate, All, CancellationToken.None);
            rate.Add(report.Run.Changes / clock.Elapsed.TotalSeconds);
            busy.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / report.Run.Changes);
        }
        var run = report.Run;
        Console.WriteLine(
            $"{run.Changes:N0} changes: {run.NewlyGated:N0} newly gated, {run.NewlyBlocked:N0} blocked, {run.WithoutApprovers:N0} without approvers"
        );
        Console.WriteLine($"changes/s                {rate.ToString("N0")}");
        Console.WriteLine($"processor time a change  {busy.ToString("F0")} µs");
        Console.WriteLine($"median (least–most) of {Rounds} rounds; load average {Machine.Load}");
    }

    private static SimulatedRange All { get; } = new(null, null, 0);

    private static async Task ImportAsync(Tenancy tenancy, byte[] file)
    {
        var importer = new HistoryImporter(tenancy.Store, tenancy.Vault, tenancy.Changes, Entropy.System, TimeProvider.System);
        var request = new ImportRequest(Tenancy.Admin, Tenancy.Request(1), Tenancy.Project, file, "moving in");
        var last = default(ImportEvent);
        await foreach (var step in importer.ImportAsync(request, CancellationToken.None))
            last = step;
        if (last is not ImportEvent.Finished)
            throw new InvalidOperationException($"The import did not finish: {last}");
    }
}
