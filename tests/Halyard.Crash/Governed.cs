using System.Globalization;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Crash;

/// <summary>A project whose production two people must approve, the people, and an incident that goes on for ever.</summary>
/// <param name="store">Where it is.</param>
/// <param name="vault">The keys beside it.</param>
/// <param name="time">The clock.</param>
internal sealed class Governed(IStore store, PersonalVault vault, TimeProvider time)
{
    private static readonly RequestContext Request = new("req_1", null, "192.0.2.1", "crash/1.0", null);

    private readonly ChangeService _changes = new(
        store,
        vault,
        RegoAuthorizer.On(store, time),
        time,
        Entropy.System,
        new LogOrigins("crash.example.com"),
        new SystemTimeZones(),
        new BypassSetting(BypassTerms.Default with { MaxOpen = int.MaxValue }, new Burning())
    );

    /// <summary>Makes project, flags and people, then puts the policy in force.</summary>
    public async Task SetUpAsync(IEnumerable<string> flags)
    {
        var admin = Person("s_admin", BuiltInRoles.Admin);
        await PrepareAsync(admin, Change.Edit("", [new CreateProject(Workload.Project, "Web", "")], "set up"));
        foreach (var type in new[] { EnvironmentType.Development, EnvironmentType.Production })
            await PrepareAsync(
                admin,
                Change.Edit(Workload.Project, [new CreateEnvironment(WireNames.Of(type), "Environment", type, null)], "set up")
            );
        foreach (var flag in flags)
            await PrepareAsync(
                admin,
                Change.Edit(Workload.Project, [Read($$"""{"op":"createFlag","flag":"{{flag}}","name":"Flag"}""")], "set up")
            );
        foreach (var (subject, role) in TwoPeople.People.Append(("s_oncall", "on-call-engineer")))
            await PrepareAsync(admin, TwoPeople.Give(subject, role));
        await PrepareAsync(admin, TwoPeople.Govern());
    }

    /// <summary>A change that switches a flag.</summary>
    public static Change Switch(string flag, string environment, bool on, ScheduleWindow? schedule = null) =>
        Change.Edit(Workload.Project, [Switching(flag, environment, on)], "because") with
        {
            Schedule = schedule,
        };

    /// <summary>An emergency bypass that switches a flag in production.</summary>
    public static Change Emergency(string flag, bool on, TimeSpan duration)
    {
        var operation = new BypassOperation.Ordinary(Workload.Project, flag, "production", Switching(flag, "production", on));
        return Change.On(new BypassAct.Begin(operation, "INC-1", Severity.Sev1, "it burns", duration));
    }

    /// <summary>Submits it in somebody's name; what came of it, or <see langword="null"/> where it was refused.</summary>
    public Task<Outcome?> SubmitAsync(string subject, Change change, string? key = null) =>
        SubmitAsync(Person(subject), change, key);

    /// <summary>Does what a timer is for, as the server does, and finishes it.</summary>
    public async Task HandleAsync(TakenTimer taken)
    {
        if (await DueOfAsync(taken.Timer) is { } change)
        {
            var submission = new Submission(Actor.System(taken.Tenant), Request, change, taken.Timer.Occasion);
            var result = await _changes.SubmitAsync(submission, CancellationToken.None);
            // What could not be done now keeps its timer and is tried again.
            if (result.Error is not (null or Error.WrongState or Error.NotFound))
                return;
        }
        await store.FinishTimerAsync(taken, default);
    }

    private async Task<Change?> DueOfAsync(DurableTimer timer)
    {
        if (timer.Kind == RequestClock.Kind)
            return Change.On(RequestClock.ActOf(timer));
        var kind = Enum.GetValues<BypassTimerKind>().Single(kind => BypassTimers.KindOf(kind) == timer.Kind);
        var due = new BypassTimer(kind, BypassTimers.DueOf(timer));
        var bypass = await new BypassReader(store).FindAsync(Workload.Tenant, timer.Resource.Key, default);
        return bypass is not null && BypassTimer.Of(bypass).Contains(due)
            ? Change.On(new BypassAct.Due(bypass.Name, due), bypass)
            : null;
    }

    private async Task<Outcome?> SubmitAsync(Actor actor, Change change, string? key)
    {
        var result = await _changes.SubmitAsync(new Submission(actor, Request, change, key), CancellationToken.None);
        return result.TryGet(out var outcome, out _) ? outcome : null;
    }

    private async Task PrepareAsync(Actor actor, Change change)
    {
        var result = await _changes.SubmitAsync(new Submission(actor, Request, change), CancellationToken.None);
        if (!result.TryGet(out var outcome, out var error) || outcome is not Outcome.Applied)
        {
            var why = error is Error.Invalid invalid ? string.Join("; ", invalid.Problems) : error ?? (object?)outcome;
            throw new InvalidOperationException($"'{change.Action}' was not done: {why}");
        }
    }

    private static Actor Person(string subject, params string[] roles) =>
        new(Workload.Tenant, subject, ActorKind.User, "oidc", [.. roles], $"cred_{subject}");

    private static Operation Switching(string flag, string environment, bool on) =>
        Read($$"""{"op":"setEnabled","flag":"{{flag}}","environment":"{{environment}}","enabled":{{(on ? "true" : "false")}}}""");

    private static Operation Read(string json)
    {
        using var parsed = System.Text.Json.JsonDocument.Parse(json);
        var problems = new List<DefinitionProblem>();
        var operation = OperationJson.Read(JsonCursor.Root(parsed.RootElement.Clone(), problems));
        return problems.Count == 0 && operation is not null
            ? operation
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Not an operation: {json}"));
    }

    /// <summary>Every incident is severe and goes on.</summary>
    private sealed class Burning : IIncidentSource
    {
        public ValueTask<IncidentReport> FindAsync(string incident, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IncidentReport>(new IncidentReport.Known(Severity.Sev1, IsActive: true, "open"));
    }
}
