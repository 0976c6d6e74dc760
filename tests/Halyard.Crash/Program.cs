using System.Globalization;
using Halyard.Crash;

// Halyard.Crash write STORE SEED PRODUCERS  what gets killed: changes through the real pipeline, acknowledged on standard output
// Halyard.Crash timers STORE SEED PRODUCERS  what gets killed too: timers set, cleared, taken and finished
// Halyard.Crash requests STORE SEED PRODUCERS  and too: change requests made, voted on, applied and timed out
// Halyard.Crash await-STEP STORE AWAIT PRODUCERS  kills itself at an await of a step of the approval path
// Halyard.Crash run [KILLS] [SEED]          kills it again and again and checks a SQLite file each time
const string Await = "await-";
switch (args)
{
    case ["write", var store, var seed, var producers]:
        await Workload.RunAsync(CrashTarget.Parse(store), Number(seed), Number(producers));
        return 0;
    case ["timers", var store, var seed, var producers]:
        await TimerWorkload.RunAsync(CrashTarget.Parse(store), Number(seed), Number(producers));
        return 0;
    case ["requests", var store, var seed, var producers]:
        await RequestWorkload.RunAsync(CrashTarget.Parse(store), Number(seed), Number(producers));
        return 0;
    case [var mode, var store, var deadly, _] when mode.StartsWith(Await, StringComparison.Ordinal):
        await AwaitCrashRun.DieAsync(store, Enum.Parse<ApprovalStep>(mode[Await.Length..]), Number(deadly));
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
            "usage: Halyard.Crash write STORE|timers FILE|requests STORE SEED PRODUCERS | run [KILLS] [SEED]"
        );
        return 3;
}

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
