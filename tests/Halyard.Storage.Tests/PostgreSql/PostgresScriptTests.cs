using System.Diagnostics;
using System.Globalization;
using Halyard.Testing;
using Npgsql;

namespace Halyard.Storage.Tests.PostgreSql;

/// <summary>The script that serves a PostgreSQL of one's own, as <c>make run STORE=postgres</c> uses it.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresScriptTests(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Script_ThatIsEnded_EndsItsServer()
    {
        postgres.RequireConnectionString();
        var script = Path.Combine(Suites.RepositoryRoot, "tests", "services", "postgres.sh");
        var start = new ProcessStartInfo(script, ["serve"]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(start).ShouldNotBeNull();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var connectionString = (await process.StandardOutput.ReadLineAsync(patience.Token)).ShouldNotBeNull();
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);

            await process.WaitForExitAsync(patience.Token);

            await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
            await Should.ThrowAsync<NpgsqlException>(async () => await source.OpenConnectionAsync(patience.Token));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
