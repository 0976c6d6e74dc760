using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Approvals;

/// <summary>One change request, the people around it and a clock: every command goes through the machine, every answer is kept.</summary>
internal sealed class Desk
{
    public const string Tenant = "default";
    public const string Operation = """{"enabled":true,"environment":"prod","flag":"f","op":"setEnabled"}""";
    public const string OtherOperation = """{"enabled":false,"environment":"prod","flag":"f","op":"setEnabled"}""";

    public static readonly ResourceName Flag = Core.Flags.Flag.NameOf("web", "f");
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    public static readonly Party Dev = Party.Human("s_dev");
    public static readonly Party Lead = Party.Human("s_lead");
    public static readonly Party OtherLead = Party.Human("s_lead2");
    public static readonly Party Owner = Party.Human("s_owner");

    public Desk(Requirement? requirement = null, RequestContent? content = null, params IEnumerable<Approver> others)
    {
        Requirement = requirement ?? LeadThenOwner;
        Directory = new ApproverDirectory([.. Everybody, .. others]);
        var created = RequestMachine.Create(On(Dev), "cr_1", "web", "Switch on f", "FEAT-123", content ?? Content(), Requirement);
        Take(created.Value);
    }

    public ChangeRequest Request { get; private set; } = null!;

    public Transition Last { get; private set; } = null!;

    public List<string> Log { get; } = [];

    public DateTimeOffset Now { get; set; } = Start;

    public Requirement Requirement { get; set; }

    public ApproverDirectory Directory { get; set; }

    public string? Actions => string.Join(" ", Last.Changes.Select(change => change.Action["change_request.".Length..]));

    public static Requirement LeadThenOwner { get; } =
        Needs(
            Stage(1, 24, TimeoutAction.Reject, new QuorumGroup(1, ["tech-lead"])),
            Stage(2, 48, new QuorumGroup(1, ["product-owner"]))
        );

    public static Sequence<Approver> Everybody { get; } =
    [
        new(Dev, ["developer"]),
        new(Lead, ["tech-lead"]),
        new(OtherLead, ["tech-lead"]),
        new(Owner, ["product-owner"]),
        new(Party.Human("s_both"), ["product-owner", "tech-lead"]),
        new(Party.Human("s_director"), ["director"]),
        new(new Party("svc_lead", "s_lead"), ["tech-lead"]),
    ];

    public static Requirement Needs(params IEnumerable<RequiredStage> stages) =>
        new(stages.ToSequence(), [], null, new VoteRules(true, false, false, true), ["standard/production"], Digest.Of("p1"u8));

    public static RequiredStage Stage(int order, int hours, params IEnumerable<QuorumGroup> groups) =>
        Stage(order, hours, TimeoutAction.Escalate, [.. groups]);

    public static RequiredStage Stage(int order, int hours, TimeoutAction action, params Sequence<QuorumGroup> groups) =>
        new($"stage-{order}", order, groups, TimeSpan.FromHours(hours), action, ["director"]);

    public static RequestContent Content(
        string operation = Operation,
        long revision = 3,
        ScheduleWindow? window = null,
        EnvironmentType type = EnvironmentType.Production
    ) =>
        RequestContent
            .Of(
                [operation],
                [new ResourceBase(Flag, revision)],
                [new TouchedPath(Flag, "/environments/prod/enabled")],
                [new TargetEnvironment("prod", "e_prod", type)],
                window
            )
            .Value;

    public Result<Transition> Try(RequestCommand command, Party? by = null)
    {
        var result = RequestMachine.Decide(Request, command, On(by ?? Dev));
        if (result.TryGet(out var transition, out _))
            Take(transition);
        return result;
    }

    public Desk Do(RequestCommand command, Party? by = null)
    {
        Try(command, by).Error.ShouldBeNull();
        return this;
    }

    public Desk Submit() => Do(new RequestCommand.Submit(Requirement, Directory));

    public Result<Transition> TryVote(
        Party by,
        VoteKind kind = VoteKind.Approve,
        Delegation? delegation = null,
        Digest? hash = null
    ) =>
        Try(
            new RequestCommand.CastVote(
                kind,
                hash ?? Request.Hash,
                kind == VoteKind.Approve ? "" : "because",
                Directory.Find(delegation?.From ?? by)?.Holds ?? [],
                delegation
            ),
            by
        );

    public Desk Vote(Party by, VoteKind kind = VoteKind.Approve, Delegation? delegation = null)
    {
        TryVote(by, kind, delegation).Error.ShouldBeNull();
        return this;
    }

    public Desk Approved() => Submit().Vote(Lead).Vote(Owner);

    public RequestCommand.Edit Editing(string operation = OtherOperation) =>
        new(Content(operation, window: Request.Content.Window), Requirement, Directory);

    /// <summary>Nothing changed since the request was based, everybody holds what they held, nothing forbids it.</summary>
    public ApplyGround Ground() =>
        new(
            Request.Hash,
            Request.Content.Bases.Select(item => new CurrentResource(item.Resource, item.Revision, [])).ToSequence(),
            Request.Content.Environments,
            Request.Requirement,
            Directory,
            null,
            null,
            []
        );

    public Desk BeginApply(ApplyGround? ground = null) => Do(new RequestCommand.BeginApply(ground ?? Ground()));

    /// <summary>The timer of a kind that stands, or <see langword="null"/>.</summary>
    public RequestTimer? Timer(RequestTimerKind kind) => Request.Timers.SingleOrDefault(timer => timer.Kind == kind);

    /// <summary>Moves the clock to when the timer is due and lets it fire.</summary>
    public Desk Fire(RequestTimerKind kind)
    {
        var timer = Timer(kind).ShouldNotBeNull();
        Now = timer.Due > Now ? timer.Due : Now;
        return Do(new RequestCommand.TimerFired(kind, timer.Attempt), Party.Human("system"));
    }

    private Occasion On(Party by) => new(Tenant, by, Now);

    private void Take(Transition transition)
    {
        Last = transition;
        Request = transition.Next;
        Log.AddRange(transition.Changes.Select(change => $"{change.Action}: {change.Words}"));
    }
}
