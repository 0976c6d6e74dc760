using FsCheck;
using FsCheck.Fluent;
using Halyard.Core.Approvals;
using Halyard.Core.Audit;
using Halyard.Core.Policies;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Approvals;

/// <summary>
/// Random commands by random people at random times, against a model written apart. Between any two commands the process may die:
/// the request is written and read back each time.
/// </summary>
public sealed class RequestModelTests(ITestOutputHelper output)
{
    private static readonly string[] People = ["dev", "lead", "lead2", "owner", "both", "director", "stranger"];

    private static readonly Gen<List<(int What, int Who, int Hours)>> Runs = Gen.Choose(0, 29)
        .Zip(Gen.Choose(0, 7))
        .Zip(Gen.Choose(0, 30))
        .Select(step => (step.Item1.Item1, step.Item1.Item2, step.Item2 * step.Item2 / 10))
        .ListOf()
        .Select(list => list.ToList());

    private readonly Dictionary<string, int> _seen = [];
    private readonly HashSet<(ChangeRequestState, RequestAction)> _cells = [];

    [Fact]
    public void RandomCommands_DoWhatTheModelSays()
    {
        Fixtures.Property.Holds(
            Runs.Resize(60).Zip(Gen.Elements(true, false)).Zip(Gen.Elements(true, false)),
            run => Run(run.Item1.Item1, run.Item1.Item2, run.Item2),
            tests: 400
        );
        output.WriteLine(string.Join(", ", _seen.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key}")));
        output.WriteLine($"{_cells.Count} cells of the table");
        foreach (
            var state in new[]
            {
                "applied",
                "rejected",
                "cancelled",
                "expired",
                "conflicted",
                "apply_failed",
                "changes_requested",
            }
        )
            _seen.GetValueOrDefault(state).ShouldBeGreaterThan(20, state);
    }

    private void Run(List<(int What, int Who, int Hours)> steps, bool anyRejectCloses, bool distinct)
    {
        var requirement = Desk.LeadThenOwner with
        {
            ExpiresAfter = TimeSpan.FromDays(30),
            Votes = new VoteRules(anyRejectCloses, false, false, distinct),
        };
        var desk = new Desk(requirement, null, new Approver(new Party("svc", "s_dev"), ["tech-lead"]));
        var model = new ReferenceModel(anyRejectCloses, distinct);
        var applied = new HashSet<Digest>();
        foreach (var (what, who, hours) in steps.Prepend((0, 0, 0)))
        {
            Advance(desk, model, desk.Now.AddHours(hours));
            var before = desk.Request;
            var (command, by, expected) = Choose(desk, model, what, who);
            var result = desk.Try(command, by);
            (result.Error is null).ShouldBe(expected, $"{before.State} {command} by {by.Subject}: {result.Error}");
            Compare(desk, model, before, command.Action!.Value);
            if (before.State.IsClosed())
                result.Error.ShouldBeOfType<Error.WrongState>();
            if (desk.Request.State == ChangeRequestState.Applied && before.State != ChangeRequestState.Applied)
                applied.Add(desk.Request.Hash).ShouldBeTrue();
        }
    }

    /// <summary>Time passes: whatever falls due does so in order, in the model by its own reckoning.</summary>
    private void Advance(Desk desk, ReferenceModel model, DateTimeOffset to)
    {
        while (desk.Request.Timers.Where(IsOwn).MinBy(timer => timer.Due) is { } timer && timer.Due <= to)
        {
            timer.Due.ShouldBe(model.Due.ShouldNotBeNull());
            desk.Now = timer.Due;
            var before = desk.Request;
            model.Fire(timer.Due);
            desk.Fire(timer.Kind);
            Compare(desk, model, before, new RequestCommand.TimerFired(timer.Kind, 0).Action!.Value);
        }
        if (model.Due is { } due)
            due.ShouldBeGreaterThan(to);
        desk.Now = to;

        // Nobody says how applying ended only where nobody does; the run itself says so.
        static bool IsOwn(RequestTimer timer) => timer.Kind is RequestTimerKind.StageTimeout or RequestTimerKind.Expiry;
    }

    private static (RequestCommand Command, Party By, bool Expected) Choose(Desk desk, ReferenceModel model, int what, int who)
    {
        var name = who == 7 ? "dev" : People[who];
        var by = who == 7 ? new Party("svc", "s_dev") : Party.Human("s_" + name);
        var at = desk.Now;
        var ground = desk.Ground();
        switch (what)
        {
            case <= 1:
                return (new RequestCommand.Submit(desk.Requirement, desk.Directory), by, model.Submit(at));
            case <= 13:
                return (Cast(VoteKind.Approve), by, model.Vote(name, "approve", at));
            case 14:
                return (Cast(VoteKind.Reject), by, model.Vote(name, "reject", at));
            case 15:
                return (Cast(VoteKind.RequestChanges), by, model.Vote(name, "changes", at));
            case 16:
                return (new RequestCommand.WithdrawVote(), by, model.Withdraw(name, at));
            case 17 when name is "dev" or "lead2":
                var operation = $$"""{"op":"x","version":{{model.Version + 1}}}""";
                return (desk.Editing(operation), by, model.Edit(name, at));
            case 18 when who == 1:
                return (
                    new RequestCommand.Cancel(),
                    by,
                    model.To("cancelled", "draft", "pending", "approved", "changes_requested", "conflicted", "apply_failed")
                );
            case 19:
                return (
                    new RequestCommand.BeginApply(ground with { Freeze = new FreezeHold("x", null) }),
                    by,
                    model.To(model.State, "approved")
                );
            case 20:
                var moved = new CurrentResource(Desk.Flag, 9, [""]);
                return (
                    new RequestCommand.BeginApply(ground with { Resources = [moved] }),
                    by,
                    model.To("conflicted", "approved")
                );
            case 21:
                var left = new ApproverDirectory(desk.Directory.Members.Where(member => member.Who != by).ToSequence());
                return (new RequestCommand.BeginApply(ground with { Directory = left }), by, model.Return(name, at));
            case 22:
                return (new RequestCommand.BeginApply(ground with { Hash = default }), by, false);
            case 23 or 24:
                return (new RequestCommand.Applied(ground.Hash), by, model.To("applied", "applying"));
            case 25:
                return (new RequestCommand.ApplyFailed("x"), by, model.To("apply_failed", "applying"));
            case 26:
                return (new RequestCommand.Retry(), by, model.Retry(at));
            case 27 when who == 2:
                return (
                    new RequestCommand.Conflict(["x"]),
                    by,
                    model.To("conflicted", "pending", "approved", "changes_requested", "applying")
                );
            default:
                return (new RequestCommand.BeginApply(ground), by, model.To("applying", "approved"));
        }

        RequestCommand.CastVote Cast(VoteKind kind) =>
            new(kind, desk.Request.Hash, "because", desk.Directory.Find(by)?.Holds ?? []);
    }

    private void Compare(Desk desk, ReferenceModel model, ChangeRequest before, RequestAction action)
    {
        var request = desk.Request;
        WireNames.Of(request.State).ShouldBe(model.State);
        _seen[model.State] = _seen.GetValueOrDefault(model.State) + 1;
        _cells.Add((before.State, action));
        var read = ChangeRequestJson.Read(request.Name, request.ToDocument());
        read.ShouldBe(request);
        read!.ToDocument().ShouldBe(request.ToDocument());
        request.Votes.ShouldAllBe(vote => vote.Hash == request.Hash && request.Exclusion(vote.Voter) == null);
        if (request.State.IsClosed())
            request.Timers.ShouldBeEmpty();
        if (ReferenceEquals(before, request))
            return;
        if (request.State == ChangeRequestState.Applying)
            model.Enough().ShouldBeTrue();
        desk.Last.Changes.ShouldNotBeEmpty();
        foreach (var change in desk.Last.Changes)
        {
            Catalogue.Contains(change.Action).ShouldBeTrue(change.Action);
            Naughty.IsTreacherous(change.Words).ShouldBeFalse(change.Words);
        }
        Replay(before.Timers, desk.Last.Timers)
            .ShouldBe(request.Timers.Select(timer => (timer.Kind, timer.Attempt, timer.Due)), ignoreOrder: true);
    }

    private static IEnumerable<(RequestTimerKind, int, DateTimeOffset)> Replay(
        Sequence<RequestTimer> before,
        Sequence<TimerChange> changes
    )
    {
        var rows = before.ToDictionary(timer => (timer.Kind, timer.Attempt), timer => timer.Due);
        foreach (var change in changes)
        {
            if (change.Due is { } due)
                rows.Add((change.Kind, change.Attempt), due);
            else
                rows.Remove((change.Kind, change.Attempt)).ShouldBeTrue();
        }
        return rows.Select(row => (row.Key.Kind, row.Key.Attempt, row.Value));
    }
}
