using System.Collections.Frozen;
using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Policies.Judging;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Approving;

/// <summary>Asks approval policies about a step of a change: every resource it edits, in every environment that it reaches there.</summary>
internal static class ApprovalQuestion
{
    private static readonly FrozenDictionary<string, long> NoCounts = FrozenDictionary<string, long>.Empty;

    /// <summary>The verdict. What reaches no environment is gated only by rules that name its kind, and the policies by a second person.</summary>
    public static Decision Judge(
        LoadedPolicies policies,
        Actor actor,
        Workspace workspace,
        IReadOnlyList<Operation> operations,
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyList<ProjectEnvironment> environments,
        Served served
    )
    {
        var (placed, decisions) = (new List<ChangePart>(), new List<Decision>());
        var both = edits.Select(edit => (edit.Before?.Resource, edit.After)).ToList();
        foreach (var edit in edits)
        {
            var parts = Parts(workspace, operations, edit, both, environments, served).ToList();
            if (parts.Count > 0)
                placed.AddRange(parts);
            else if (JudgeUnplaced(policies, actor, workspace.Project, edit, Part(edit, operations)) is { } decision)
                decisions.Add(decision);
        }
        if (placed.Count > 0)
            decisions.Add(PolicyJudge.Judge(policies.Of(workspace.Project), Facts(actor, placed)).Decision);
        return decisions.Count == 0
            ? new Decision.Allow("approval", "it reaches no environment, and no rule names what it changes")
            : Decision.Combine(decisions);
    }

    private static Decision? JudgeUnplaced(
        LoadedPolicies policies,
        Actor actor,
        string project,
        ResourceEdit edit,
        ChangePart part
    )
    {
        // Who could lift a freeze alone would need no exception. To freeze more is for nobody to approve.
        if (part.Kind == ResourceKind.ApprovalPolicy || (part.Kind == ResourceKind.Freeze && edit.Before is not null))
            return PolicyJudge.Judge(policies.OfThemselves(), Facts(actor, [part])).Decision;
        var answer = PolicyJudge.Judge(policies.OfKinds(project), Facts(actor, [part]));
        return answer.Matches.All(match => match.Effect == MatchEffect.NoSay) ? null : answer.Decision;
    }

    private static ChangeFacts Facts(Actor actor, IEnumerable<ChangePart> parts) => new(actor.Groups, parts.ToSequence());

    private static IEnumerable<ChangePart> Parts(
        Workspace workspace,
        IReadOnlyList<Operation> operations,
        ResourceEdit edit,
        IReadOnlyList<(Resource?, Resource?)> both,
        IReadOnlyList<ProjectEnvironment> environments,
        Served served
    )
    {
        var reached = Reached(workspace, edit).ToHashSet(StringComparer.Ordinal);
        foreach (var environment in environments.Where(environment => reached.Contains(environment.Key)))
        {
            var isCompared = served.ByEnvironment.TryGetValue(environment.Key, out var compared);
            yield return Part(edit, operations) with
            {
                Environment = new PolicyEnvironment(environment.Id, environment.Key, environment.Type),
                Direction = isCompared ? ServingFacts.DirectionOf(compared!, both) : ChangeDirection.Riskier,
                AudienceDelta = isCompared ? Delta(edit, compared!) : null,
            };
        }
    }

    private static double? Delta(ResourceEdit edit, IReadOnlyList<FlagComparison> compared) =>
        compared.Count == 0 ? 0
        : edit.Name.Kind == ResourceKind.Flag
            ? ServingFacts.AudienceDelta(compared.FirstOrDefault(flag => flag.Key == edit.Name.Key), NoCounts)
        : null;

    /// <summary>
    /// A flag that goes is missed everywhere, also where it never was configured: programs fall back to their own defaults. A key reads
    /// an environment and changes nothing in it.
    /// </summary>
    private static IEnumerable<string> Reached(Workspace workspace, ResourceEdit edit) =>
        edit is { Name.Kind: ResourceKind.Flag, After: null } ? workspace.Environments.Select(environment => environment.Key)
        : edit.Name.Kind == ResourceKind.SdkKey ? []
        : ImpactSet.Of(workspace, [edit]).Environments.Select(environment => environment.Key);

    /// <summary>Every environment that some edit reaches, with its type as the whole change leaves it.</summary>
    public static IReadOnlyList<ProjectEnvironment> Environments(
        Workspace workspace,
        IReadOnlyList<ResourceEdit> edits,
        Impact impact
    )
    {
        var known = impact.Environments.ToDictionary(environment => environment.Key, StringComparer.Ordinal);
        foreach (var edit in edits)
        {
            foreach (var key in Reached(workspace, edit))
            {
                if (
                    !known.ContainsKey(key)
                    && workspace.Get<ProjectEnvironment>(ProjectEnvironment.NameOf(workspace.Project, key)) is { } other
                )
                    known[key] = other;
            }
        }
        return [.. known.Values.OrderBy(environment => environment.Key, StringComparer.Ordinal)];
    }

    private static ChangePart Part(ResourceEdit edit, IReadOnlyList<Operation> operations)
    {
        var own = operations.Where(operation => operation.Target(edit.Name.Project) == edit.Name).ToList();
        var names = (own.Count > 0 ? own : operations)
            .Select(NameOf)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        var tags = (edit.Before?.Resource ?? edit.After) is Flag flag ? flag.Tags : [];
        return new ChangePart(null, edit.Name.Kind, edit.Name.Key, tags, names.ToSequence(), ChangeDirection.Riskier, null);
    }

    private static string NameOf(Operation operation) => JsonNamingPolicy.CamelCase.ConvertName(operation.GetType().Name);
}
