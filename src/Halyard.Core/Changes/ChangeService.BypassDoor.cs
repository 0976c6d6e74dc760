using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Reading;

namespace Halyard.Core.Changes;

/// <content>
/// What comes before an emergency bypass is worked out, and that may take long: whoever may not have one costs two reads, and the
/// source of incidents is asked once for all attempts, before the first.
/// </content>
public sealed partial class ChangeService
{
    /// <summary>The submission with what the source said of its incident, or the answer where that is the end of it.</summary>
    private async ValueTask<(Submission Informed, Result<Outcome>? Answer)> InquireAsync(
        Submission submission,
        CancellationToken cancellationToken
    )
    {
        var tenant = submission.Actor.Tenant;
        if (submission.Change.Bypass is BypassAct.Begin begin)
        {
            var wanted = begin.Operation;
            var place = new BypassPlace(wanted.Project, wanted.Flag, wanted.Environment);
            return await InquireAsync(submission, place, begin.Incident, _bypassing.Terms.Roles.Contains, cancellationToken);
        }
        if (submission.Change.Bypass is not BypassAct.Confirm confirm)
            return (submission, null);
        var slice = await store.LoadAsync(tenant, [confirm.Bypass], [], cancellationToken);
        if (!slice.Resources.TryGetValue(confirm.Bypass, out var stored))
            return (
                submission,
                await UnlessDeniedAsync(submission, null, new Error.NotFound("bypass", confirm.Bypass.Key), cancellationToken)
            );
        var bypass = (EmergencyBypass)ResourceDocuments.Read(confirm.Bypass, stored.Document);
        if (bypass.State != BypassState.Waiting)
            return (submission, await UnlessDeniedAsync(submission, null, Over(bypass), cancellationToken));
        var where = new BypassPlace(bypass.Project, bypass.Effect.Flag, bypass.Effect.Environment.Key);
        return await InquireAsync(submission, where, bypass.Incident.Id, MayCount, cancellationToken);
    }

    private async ValueTask<(Submission Informed, Result<Outcome>? Answer)> InquireAsync(
        Submission submission,
        BypassPlace place,
        string incident,
        Func<string, bool> mayCount,
        CancellationToken cancellationToken
    )
    {
        var actor = submission.Actor;
        var (flagName, environmentName) = (place.FlagName, place.EnvironmentName);
        var slice = await store.LoadAsync(actor.Tenant, [flagName, environmentName], [], cancellationToken);
        var absent =
            !slice.Resources.ContainsKey(flagName) ? new Error.NotFound("flag", place.Flag)
            : !slice.Resources.ContainsKey(environmentName) ? new Error.NotFound("environment", place.Environment)
            : null;
        if (absent is not null)
            return (submission, await UnlessDeniedAsync(submission, null, absent, cancellationToken));
        var found = slice.Resources.Values.Select(ResourceDocuments.Load).ToList();
        var desk = new Workspace(place.Project, found, NoPast, () => entropy.NewId("r"));
        var (flag, environment) = (desk.Get<Flag>(flagName)!, desk.Get<ProjectEnvironment>(environmentName)!);
        var target = ResourceAttributes.Of(flag).In(environment.Key, environment.Type);
        var input = InputOf(submission, [new Check([submission.Change.Action], target)]);
        var decision = await DecideAsync(submission, input, cancellationToken);
        if (decision is Decision.Deny)
            return (
                submission,
                await DenyAsync(
                    submission,
                    desk,
                    new Impact([environment], [flag.Definition.Key]),
                    decision,
                    input,
                    cancellationToken,
                    flagName
                )
            );
        if (_bypassing.Incidents is null)
            return (submission with { Incident = new HeardIncident(new IncidentReport.NoSource(), time.GetUtcNow()) }, null);
        var people = await People.LoadAsync(store, actor.Tenant, time.GetUtcNow(), cancellationToken);
        var scope = new RequestScope(
            place.Project,
            [new TargetEnvironment(environment.Key, environment.Id, environment.Type)],
            OwnersOf(flag.Owner)
        );
        // Nobody has others asked who could not go on from there: without a report they are denied for what they are.
        if (!people.HoldsOf(actor, scope).Any(mayCount))
            return (submission, null);
        var report = await _bypassing.Incidents.FindAsync(incident, cancellationToken);
        return (submission with { Incident = new HeardIncident(report, time.GetUtcNow()) }, null);
    }

    /// <summary>
    /// What the incident's source said, as long as that is fresh; <see langword="null"/> where it is to be asked again, which nobody does
    /// while others wait.
    /// </summary>
    private IncidentReport? Heard(Submission submission, bool mayCount) =>
        !mayCount ? new IncidentReport.NoSource()
        : submission.Incident is { } heard && heard.IsFresh(time.GetUtcNow()) ? heard.Report
        : null;

    /// <summary>Whether a role lets somebody have a part in a bypass.</summary>
    private bool MayCount(string role) => _bypassing.Terms.Roles.Contains(role) || _bypassing.Terms.SeniorRoles.Contains(role);

    private static HashSet<string> OwnersOf(string owner) => new(owner.Length > 0 ? [owner] : [], StringComparer.Ordinal);

    /// <summary>Where a bypass is wanted.</summary>
    private sealed record BypassPlace(string Project, string Flag, string Environment)
    {
        public ResourceName FlagName => Flags.Flag.NameOf(Project, Flag);

        public ResourceName EnvironmentName => ProjectEnvironment.NameOf(Project, Environment);
    }
}
