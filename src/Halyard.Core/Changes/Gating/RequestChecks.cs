using System.Globalization;
using Halyard.Core.Approvals;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Gating;

/// <summary>Looks at what the checks that a request needs came to: in evidence, or in the ledger.</summary>
internal sealed class RequestChecks(EvidenceShelf shelf, SoakReader soak, TimeProvider time)
{
    /// <summary>The findings, for the content that the request has.</summary>
    public async ValueTask<RequestFindings> FindAsync(
        string tenant,
        ChangeRequest request,
        Sequence<string> checks,
        ApplyGroundwork? work,
        CancellationToken cancellationToken
    )
    {
        var found = await shelf.FindAsync(tenant, request.Project, [.. checks], request.Id, cancellationToken);
        var (findings, rests) = (new List<CheckFinding>(), new List<Precondition>());
        foreach (var item in found)
        {
            rests.AddRange(item.Rests);
            if (SoakOf(item) is not { } wanted)
            {
                findings.Add(new CheckFinding(item.Check, Judge(request, item), item.Record?.Evidence));
                continue;
            }
            var (outcome, on) = work is null
                ? (CheckOutcome.Unknown($"'{item.Check}': what the request would do cannot be worked out now"), [])
                : await SoakedAsync(tenant, request, item.Check, wanted, work, cancellationToken);
            findings.Add(new CheckFinding(item.Check, outcome, null));
            rests.AddRange(on);
        }
        return new RequestFindings(findings.ToSequence(), []) { Rests = rests };
    }

    private CheckOutcome Judge(ChangeRequest request, FoundEvidence item) =>
        item.Definition is null
            ? CheckOutcome.Unknown($"nobody defined where the evidence of '{item.Check}' comes from")
            : EvidenceRecord.Judge(item.Check, item.Record, CheckSubjects.Of(request), item.Revision, time.GetUtcNow());

    private static (EnvironmentType In, TimeSpan For)? SoakOf(FoundEvidence item) =>
        item.Check == BuiltInChecks.StagingSoak ? (EnvironmentType.Staging, BuiltInChecks.StagingSoakTime)
        : item.Definition is { Settings: { Source: CheckSource.Soak } settings } ? (settings.SoakIn, settings.SoakFor)
        : null;

    /// <summary>Whether all that the request brings to later environments was in force where it must have been.</summary>
    private async ValueTask<(CheckOutcome Outcome, IReadOnlyList<Precondition> Rests)> SoakedAsync(
        string tenant,
        ChangeRequest request,
        string check,
        (EnvironmentType In, TimeSpan For) wanted,
        ApplyGroundwork work,
        CancellationToken cancellationToken
    )
    {
        var (outcomes, rests) = (new List<CheckOutcome>(), new List<Precondition>());
        foreach (var edit in work.Compared.Edits)
        {
            if (edit is not { Before.Resource: Flag before, After: Flag after })
            {
                outcomes.Add(CheckOutcome.Unknown($"'{check}': {edit.Name} {Unsoakable(edit)}"));
                continue;
            }
            var later = Later(request, work.Workspace, wanted.In).ToList();
            // Neither is part of what soaks: nothing is known of them, and that is no pass.
            if (later.Any(environment => IsAside(before.In(environment).Settings, after.In(environment).Settings)))
                outcomes.Add(CheckOutcome.Unknown($"'{check}': overrides and the fallback of {edit.Name} cannot soak"));
            foreach (var value in Brought(later, before, after))
            {
                var (outcome, on) = await SoakedAsync(tenant, check, wanted, (work.Workspace, before), value, cancellationToken);
                outcomes.Add(outcome);
                rests.AddRange(on);
            }
        }
        // What brings nothing has nothing that could have soaked.
        return (outcomes.Count == 0 ? CheckOutcome.Passed : CheckOutcome.All(outcomes), rests);
    }

    /// <summary>What a flag's edit brings to environments of later types that they do not serve yet.</summary>
    private static IEnumerable<Digest> Brought(IEnumerable<ProjectEnvironment> later, Flag before, Flag after) =>
        later
            .Where(environment => ValueIn(after, environment) != ValueIn(before, environment))
            .Select(environment => ValueIn(after, environment))
            .Distinct();

    private static IEnumerable<ProjectEnvironment> Later(ChangeRequest request, Workspace workspace, EnvironmentType soakIn) =>
        request
            .Content.Environments.Where(target => target.Type > soakIn)
            .Select(target => workspace.Get<ProjectEnvironment>(ProjectEnvironment.NameOf(request.Project, target.Key)))
            .OfType<ProjectEnvironment>();

    /// <summary>Whether an edit changes what a served value leaves out.</summary>
    private static bool IsAside(FlagEnvironment before, FlagEnvironment after) =>
        before.Overrides != after.Overrides || before.FallbackVariant != after.FallbackVariant;

    private static string Unsoakable(ResourceEdit edit) =>
        edit is { Before: null, After: Flag }
            ? "is new, and was in force nowhere"
            : "changes everywhere at once, so that nothing of it can have been in force before";

    private static Digest ValueIn(Flag flag, ProjectEnvironment environment) =>
        ServedValue.Of(flag, flag.In(environment).Settings);

    private async ValueTask<(CheckOutcome Outcome, IReadOnlyList<Precondition> Rests)> SoakedAsync(
        string tenant,
        string check,
        (EnvironmentType In, TimeSpan For) wanted,
        (Workspace Workspace, Flag Flag) at,
        Digest value,
        CancellationToken cancellationToken
    )
    {
        var (longest, rests) = (TimeSpan.Zero, (IReadOnlyList<Precondition>)[]);
        var environments = at
            .Workspace.FoundOf<ProjectEnvironment>(ResourceKind.Environment)
            .Where(environment => environment.Type == wanted.In);
        foreach (var environment in environments)
        {
            var begin = await soak.SinceAsync(tenant, at.Flag, environment, value, cancellationToken);
            if (begin.Until(time.GetUtcNow()) is { } soaked && soaked > longest)
                (longest, rests) = (soaked, begin.Rests);
        }
        var type = WireNames.Of(wanted.In);
        var outcome =
            longest >= wanted.For
                ? CheckOutcome.Passed
                : CheckOutcome.Failed(
                    $"'{check}': exactly this of {at.Flag.Name} was in force in {type} for {Hours(longest)} h without a break and must be for {Hours(wanted.For)} h"
                );
        return (outcome, rests);
    }

    private static string Hours(TimeSpan time) =>
        (Math.Floor(time.TotalHours * 10) / 10).ToString("0.#", CultureInfo.InvariantCulture);
}
