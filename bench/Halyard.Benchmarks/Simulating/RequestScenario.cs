using System.Diagnostics;
using Halyard.Benchmarks.Measuring;
using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Policies.Installing;

namespace Halyard.Benchmarks.Simulating;

/// <summary>The inbox: lists of change requests as <c>GET /change-requests</c> reads them, where there are many.</summary>
internal static class RequestScenario
{
    public const int DefaultRequests = 10_000;

    private const int Flags = 500;
    private const int PageSize = 100;
    private const int Rounds = 300;

    // One request in so many asks those whom the measured person belongs to.
    private const int Share = 20;

    private const string Policy = """
        apiVersion: featureflags/v1
        kind: ApprovalPolicy
        metadata:
          name: two-desks
        spec:
          rules:
            - name: checkout
              conditions:
                - field: flag.tags
                  operator: containsAny
                  value: [checkout]
              approval: { required: true, minApprovers: 1, approverRoles: ["group:checkout"] }
            - name: search
              conditions:
                - field: flag.tags
                  operator: containsAny
                  value: [search]
              approval: { required: true, minApprovers: 1, approverRoles: ["group:search"] }
        """;

    private static readonly Actor Reviewer = new(Tenancy.Tenant, "s_reviewer", ActorKind.User, "oidc", ["viewer"], null)
    {
        Groups = ["checkout"],
    };

    public static async Task RunAsync(int requests)
    {
        Machine.Describe();
        using var folder = new ScratchFolder();
        using var tenancy = await Tenancy.OpenAsync(folder.File("requests.db"));
        await FillAsync(tenancy, requests);
        var reader = new RequestReader(tenancy.Store, TimeProvider.System);
        var clock = Stopwatch.StartNew();
        await ListAsync(reader, _ => true);
        Console.WriteLine($"first list of a server's life  {clock.Elapsed.TotalMilliseconds:N0} ms");
        await MeasureAsync("all", () => ListAsync(reader, _ => true));
        await MeasureAsync("mine", () => ListAsync(reader, request => request.Requester == Reviewer.Subject));
        await MeasureAsync("waiting for me", () => WaitingAsync(reader, null));
        var (_, next) = await WaitingAsync(reader, null);
        await MeasureAsync("waiting for me, page 2", () => WaitingAsync(reader, next));
        Console.WriteLine($"{requests:N0} requests, pages of {PageSize}, {Rounds} rounds each; load average {Machine.Load}");
    }

    private static ValueTask<(IReadOnlyList<ChangeRequest> Items, string? Next)> ListAsync(
        RequestReader reader,
        Func<IndexedRequest, bool> isWanted
    ) => reader.ListAsync(Tenancy.Tenant, null, isWanted, null, PageSize, CancellationToken.None);

    private static ValueTask<(IReadOnlyList<ChangeRequest> Items, string? Next)> WaitingAsync(
        RequestReader reader,
        string? before
    ) => reader.ListWaitingAsync(Reviewer, _ => true, before, PageSize, CancellationToken.None);

    private static async Task MeasureAsync(string name, Func<ValueTask<(IReadOnlyList<ChangeRequest> Items, string? Next)>> list)
    {
        var spent = new Spread();
        var shown = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            shown = (await list()).Items.Count;
            spent.Add(clock.Elapsed.TotalMilliseconds);
        }
        Console.WriteLine($"{name, -24} {shown, 4} shown   p50 {spent.Median:F2} ms   p99 {spent.At(0.99):F2} ms");
    }

    private static async Task FillAsync(Tenancy tenancy, int requests)
    {
        var number = 0L;
        await EditAsync(tenancy, ++number, """{"op":"createEnvironment","environment":"prod","type":"production"}""");
        for (var flag = 0; flag < Flags; flag++)
        {
            var tag = flag % Share == 0 ? "checkout" : "search";
            await EditAsync(tenancy, ++number, $$"""{"op":"createFlag","flag":"{{Key(flag)}}","tags":["{{tag}}"]}""");
        }
        var govern = new SetApprovalPolicies([new PolicyDocument(null, Policy)]) { Source = "{}" };
        await tenancy.ApplyAsync(
            new Submission(
                Tenancy.Admin,
                Tenancy.Request(++number),
                Change.Edit("", [govern], "govern", action: Actions.ChangeApprovals)
            )
        );
        for (var request = 0; request < requests; request++)
        {
            // Every hundredth is the reviewer's own; the others are those of forty people.
            var requester = request % 100 == 50 ? Reviewer.Subject : $"s_{request % 40}";
            var actor = new Actor(Tenancy.Tenant, requester, ActorKind.User, "oidc", [BuiltInRoles.Admin], null);
            var operation = $$"""{"op":"setEnabled","flag":"{{Key(request % Flags)}}","environment":"prod","enabled":true}""";
            var result = await tenancy.Changes.SubmitAsync(Of(actor, ++number, operation), CancellationToken.None);
            if (!result.TryGet(out var outcome, out var error) || outcome is not Outcome.Pending)
                throw new InvalidOperationException($"The change does not wait: {error ?? (object?)outcome}");
        }
    }

    private static Task EditAsync(Tenancy tenancy, long number, string operation) =>
        tenancy.ApplyAsync(Of(Tenancy.Admin, number, operation));

    private static Submission Of(Actor actor, long number, string operation) =>
        new(
            actor,
            Tenancy.Request(number),
            Change.Edit(
                Tenancy.Project,
                [Written.Operation(operation)],
                "trying the new checkout with the payments team",
                "SHOP-4711"
            )
        );

    private static string Key(int flag) => $"flag-{flag}";
}
