using Halyard.Core;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Native;

/// <summary>
/// Connections to one database. What fails for a reason that passes (a fail-over, a dropped connection, a deadlock) is tried again
/// for as long as <see cref="PostgreSqlStoreOptions.RetryFor"/>; what fails for good is an <see cref="IOException"/>.
/// </summary>
internal sealed class Database(NpgsqlDataSource source, TimeSpan retryFor, TimeProvider time, Entropy entropy) : IAsyncDisposable
{
    private const int FirstDelayMilliseconds = 5;
    private const int LongestDelayMilliseconds = 500;

    // The role ends a session, the server stops or starts, or what was the primary is none any more.
    private static readonly string[] PassingStates =
    [
        PostgresErrorCodes.AdminShutdown,
        PostgresErrorCodes.CrashShutdown,
        PostgresErrorCodes.CannotConnectNow,
        PostgresErrorCodes.ReadOnlySqlTransaction,
        "25P03", // idle_in_transaction_session_timeout
    ];

    /// <summary>A connection of one's own, not tried again.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        source.OpenConnectionAsync(cancellationToken);

    /// <summary>
    /// Does something that may be done twice: it is tried again from its beginning, with the number of tries before it.
    /// </summary>
    /// <exception cref="IOException">The database refuses, or cannot be reached for longer than is waited.</exception>
    public async ValueTask<T> DoAsync<T>(
        Func<NpgsqlConnection, int, CancellationToken, ValueTask<T>> work,
        CancellationToken cancellationToken
    )
    {
        var began = time.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return await work(connection, tries, cancellationToken);
            }
            catch (NpgsqlException broken) when (Passes(broken) && time.GetElapsedTime(began) < retryFor)
            {
                // Where one connection broke, those that wait in the pool are broken too.
                if (
                    broken
                    is not PostgresException
                    {
                        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
                    }
                )
                    source.Clear();
            }
            catch (NpgsqlException broken)
            {
                throw Failure(broken);
            }
            await Task.Delay(Delay(tries), time, cancellationToken);
        }
    }

    /// <summary>The same, for what does not ask how often it was tried.</summary>
    public ValueTask<T> DoAsync<T>(
        Func<NpgsqlConnection, CancellationToken, ValueTask<T>> work,
        CancellationToken cancellationToken
    ) => DoAsync((connection, _, cancellation) => work(connection, cancellation), cancellationToken);

    /// <summary>Does something that must not be done twice: where it breaks, the caller decides.</summary>
    /// <exception cref="IOException">The database refuses or cannot be reached; whether it took effect is not known.</exception>
    public async ValueTask DoOnceAsync(
        Func<NpgsqlConnection, CancellationToken, ValueTask> work,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await work(connection, cancellationToken);
        }
        catch (NpgsqlException broken)
        {
            throw Failure(broken);
        }
    }

    /// <summary>Whether this is because the database cannot be reached, rather than because of what was asked of it.</summary>
    public static bool IsAway(Exception problem) =>
        problem is IOException { InnerException: NpgsqlException broken } && Passes(broken);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static IOException Failure(NpgsqlException broken) => new($"PostgreSQL: {broken.Message}", broken);

    private static bool Passes(NpgsqlException broken) =>
        broken.IsTransient || (broken is PostgresException { SqlState: var state } && PassingStates.Contains(state));

    // Twice as long each time, half of it by chance, so that those who met do not meet again.
    private TimeSpan Delay(int tries)
    {
        Span<byte> chance = stackalloc byte[1];
        entropy.Fill(chance);
        var most = Math.Min(FirstDelayMilliseconds << Math.Min(tries, 10), LongestDelayMilliseconds);
        return TimeSpan.FromMilliseconds(most * (1 + (chance[0] / 255.0)) / 2);
    }
}
