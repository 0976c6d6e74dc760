using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Authentication;

/// <summary>
/// Remembers in which hour each credential was used last, so that those that nobody needs can be found. Beside the log: a use is no
/// change, and an entry for each would bury the others.
/// </summary>
internal sealed class CredentialUse(IMarks marks)
{
    private const string Prefix = "used/";
    private const long SecondsOfHour = 3_600;

    private readonly ConcurrentQueue<(string Tenant, string Id, long Hour)> _waiting = new();

    /// <summary>A credential was used; costs nothing but for the first time in an hour.</summary>
    public void Note(CredentialDirectory.Holder holder, DateTimeOffset now)
    {
        var hour = now.ToUnixTimeSeconds() / SecondsOfHour;
        if (holder.IsFirstIn(hour))
            _waiting.Enqueue((holder.Tenant, holder.Id, hour));
    }

    /// <summary>Brings what was noted to the store.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        while (_waiting.TryDequeue(out var used))
        {
            var name = Prefix + used.Id;
            var value = Encoding.UTF8.GetBytes(used.Hour.ToString(CultureInfo.InvariantCulture));
            while (true)
            {
                var mark = await marks.MarkAsync(used.Tenant, name, cancellationToken);
                if (mark is not null && HourOf(mark) >= used.Hour)
                    break;
                if (await marks.SetMarkAsync(used.Tenant, name, mark?.Version ?? 0, value, cancellationToken))
                    break;
            }
        }
    }

    /// <summary>The hour in which each credential was used last, as the time at which it began; those never used left out.</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>> LastAsync(string tenant, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        return (await marks.MarksAsync(tenant, Prefix, cancellationToken)).ToDictionary(
            mark => mark.Name[Prefix.Length..],
            mark => Rfc3339.Format(DateTimeOffset.FromUnixTimeSeconds(HourOf(mark) * SecondsOfHour)),
            StringComparer.Ordinal
        );
    }

    private static long HourOf(Mark mark) => long.Parse(Encoding.UTF8.GetString(mark.Value), CultureInfo.InvariantCulture);
}

/// <summary>Brings what was noted to the store every minute, and once more when the server stops.</summary>
internal sealed partial class CredentialUseFlusher(CredentialUse use, TimeProvider time, ILogger<CredentialUseFlusher> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await use.FlushAsync(cancellationToken);
        }
#pragma warning disable CA1031 // When a credential was used is worth a line of the server's log, not the server.
        catch (Exception broken) when (broken is not OperationCanceledException)
#pragma warning restore CA1031
        {
            CannotNote(broken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "When credentials were last used cannot be stored.")]
    private partial void CannotNote(Exception broken);
}
