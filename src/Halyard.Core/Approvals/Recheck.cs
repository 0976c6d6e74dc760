using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Policies.Freezes;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Approvals;

/// <summary>Everything as it is at the moment of applying, read in the transaction that applies.</summary>
/// <param name="Hash">The content that is to be applied, as whoever asks knows it.</param>
/// <param name="Resources">What the request touches, as it is now.</param>
/// <param name="Environments">The environments that it affects now.</param>
/// <param name="Requirement">What the policies of now require of it.</param>
/// <param name="Directory">Who is active, and what they hold.</param>
/// <param name="RequesterRefused">Why the requester may not make the change now, in words; <see langword="null"/> where they may.</param>
/// <param name="Freeze">What forbids it for a time; <see langword="null"/> where nothing does.</param>
/// <param name="Evidence">What checks found.</param>
public sealed record ApplyGround(
    Digest Hash,
    Sequence<CurrentResource> Resources,
    Sequence<TargetEnvironment> Environments,
    Requirement Requirement,
    ApproverDirectory Directory,
    string? RequesterRefused,
    FreezeHold? Freeze,
    Sequence<CheckEvidence> Evidence
)
{
    /// <summary>What else stands in the way for now, in words.</summary>
    public Sequence<string> Gates { get; init; } = [];
}

/// <summary>A resource as it is now.</summary>
/// <param name="Resource">Which.</param>
/// <param name="Revision">Its revision; 0 where it does not exist.</param>
/// <param name="Changed">What was changed since the revision the request is based on: JSON Pointers, empty for the whole.</param>
public sealed record CurrentResource(ResourceName Resource, long Revision, Sequence<string> Changed);

/// <summary>A freeze that covers the request.</summary>
/// <param name="Reason">Which, in words.</param>
/// <param name="Until">When it ends, or <see langword="null"/> where nobody knows.</param>
public sealed record FreezeHold(string Reason, DateTimeOffset? Until);

/// <summary>What one check found for one content.</summary>
/// <param name="Check">Its id.</param>
/// <param name="Result">What it found.</param>
/// <param name="Hash">The content it looked at.</param>
/// <param name="ExpiresAt">Until when the finding may be relied on, exclusive.</param>
public sealed record CheckEvidence(string Check, CheckResult Result, Digest Hash, DateTimeOffset ExpiresAt)
{
    /// <summary>Why it is no pass, in words; may be empty.</summary>
    public string Why { get; init; } = "";
}

/// <summary>What the re-check says.</summary>
public abstract record RecheckVerdict
{
    private RecheckVerdict() { }

    /// <summary>Apply it, on these bases.</summary>
    public sealed record Apply(RequestContent Content) : RecheckVerdict;

    /// <summary>It must be approved again, under the requirement of now, with the votes that still count.</summary>
    public sealed record BackToPending(string Why, Sequence<Vote> Kept) : RecheckVerdict;

    /// <summary>Somebody else changed the same; it must be rebased or edited.</summary>
    public sealed record Conflicted(Sequence<string> Paths) : RecheckVerdict;

    /// <summary>Not now.</summary>
    public sealed record Wait(string Why, DateTimeOffset? Until) : RecheckVerdict;

    /// <summary>Never: its time is over.</summary>
    public sealed record Expired(string Why) : RecheckVerdict;
}

