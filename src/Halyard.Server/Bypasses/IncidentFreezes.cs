using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Reading;
using Halyard.Core.Storage;

namespace Halyard.Server.Bypasses;

/// <summary>
/// Lifts the freezes whose incident is over, by asking the source of incidents. Only its clear word that an incident is over lifts:
/// what it does not know, does not answer, or calls by a state that nobody declared stays frozen until somebody lifts it by hand.
/// </summary>
internal sealed partial class IncidentFreezes(
    IIncidentSource source,
    ProjectReader reader,
    ChangeService changes,
    IStore store,
    Entropy entropy,
    TimeProvider time,
    ILogger<IncidentFreezes> logger
) : BackgroundService
{
    private const int PageSize = 100;

    /// <summary>How often the source is asked.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Asks once about every freeze that waits for its incident.</summary>
    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in await store.TenantsAsync(cancellationToken))
        {
            var waiting = await WaitingAsync(tenant, cancellationToken);
            foreach (var freezes in waiting.GroupBy(freeze => freeze.Settings.ForIncident!, StringComparer.Ordinal))
            {
                if (await source.FindAsync(freezes.Key, cancellationToken) is not IncidentReport.Known { IsOver: true })
                    continue;
                foreach (var freeze in freezes)
                    await LiftAsync(tenant, freeze, freezes.Key, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PassAsync(stoppingToken);
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(broken);
            }
        }
    }

    private async ValueTask<List<Freeze>> WaitingAsync(string tenant, CancellationToken cancellationToken)
    {
        var waiting = new List<Freeze>();
        string? cursor = null;
        do
        {
            var (items, next) = await reader.ListAsync(
                tenant,
                ResourceKind.Freeze,
                "",
                resource => resource is Freeze { Settings: { IsOpen: true, ForIncident: not null } },
                cursor,
                PageSize,
                cancellationToken
            );
            waiting.AddRange(items.Select(item => (Freeze)item.Resource));
            cursor = next;
        } while (cursor is not null);
        return waiting;
    }

    private async ValueTask LiftAsync(string tenant, Freeze freeze, string incident, CancellationToken cancellationToken)
    {
        var change = Change.Edit(
            "",
            [new LiftFreeze(freeze.Key, incident, time.GetUtcNow())],
            "the source of incidents says that the incident is over",
            incident: incident,
            action: "freeze.update"
        );
        var submission = new Submission(Actor.System(tenant), RequestContext.Internal(entropy.NewId("q")), change);
        var result = await changes.SubmitAsync(submission, cancellationToken);
        // Where somebody lifted it meanwhile there is nothing left to do; all else is tried again.
        if (result.Error is { } error)
            LogNotLifted(freeze.Key, tenant, $"{error}");
        else if (result.Value is Outcome.Denied denied)
            LogNotLifted(freeze.Key, tenant, denied.Reason);
    }

    [LoggerMessage(LogLevel.Error, "Freezes that wait for their incident could not be looked at.")]
    private partial void LogFailed(Exception broken);

    [LoggerMessage(LogLevel.Warning, "Freeze '{Freeze}' of tenant '{Tenant}' could not be lifted: {Problem}")]
    private partial void LogNotLifted(string freeze, string tenant, string problem);
}
