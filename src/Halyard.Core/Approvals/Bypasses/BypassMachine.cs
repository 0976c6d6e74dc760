using System.Globalization;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals.Bypasses;

/// <summary>What each command makes of a bypass. Pure: the bypass and the command in, a transition or the reason of a refusal out.</summary>
public static partial class BypassMachine
{
    /// <summary>How often people are reminded.</summary>
    public static readonly TimeSpan ReminderEvery = TimeSpan.FromHours(24);

    /// <summary>How long after the review was due people are still reminded.</summary>
    public static readonly TimeSpan RemindFor = TimeSpan.FromDays(14);

    /// <summary>Opens a bypass: it takes effect at once where nobody else must agree.</summary>
    /// <param name="occasion">Who wants it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="wish">What is wanted.</param>
    /// <param name="verdict">Who must agree.</param>
    /// <param name="terms">What is owed.</param>
    public static Result<BypassTransition> Open(
        Occasion occasion,
        string id,
        BypassWish wish,
        BypassVerdict verdict,
        BypassTerms terms
    )
    {
        var problems = wish.Problems().ToList();
        if (problems.Count > 0)
            return new Error.Invalid(problems);
        var duration = wish.Kind == BypassKind.Temporary ? wish.Duration ?? BypassTerms.MaxDuration : TimeSpan.Zero;
        var bypass = new EmergencyBypass(
            id,
            wish.Project,
            BypassState.Waiting,
            wish.Kind,
            verdict.Incident,
            wish.Justification,
            wish.Effect with
            {
                Made = 0,
                Undone = 0,
            },
            occasion.By,
            wish.Groups,
            verdict.Needs,
            [],
            wish.Requirement,
            [],
            null,
            new BypassTimes(occasion.At, duration, LapsesAt: occasion.At + terms.ConfirmWithin),
            1,
            verdict.Why
        );
        var log = new List<SemanticChange>();
        if (verdict.Needs.Count == 0)
            return TakeEffect(bypass, wish.Effect, wish.Replaced, log, occasion, terms);
        var needed = string.Join(" and ", verdict.Needs.Select(need => BypassRules.Words(need, terms)));
        Log(
            log,
            bypass,
            "requested",
            $"{Subject(bypass)} asked for by {Words.Of(occasion.By)}: {verdict.Why}; waits for {needed}"
        );
        return new BypassTransition(bypass, log.ToSequence());
    }

    /// <summary>What the command makes of the bypass; an error where it is refused, and then nothing happened.</summary>
    public static Result<BypassTransition> Decide(
        EmergencyBypass bypass,
        BypassCommand command,
        Occasion occasion,
        BypassTerms terms
    )
    {
        var next = bypass with { Step = bypass.Step + 1 };
        return command switch
        {
            BypassCommand.Confirm confirm => Confirm(next, confirm, occasion, terms),
            BypassCommand.Ratify ratify => Ratify(next, ratify, occasion),
            BypassCommand.Refuse refuse => Refuse(next, refuse, occasion),
            BypassCommand.Review review => Review(next, review, occasion),
            BypassCommand.Supersede other => Supersede(next, other),
            BypassCommand.Due due => Fire(next, due, occasion),
            _ => throw new InvalidOperationException($"{command} is nothing that is done to a bypass."),
        };
    }

    /// <summary>Why the person may not judge it afterwards, in words; <see langword="null"/> where nothing speaks against it.</summary>
    public static string? Exclusion(EmergencyBypass bypass, Party party) =>
        bypass.Requester.IsSameAs(party) ? $"{Words.Of(party)} asked for the bypass, and nobody approves their own"
        : bypass.Confirmations.Any(agreement => agreement.By.IsSameAs(party))
            ? $"{Words.Of(party)} agreed to the bypass before, and somebody else must look at it afterwards"
        : bypass.Involved.Any(party.IsSameAs)
            ? $"{Words.Of(party)} had a part in the bypass whose place it took, and somebody else must look at it afterwards"
        : null;

    private static Result<BypassTransition> Confirm(
        EmergencyBypass bypass,
        BypassCommand.Confirm confirm,
        Occasion occasion,
        BypassTerms terms
    )
    {
        if (bypass.State != BypassState.Waiting)
            return Wrong(bypass, "confirm");
        if (bypass.Times.LapsesAt <= occasion.At)
            return new Error.WrongState("nobody agreed in time; ask again");
        if (Exclusion(bypass, occasion.By) is { } excluded)
            return new Error.Denied(excluded);
        if (BypassRules.Refusal(bypass.Incident.Id, confirm.Report) is { } over)
            return over;
        if ((confirm.Report as IncidentReport.Known)?.Severity > Severity.Sev2)
            return new Error.Denied("the incident is not so severe any more that approvals could be passed by");
        // An incident that turns out to be less severe takes whom it would have taken, had its source said so at first.
        if ((confirm.Report as IncidentReport.Known)?.Severity == Severity.Sev2)
            bypass = bypass with
            {
                Incident = bypass.Incident with { Severity = Severity.Sev2, IsVerified = true },
                Needs = new SortedSet<BypassNeed>(bypass.Needs) { BypassNeed.SeniorApprover }.ToSequence(),
            };
        if (!bypass.Open(terms).Intersect(BypassRules.MetBy(confirm.Holds, terms)).Any())
            return new Error.Denied(
                $"the bypass waits for {string.Join(" and ", bypass.Open(terms).Select(need => BypassRules.Words(need, terms)))}"
            );
        if (confirm.Effect.Found != bypass.Effect.Found || !confirm.Effect.IsOfSame(bypass.Effect))
            return new Error.WrongState("what it would replace was changed meanwhile; ask again");
        var agreement = new Agreement(occasion.By, confirm.Holds, "", occasion.At);
        var next = bypass with { Confirmations = [.. bypass.Confirmations, agreement] };
        var log = new List<SemanticChange>();
        Log(log, next, "confirmed", $"bypass {Words.Quote(next.Id)} agreed to by {Words.Of(occasion.By)}");
        return next.Open(terms).Any()
            ? new BypassTransition(next, log.ToSequence())
            : TakeEffect(next, confirm.Effect, confirm.Replaced, log, occasion, terms);
    }

