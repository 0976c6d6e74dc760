using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Halyard.Benchmarks.Measuring;
using Halyard.Benchmarks.Serving;
using Npgsql;

namespace Halyard.Benchmarks.Postgres;

/// <summary>
/// Server processes on one PostgreSQL: how long after a change on one of them another one evaluates the new value, as OFREP tells it to a
/// client that asks all the time.
/// </summary>
internal static class PropagationScenario
{
    public const int DefaultNodes = 2;

    private const int WarmUps = 100;
    private const int Changes = 600;
    private const string Flag = "propagated";
    private const string Question = """{"context":{"targetingKey":"user-0123456789abcde"}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Changes one flag again and again by the first server and looks at the second; of three or more the last is killed half-way
    /// through.
    /// </summary>
    /// <param name="program">The server.</param>
    /// <param name="nodes">How many of it there are, 2 or more.</param>
    public static async Task RunAsync(string program, int nodes)
    {
        Machine.Describe();
        using var folder = new ScratchFolder();
        var schema = $"propagation_{Environment.ProcessId}";
        await using var fleet = await Fleet.StartAsync(program, folder, schema, nodes);
        var servers = fleet.Servers;
        try
        {
            var (changed, asked) = (servers[0].Client, servers[1].Client);
            asked.DefaultRequestHeaders.Authorization = new("Bearer", await FlagAsync(changed, servers[0].Administrator));
            var (fromSending, fromAnswer) = (new Spread(), new Spread());
            for (var change = 1; change <= WarmUps + Changes; change++)
            {
                if (nodes > DefaultNodes && change == WarmUps + (Changes / 2))
                    await fleet.KillLastAsync();
                var (sent, answered) = await PropagateAsync(changed, asked, change);
                if (change <= WarmUps)
                    continue;
                fromSending.Add(sent);
                fromAnswer.Add(answered);
            }
            Console.WriteLine(
                $"{nodes} servers{(nodes > DefaultNodes ? ", the last killed half-way" : "")}, {Changes} changes, milliseconds until the other server has it:"
            );
            Print("from sending the change", fromSending);
            Print("from its answer", fromAnswer);
            Console.WriteLine($"load average {Machine.Load}");
        }
        finally
        {
            await DropAsync(schema);
        }
    }

    private static void Print(string since, Spread spread) =>
        Console.WriteLine(
            $"{since, -26} p50 {spread.Median, 6:F1}   p90 {spread.At(0.9), 6:F1}   p99 {spread.At(0.99), 6:F1}   most {spread.At(1), 6:F1}"
        );

    private static async Task<string> FlagAsync(HttpClient client, string administrator)
    {
        var key = await ServedProject.CreateAsync(client, administrator);
        await ServedProject.PostAsync(client, "/api/v1/projects/web/flags", $$"""{"key":"{{Flag}}"}""");
        return key;
    }

    /// <summary>How long it takes from sending one change, and from its answer, until the other server says so.</summary>
    private static async Task<(double FromSending, double FromAnswer)> PropagateAsync(
        HttpClient changed,
        HttpClient asked,
        int revision
    )
    {
        var enabled = revision % 2 == 1;
        var seeing = SeeAsync(asked, enabled);
        var sent = Stopwatch.GetTimestamp();
        await ServedProject.PostAsync(
            changed,
            "/api/v1/projects/web/changes",
            $$"""
            {"operations":[{"op":"setEnabled","flag":"{{Flag}}","environment":"live","enabled":{{(
                enabled ? "true" : "false"
            )}},"baseRevision":{{revision}}}]}
            """
        );
        var answered = Stopwatch.GetTimestamp();
        var seen = await seeing;
        return (
            Stopwatch.GetElapsedTime(sent, seen).TotalMilliseconds,
            Math.Max(0, Stopwatch.GetElapsedTime(answered, seen).TotalMilliseconds)
        );
    }

    /// <summary>Asks until the flag has this value, and tells when the answer with it had come.</summary>
    private static async Task<long> SeeAsync(HttpClient client, bool enabled)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using var content = new StringContent(Question, Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(
                new Uri($"/ofrep/v1/evaluate/flags/{Flag}", UriKind.Relative),
                content,
                patience.Token
            );
            var body = await answer.Content.ReadAsByteArrayAsync(patience.Token);
            var now = Stopwatch.GetTimestamp();
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.TryGetProperty("value", out var value) && value.GetBoolean() == enabled)
                return now;
        }
    }

    private static async Task DropAsync(string schema)
    {
        await using var connection = new NpgsqlConnection(PostgresScenario.ConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The name is made here.
        await using var drop = new NpgsqlCommand($"DROP SCHEMA {schema} CASCADE; DROP SCHEMA {schema}_keys CASCADE", connection);
#pragma warning restore CA2100
        await drop.ExecuteNonQueryAsync();
    }

    /// <summary>Servers on one schema, and the signer of their checkpoints.</summary>
    private sealed class Fleet : IAsyncDisposable
    {
        private readonly List<ServerUnderTest> _servers = [];
        private ServerUnderTest? _signer;

        public IReadOnlyList<ServerUnderTest> Servers => _servers;

        public static async Task<Fleet> StartAsync(string program, ScratchFolder folder, string schema, int nodes)
        {
            var fleet = new Fleet();
            var (tokenFile, token) = (folder.File("token"), new string('t', 40));
            await File.WriteAllTextAsync(tokenFile, token);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(tokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            fleet._signer = await ServerUnderTest.StartSignerAsync(program, folder, tokenFile, token);
            for (var node = 0; node < nodes; node++)
                fleet._servers.Add(
                    await ServerUnderTest.StartAsync(
                        program,
                        [],
                        ("Halyard__Store", "postgres"),
                        ("Halyard__PostgreSql__ConnectionString", PostgresScenario.ConnectionString),
                        ("Halyard__PostgreSql__Schema", schema),
                        ("Halyard__Database", folder.File("halyard.db")),
                        ("Halyard__Identity__Local__AdminEmail", ""),
                        ("Halyard__Signing__Url", fleet._signer.At("").ToString().TrimEnd('/')),
                        ("Halyard__Signing__TokenFile", tokenFile)
                    )
                );
            return fleet;
        }

        public async Task KillLastAsync()
        {
            await _servers[^1].DisposeAsync();
            _servers.RemoveAt(_servers.Count - 1);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var server in _servers)
                await server.DisposeAsync();
            if (_signer is not null)
                await _signer.DisposeAsync();
        }
    }
}
