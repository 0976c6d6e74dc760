using Halyard.Benchmarks.Measuring;

namespace Halyard.Benchmarks.Serving;

/// <summary>
/// OFREP over HTTP with wrk, one flag and all of 100, beside a floor that only reads tokens and writes prepared bytes. The two
/// servers are asked in turn, round by round, and each ratio is of one round: neighbours on the machine slow both.
/// </summary>
internal static class ServingScenario
{
    public const int DefaultRounds = 7;

    private const string All = "/ofrep/v1/evaluate/flags";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(string program, int rounds)
    {
        Machine.Describe();
        using var folder = new ScratchFolder();
        await using var halyard = await ServerUnderTest.StartAsync(program, [], ("Halyard__Database", folder.File("halyard.db")));
        var key = await ServedProject.CreateAsync(halyard.Client, halyard.Administrator);
        halyard.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var (one, all) = (folder.File("one.json"), folder.File("all.json"));
        await File.WriteAllBytesAsync(
            one,
            await ServedProject.PostAsync(halyard.Client, $"{All}/{ServedProject.OneFlag}", ServedProject.Question)
        );
        await File.WriteAllBytesAsync(all, await ServedProject.PostAsync(halyard.Client, All, ServedProject.Question));
        await using var floor = await ServerUnderTest.StartAsync(Environment.ProcessPath!, ["http-floor", one, all]);

        var wrk = Wrk.Posting(folder.File("post.lua"), key, ServedProject.Question);
        Console.WriteLine(
            $"answers: one flag {new FileInfo(one).Length:N0} bytes, {ServedProject.Flags} flags {new FileInfo(all).Length:N0} bytes"
        );
        await CompareAsync("one flag", wrk, halyard, floor, $"{All}/{ServedProject.OneFlag}", rounds);
        await CompareAsync($"{ServedProject.Flags} flags", wrk, halyard, floor, All, rounds);
        Console.WriteLine(
            $"median (least–most) of {rounds} rounds of {Round.TotalSeconds:N0} s, 16 connections; load average {Machine.Load}"
        );
    }

    private static async Task CompareAsync(
        string name,
        Wrk wrk,
        ServerUnderTest halyard,
        ServerUnderTest floor,
        string path,
        int rounds
    )
    {
        await wrk.RunAsync(halyard.At(path), WarmUp);
        await wrk.RunAsync(floor.At(path), WarmUp);
        var (ours, least) = (new Figures(), new Figures());
        var (rates, tails, costs) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round < rounds; round++)
        {
            var (a, aCost) = await RoundAsync(wrk, halyard, path);
            var (b, bCost) = await RoundAsync(wrk, floor, path);
            ours.Add(a, aCost);
            least.Add(b, bCost);
            rates.Add(a.Rate / b.Rate * 100);
            tails.Add(a.P99 / b.P99);
            costs.Add(aCost / bCost);
        }
        Console.WriteLine($"{name, -10} Halyard  {ours}");
        Console.WriteLine($"{"", -10} floor    {least}");
        Console.WriteLine(
            $"{"", -10} ratio    {rates.ToString("N1")} % of the floor's rate; p99 {tails.ToString("N2")} ×; processor time {costs.ToString("N2")} ×"
        );
    }

    /// <summary>What wrk saw, and the server's processor time per request in microseconds, which neighbours disturb least.</summary>
    private static async Task<(WrkFigures Figures, double Cost)> RoundAsync(Wrk wrk, ServerUnderTest server, string path)
    {
        var before = server.ProcessorTime;
        var figures = await wrk.RunAsync(server.At(path), Round);
        return (figures, (server.ProcessorTime - before).TotalMicroseconds / figures.Requests);
    }

    private sealed class Figures
    {
        private readonly Spread _rate = new();
        private readonly Spread _p50 = new();
        private readonly Spread _p99 = new();
        private readonly Spread _cost = new();

        public void Add(WrkFigures figures, double cost)
        {
            _rate.Add(figures.Rate);
            _p50.Add(figures.P50);
            _p99.Add(figures.P99);
            _cost.Add(cost);
        }

        public override string ToString() =>
            $"{_rate.ToString("N0")} requests/s   p50 {_p50.ToString("N3")} ms   p99 {_p99.ToString("N2")} ms   processor {_cost.ToString("N1")} µs";
    }
}