    private static BypassTransition TakeEffect(
        EmergencyBypass bypass,
        BypassEffect effect,
        Succession? replaced,
        List<SemanticChange> log,
        Occasion occasion,
        BypassTerms terms
    )
    {
        var due = occasion.At + terms.ReviewWithin;
        DateTimeOffset? over = bypass.Kind == BypassKind.Temporary ? occasion.At + bypass.Times.Duration : null;
        // One after the other gives no more time than one: what was due to be undone stays due then.
        if (over is not null && replaced?.Deadline < over)
            over = replaced.Deadline;
        var next = bypass with
        {
            State = BypassState.Applied,
            Effect = effect,
            // What the other did is still served, so whoever would have had to approve that is asked as well.
            Requirement = United(bypass.Requirement, replaced?.Owed),
            Involved = [.. (replaced?.Involved ?? []).DistinctBy(party => party.Person, StringComparer.Ordinal)],
            Times = bypass.Times with
            {
                LapsesAt = null,
                Applied = occasion.At,
                RevertAt = over,
                ReviewDue = due,
                RemindAt = terms.ReviewWithin > ReminderEvery ? due - ReminderEvery : due,
            },
        };
        var until = over is { } end ? $"; it is undone at {Time(end)} unless it is ratified" : "";
        Log(log, next, "applied", $"{Subject(next)} took effect{until}; its review is due at {Time(due)}");
        return new BypassTransition(next, log.ToSequence()) { TakesEffect = true };
    }

    private static Requirement? United(Requirement? one, Requirement? other) =>
        one is null ? other
        : other is null ? one
        : RequirementUnion.Of([one, other]);

    private static Result<BypassTransition> Supersede(EmergencyBypass bypass, BypassCommand.Supersede other)
    {
        if (other.By == bypass.Id || (bypass.State != BypassState.Applied && bypass.Times.RevertAt is null))
            return Wrong(bypass, "supersede");
        var words = $"bypass {Words.Quote(other.By)} takes its place";
        bypass = bypass with { Effect = bypass.Effect with { Undone = other.Made } };
        if (bypass.State == BypassState.Refused)
            return Closed(bypass, BypassState.Refused, "superseded", $"{words}, its deadline included; it had been refused");
        return Closed(bypass, BypassState.Superseded, "superseded", words);
    }

    private static BypassTransition Closed(EmergencyBypass bypass, BypassState state, string action, string words)
    {
        var next = bypass with { State = state, Remark = words, Times = bypass.Times with { LapsesAt = null, RevertAt = null } };
        var log = new List<SemanticChange>();
        Log(log, next, action, $"bypass {Words.Quote(next.Id)}: {words}");
        return new BypassTransition(next, log.ToSequence());
    }

    private static string Subject(EmergencyBypass bypass) =>
        $"bypass {Words.Quote(bypass.Id)} ({WireNames.Of(bypass.Kind)}) for {WireNames.Of(bypass.Incident.Severity)} incident "
        + $"{Words.Quote(bypass.Incident.Id)} in flag {Words.Quote(bypass.Effect.Flag)}";

    private static Error.WrongState Wrong(EmergencyBypass bypass, string action) =>
        new($"the bypass is {WireNames.Of(bypass.State)}, where '{action}' means nothing");

    private static void Log(List<SemanticChange> log, EmergencyBypass bypass, string action, string words) =>
        log.Add(new SemanticChange($"bypass.{action}", bypass.Effect.Environment.Key, words));

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What somebody wants in an emergency, worked out on the state of now.</summary>
/// <param name="Project">The project's key.</param>
/// <param name="Kind">What kind of effect it has.</param>
/// <param name="Justification">Why.</param>
/// <param name="Effect">What it does where.</param>
/// <param name="Groups">The groups of who wants it.</param>
/// <param name="Requirement">What it would need in the ordinary way, or <see langword="null"/>.</param>
/// <param name="Duration">How long it is wanted, or <see langword="null"/> for as long as may be.</param>
/// <param name="Replaced">What it takes over from the bypass whose place it takes, or <see langword="null"/>.</param>
public sealed record BypassWish(
    string Project,
    BypassKind Kind,
    string Justification,
    BypassEffect Effect,
    Sequence<string> Groups,
    Requirement? Requirement,
    TimeSpan? Duration = null,
    Succession? Replaced = null
)
{
    /// <summary>What is wrong with it.</summary>
    public IEnumerable<FieldProblem> Problems()
    {
        if (string.IsNullOrWhiteSpace(Justification) || Justification.Length > EmergencyBypass.MaxText)
            yield return new FieldProblem(
                "/justification",
                $"must have 1 to {EmergencyBypass.MaxText} characters, and not blanks alone"
            );
        if (Duration is { } wanted && (wanted <= TimeSpan.Zero || wanted > BypassTerms.MaxDuration))
            yield return new FieldProblem("/minutes", $"must be 1 to {(int)BypassTerms.MaxDuration.TotalMinutes}");
    }
}
