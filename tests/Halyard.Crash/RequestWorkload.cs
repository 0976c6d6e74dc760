using System.Globalization;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;
using Halyard.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>
/// Asks for changes, votes on them and has their timers act, through the real pipeline, until it is killed: in production with two
/// people's votes, in development at a time that has just come.
/// </summary>
internal sealed class RequestWorkload(ChangeService changes)
{
    private const string Policy = """
        apiVersion: featureflags/v1
        kind: ApprovalPolicy
        metadata:
          name: two-people
        spec:
          rules:
            - name: production
              conditions:
                - field: environment.type
                  operator: equals
                  value: production
              approval:
                required: true
                stages:
                  - name: technical
                    order: 1
                    requiredApprovers: 1
                    approverRoles: [tech-lead]
                    timeoutHours: 24
                    onTimeout: reject
                  - name: business
                    order: 2
                    requiredApprovers: 1
                    approverRoles: [product-owner]
                    timeoutHours: 48
                    onTimeout: reject
        """;

    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(50);
    private static readonly RequestContext Request = new("req_1", null, "192.0.2.1", "crash/1.0", null);
    private static readonly Stream Output = Console.OpenStandardOutput();

    public static async Task RunAsync(string file, int seed, int producers)
    {
        await using var provider = new ServiceCollection()
            .AddHalyardSqlite(new SqliteStoreOptions { Path = file })
            .BuildServiceProvider();
        var store = provider.GetRequiredService<IStore>();
        var changes = new ChangeService(
            store,
            provider.GetRequiredService<PersonalVault>(),
            RegoAuthorizer.On(store, TimeProvider.System),
            TimeProvider.System,
            Entropy.System,
            new LogOrigins("crash.example.com"),
            new SystemTimeZones()
        );
        var workload = new RequestWorkload(changes);
        await workload.SetUpAsync(producers);
        var work = Enumerable
            .Range(0, producers)
            .Select(producer => Task.Run(() => workload.ProduceAsync(new Random((seed * 1_000) + producer), producer)))
            .Append(Task.Run(() => workload.ElapseAsync(store)))
            .Append(Task.Run(() => workload.ElapseAsync(store)));
        await Task.WhenAll(work);
    }

    private static Actor Person(string subject, params string[] roles) =>
        new(Workload.Tenant, subject, ActorKind.User, "oidc", [.. roles], $"cred_{subject}");

    private async Task SetUpAsync(int producers)
    {
        var admin = Person("s_admin", BuiltInRoles.Admin);
        await PrepareAsync(admin, Change.Edit("", [new CreateProject(Workload.Project, "Web", "")], "set up"));
        foreach (var type in new[] { EnvironmentType.Development, EnvironmentType.Production })
            await PrepareAsync(
                admin,
                Change.Edit(Workload.Project, [new CreateEnvironment(WireNames.Of(type), "Environment", type, null)], "set up")
            );
        for (var producer = 0; producer < producers; producer++)
            await PrepareAsync(
                admin,
                Change.Edit(Workload.Project, [Read($$"""{"op":"createFlag","flag":"f{{producer}}","name":"Flag"}""")], "set up")
            );
        foreach (var (subject, role) in new[] { ("s_dev", "developer"), ("s_lead", "tech-lead"), ("s_owner", "product-owner") })
        {
            var gives = new CreateAssignment($"as_{subject}", subject, null, role, ResourcePattern.Everything, null, null);
            await PrepareAsync(admin, Change.Edit("", [gives], "set up", action: Actions.Assign));
        }
        var policies = new SetApprovalPolicies([new PolicyDocument(null, Policy)]);
        await PrepareAsync(admin, Change.Edit("", [policies], "govern production", action: Actions.ChangeApprovals));
    }

    private async Task PrepareAsync(Actor actor, Change change)
    {
        var result = await changes.SubmitAsync(new Submission(actor, Request, change), CancellationToken.None);
        if (!result.TryGet(out var outcome, out var error) || outcome is not Outcome.Applied)
        {
            var why = error is Error.Invalid invalid ? string.Join("; ", invalid.Problems) : error ?? (object?)outcome;
            throw new InvalidOperationException($"'{change.Action}' was not done: {why}");
        }
    }

    private async Task ProduceAsync(Random random, int producer)
    {
        for (var i = 1; ; i++)
        {
            var isProduction = random.Next(3) > 0;
            var environment = isProduction ? "production" : "development";
            var enabled = random.Next(2) == 0 ? "true" : "false";
            var operation = Read(
                $$"""{"op":"setEnabled","flag":"f{{producer}}","environment":"{{environment}}","enabled":{{enabled}}}"""
            );
            var now = TimeProvider.System.GetUtcNow();
            var change = Change.Edit(Workload.Project, [operation], "because") with
            {
                Schedule = isProduction ? null : new ScheduleWindow(now, now.AddHours(1)),
            };
            if (await SubmitAsync(Person("s_dev"), change) is not Outcome.Pending { Request: var request })
                continue;
            Output.Write("."u8);
            // Some are left alone, so that timers are there that must be.
            if (!isProduction || random.Next(4) == 0)
                continue;
            foreach (var voter in new[] { "s_lead", "s_owner" })
            {
                var vote = new RequestAct.Vote(request.Name, VoteKind.Approve, request.Hash, "");
                if (await SubmitAsync(Person(voter), Change.On(vote)) is Outcome.Applied)
                    Output.Write("."u8);
            }
        }
    }

    /// <summary>Does what is due, then finishes: what lies between is where a kill may come.</summary>
    private async Task ElapseAsync(IStore store)
    {
        while (true)
        {
            foreach (var taken in await store.TakeDueAsync(TimeProvider.System.GetUtcNow(), 4, Lease, default))
            {
                await SubmitAsync(Actor.System(taken.Tenant), Change.On(RequestClock.ActOf(taken.Timer)), taken.Timer.Occasion);
                await store.FinishTimerAsync(taken, default);
            }
        }
    }

    private async Task<Outcome?> SubmitAsync(Actor actor, Change change, string? key = null)
    {
        var result = await changes.SubmitAsync(new Submission(actor, Request, change, key), CancellationToken.None);
        return result.TryGet(out var outcome, out _) ? outcome : null;
    }

    private static Operation Read(string json)
    {
        using var parsed = System.Text.Json.JsonDocument.Parse(json);
        var problems = new List<DefinitionProblem>();
        var operation = OperationJson.Read(JsonCursor.Root(parsed.RootElement.Clone(), problems));
        return problems.Count == 0 && operation is not null
            ? operation
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Not an operation: {json}"));
    }
}