/// <summary>Looks at everything again before a change is applied. Pure; the order of the questions is part of what it promises.</summary>
public static class Recheck
{
    /// <summary>The verdict; an error where the request is in no state to be applied, or another content is meant.</summary>
    public static Result<RecheckVerdict> Judge(string tenant, ChangeRequest request, ApplyGround ground, DateTimeOffset at)
    {
        // 1 · state
        if (TransitionTable.Next(request.State, RequestAction.BeginApply).Count == 0)
            return new Error.WrongState(TransitionTable.Refusal(request.State, RequestAction.BeginApply));
        // 2 · hash
        var hash = ContentHash.Of(tenant, request.Project, request.Content, request.Requirement.Policies);
        if (hash != request.Hash || ground.Hash != request.Hash)
            return new Error.ContentChanged(ground.Hash, hash);
        return Bases(request, ground) // 3
            ?? Policy(request, ground) // 4
            ?? Exception(request, ground)
            ?? Voters(request, ground) // 5
            ?? Requester(ground) // 6
            ?? Freeze(ground) // 7
            ?? Checks(request, ground, at) // 8
            ?? Window(request, at) // 9
            ?? new RecheckVerdict.Apply(request.Content with { Bases = Rebased(request, ground) });
    }

    /// <summary>The places that the request and somebody else changed, in words; the whole of what is not known or recreated.</summary>
    public static Sequence<string> Conflicts(RequestContent content, Sequence<CurrentResource> resources) =>
        content
            .Bases.Where(item => Now(resources, item) is not { } now || now.Revision != item.Revision)
            .SelectMany(item => Conflicts(content, item, Now(resources, item)))
            .Distinct(StringComparer.Ordinal)
            .ToSequence();

    private static IEnumerable<string> Conflicts(RequestContent content, ResourceBase item, CurrentResource? now)
    {
        if (now is null || now.Revision == 0 || item.Revision == 0 || now.Changed.Count == 0)
            return [$"{item.Resource}"];
        return content
            .Touched.Where(touched => now.Changed.Any(pointer => touched.Overlaps(new TouchedPath(item.Resource, pointer))))
            .Select(touched => $"{touched}");
    }

    private static RecheckVerdict.Conflicted? Bases(ChangeRequest request, ApplyGround ground)
    {
        if (!request.Content.Environments.SequenceEqual(ground.Environments.OrderBy(item => item.Key, StringComparer.Ordinal)))
            return new RecheckVerdict.Conflicted(["the environments affected are others now"]);
        var drifted = request
            .Content.Bases.Where(item => Now(ground.Resources, item)?.Revision != item.Revision)
            .Select(item => $"{item.Resource}")
            .ToSequence();
        if (drifted.Count == 0)
            return null;
        var conflicts = Conflicts(request.Content, ground.Resources);
        if (conflicts.Count > 0)
            return new RecheckVerdict.Conflicted(conflicts);
        return request.Requirement.Votes.KeepOnRebase && ground.Requirement.Votes.KeepOnRebase
            ? null
            : new RecheckVerdict.Conflicted(drifted);
    }

    private static RecheckVerdict.BackToPending? Policy(ChangeRequest request, ApplyGround ground)
    {
        var objection = request.Votes.FirstOrDefault(vote => vote.Kind == VoteKind.Reject);
        if (objection is not null && ground.Requirement.Votes.AnyRejectCloses)
            return new RecheckVerdict.BackToPending($"the policies of now let {Words.Of(objection)} reject it", []);
        var quorum = Quorum.Judge(ground.Requirement, request.Progress, request.Approving(request.Votes));
        return quorum.IsSatisfied
            ? null
            : new RecheckVerdict.BackToPending($"the policies of now ask for more: {quorum.Words}", []);
    }

    // An exception is made of freezes as they were when it was asked for, never of one that came later or was changed since.
    private static RecheckVerdict.BackToPending? Exception(ChangeRequest request, ApplyGround ground)
    {
        var others = ground
            .Requirement.Rules.Where(FreezeRules.IsRule)
            .Except(request.Requirement.Rules, StringComparer.Ordinal)
            .ToList();
        return others.Count == 0
            ? null
            : new RecheckVerdict.BackToPending(
                $"no exception was asked for of {string.Join(", ", others.Select(rule => $"freeze '{FreezeRules.KeyOf(rule)}'"))} as it is now",
                []
            );
    }

