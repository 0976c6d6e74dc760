using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Tests.Fixtures;
using Halyard.Core.Tests.Policies;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Changes.Approving;

public sealed class RequestReaderTests
{
    [Fact]
    public async Task List_PageByPage_ShowsEachRequestOnce_TheNewestFirst_AndFollowsWhatBecomesOfThem()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        await InForceAsync(pipeline);
        var reader = new RequestReader(pipeline.Store, pipeline.Time);
        (await ListAsync(reader)).ShouldBeEmpty();
        var asked = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            pipeline.Time.Now = pipeline.Time.Now.AddMinutes(1);
            var pending = await pipeline.OutcomeAsync<Outcome.Pending>(Pipeline.Submission(CreateOn($"f{i}")));
            asked.Insert(0, pending.Request.Name.Key);
        }

        (await ListAsync(reader)).ShouldBe(asked);
        // Another node, which begins now.
        (await ListAsync(new RequestReader(pipeline.Store, pipeline.Time))).ShouldBe(asked);
        var gone = ChangeRequest.NameOf(Pipeline.Project, asked[2]);
        await pipeline.OutcomeAsync<Outcome.Applied>(
            new Submission(Pipeline.Admin, Pipeline.Request, Change.On(new RequestAct.Cancel(gone)))
        );

        (await ListAsync(reader, ChangeRequestState.Cancelled)).ShouldBe([asked[2]]);
        (await ListAsync(reader, ChangeRequestState.Pending)).ShouldBe(asked.Where(id => id != asked[2]));
        (await ListAsync(reader, isVisible: false)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ListWaiting_ShowsWhatSomebodyCouldApproveNow_PageByPage()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        await InForceAsync(pipeline);
        var asked = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            pipeline.Time.Now = pipeline.Time.Now.AddMinutes(1);
            var pending = await pipeline.OutcomeAsync<Outcome.Pending>(Pipeline.Submission(CreateOn($"f{i}")));
            asked.Insert(0, pending.Request.Name.Key);
        }
        var reader = new RequestReader(pipeline.Store, pipeline.Time);
        var one = new Actor(Pipeline.Tenant, "s_one", ActorKind.User, "oidc", ["viewer"], null) { Groups = ["all"] };
        var stranger = one with { Groups = ["some"] };

        (await WaitingAsync(reader, one)).ShouldBe(asked);
        (await WaitingAsync(reader, stranger)).ShouldBeEmpty();
        // Nobody approves their own.
        (await WaitingAsync(reader, Pipeline.Admin with { Groups = ["all"] })).ShouldBeEmpty();
        await pipeline.OutcomeAsync<Outcome.Applied>(
            new Submission(
                Pipeline.Admin,
                Pipeline.Request,
                Change.On(new RequestAct.Cancel(ChangeRequest.NameOf(Pipeline.Project, asked[3])))
            )
        );
        (await WaitingAsync(reader, one)).ShouldBe(asked.Where(id => id != asked[3]));
    }

    private static async Task<List<string>> WaitingAsync(RequestReader reader, Actor actor)
    {
        var all = new List<string>();
        string? cursor = null;
        do
        {
            (var items, cursor) = await reader.ListWaitingAsync(
                actor,
                _ => true,
                cursor,
                3,
                TestContext.Current.CancellationToken
            );
            all.AddRange(items.Select(item => item.Id));
        } while (cursor is not null);
        return all;
    }

    private static string CreateOn(string flag) =>
        $$$"""{"op":"createFlag","flag":"{{{flag}}}","environments":{"dev":{"enabled":true} } }""";

    private static async Task<List<string>> ListAsync(
        RequestReader reader,
        ChangeRequestState? state = null,
        bool isVisible = true
    )
    {
        var all = new List<string>();
        string? cursor = null;
        do
        {
            (var items, cursor) = await reader.ListAsync(
                Pipeline.Tenant,
                state,
                _ => isVisible,
                cursor,
                3,
                TestContext.Current.CancellationToken
            );
            items.Count.ShouldBeLessThanOrEqualTo(3);
            all.AddRange(items.Select(item => item.Id));
        } while (cursor is not null);
        return all;
    }

    private static async Task InForceAsync(Pipeline pipeline)
    {
        var yaml = Policy.Yaml(
            "strictest",
            "always: true\napproval: { required: true, minApprovers: 1, approverRoles: [\"group:all\"] }"
        );
        var operation = new SetApprovalPolicies([new PolicyDocument(null, yaml)]) { Source = "{}" };
        var change = Change.Edit("", [operation], "govern", action: Actions.ChangeApprovals);
        await pipeline.OutcomeAsync<Outcome.Applied>(new Submission(Pipeline.Admin, Pipeline.Request, change));
    }
}
