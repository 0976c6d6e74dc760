using System.Globalization;
using Halyard.Crash;

// Halyard.Crash write STORE SEED PRODUCERS  what gets killed: changes through the real pipeline, acknowledged on standard output
// Halyard.Crash timers FILE SEED PRODUCERS  what gets killed too: timers set, cleared, taken and finished
// Halyard.Crash requests FILE SEED PRODUCERS  and too: change requests made, voted on, applied and timed out
// Halyard.Crash run [KILLS] [SEED]          kills it again and again and checks a SQLite file each time
switch (args)
{
    case ["write", var store, var seed, var producers]:
        await Workload.RunAsync(CrashTarget.Parse(store), Number(seed), Number(producers));
        return 0;
    case ["timers", var file, var seed, var producers]:
        await TimerWorkload.RunAsync(file, Number(seed), Number(producers));
        return 0;
    case ["requests", var file, var seed, var producers]:
        await RequestWorkload.RunAsync(file, Number(seed), Number(producers));
        return 0;
    case ["run", .. var rest]:
        using (var stores = new SqliteCrashStores())
        {
            var report = await new CrashRun(stores).RunAsync(
                rest.Length > 0 ? Number(rest[0]) : 25,
                rest.Length > 1 ? Number(rest[1]) : 1
            );
            Console.WriteLine(report);
        }
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            "usage: Halyard.Crash write STORE|timers FILE|requests FILE SEED PRODUCERS | run [KILLS] [SEED]"
        );
        return 3;
}

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