    private static RecheckVerdict.BackToPending? Voters(ChangeRequest request, ApplyGround ground)
    {
        if (ground.Requirement.Votes.Frozen && request.Requirement.Votes.Frozen)
            return null;
        var present = request.Votes.Select(vote => Present(request, vote, ground.Directory)).OfType<Vote>().ToList();
        var quorum = Quorum.Judge(ground.Requirement, request.Progress, request.Approving(present));
        return quorum.IsSatisfied
            ? null
            : new RecheckVerdict.BackToPending($"not everybody who approved may still do so: {quorum.Words}", [.. present]);
    }

    // What counts is what was held when voting and is held still.
    private static Vote? Present(ChangeRequest request, Vote vote, ApproverDirectory directory)
    {
        if (directory.Find(vote.Voter) is not { } voter || directory.Find(vote.Principal) is not { } principal)
            return null;
        if (request.Exclusion(voter.Who) is not null || request.Exclusion(principal.Who) is not null)
            return null;
        return vote with { Holds = vote.Holds.Intersect(principal.Holds, StringComparer.Ordinal).ToSequence() };
    }

    private static RecheckVerdict.BackToPending? Requester(ApplyGround ground) =>
        ground.RequesterRefused is { } why
            ? new RecheckVerdict.BackToPending($"the requester may not do this now: {why}", [])
            : null;

    private static RecheckVerdict.Wait? Freeze(ApplyGround ground) =>
        ground.Freeze is { } freeze ? new RecheckVerdict.Wait($"frozen: {freeze.Reason}", freeze.Until) : null;

    private static RecheckVerdict.Wait? Checks(ChangeRequest request, ApplyGround ground, DateTimeOffset at)
    {
        var open = ground
            .Requirement.Checks.Select(check => (Check: check, Found: Find(request, ground, check, at)))
            .Where(item => item.Found != CheckResult.Pass)
            .Select(item =>
                $"check {Words.Quote(item.Check)} {(item.Found == CheckResult.Fail ? "failed" : "has not passed yet")}{Why(ground, item.Check)}"
            )
            .Concat(ground.Gates)
            .ToList();
        return open.Count == 0 ? null : new RecheckVerdict.Wait(string.Join(", ", open), null);
    }

    private static string Why(ApplyGround ground, string check) =>
        ground.Evidence.FirstOrDefault(item => item.Check == check && item.Why.Length > 0) is { } found ? $" ({found.Why})" : "";

    // Where there are several findings, the worst counts.
    private static CheckResult Find(ChangeRequest request, ApplyGround ground, string check, DateTimeOffset at)
    {
        var fresh = ground
            .Evidence.Where(item => item.Check == check && item.Hash == request.Hash && at < item.ExpiresAt)
            .Select(item => item.Result)
            .ToList();
        return fresh.Contains(CheckResult.Fail) ? CheckResult.Fail
            : fresh.Contains(CheckResult.Inconclusive) || fresh.Count == 0 ? CheckResult.Inconclusive
            : CheckResult.Pass;
    }

    private static RecheckVerdict? Window(ChangeRequest request, DateTimeOffset at)
    {
        if (request.ExpiresAt is { } end && at >= end)
            return new RecheckVerdict.Expired("it was not applied before it expired");
        return request.Content.Window switch
        {
            null => null,
            var window when at >= window.To => new RecheckVerdict.Expired("its window is over"),
            var window when at < window.From => new RecheckVerdict.Wait("its window has not begun", window.From),
            _ => null,
        };
    }

    private static Sequence<ResourceBase> Rebased(ChangeRequest request, ApplyGround ground) =>
        request
            .Content.Bases.Select(item => item with { Revision = Now(ground.Resources, item)?.Revision ?? item.Revision })
            .ToSequence();

    private static CurrentResource? Now(Sequence<CurrentResource> resources, ResourceBase item) =>
        resources.FirstOrDefault(now => now.Resource == item.Resource);
}
