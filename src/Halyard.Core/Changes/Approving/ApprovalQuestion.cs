using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Approving;

/// <summary>What approval policies are asked about a step of a change: every resource it edits, in every environment that it reaches there.</summary>
internal static class ApprovalQuestion
{
    private static readonly ConcurrentDictionary<Type, string> Names = new();

    /// <summary>The question: what reaches no environment stands apart.</summary>
    public static PolicyQuestion Of(
        Sequence<string> actorGroups,
        Workspace workspace,
        IReadOnlyList<ResourceEdit> edits,
        Func<ResourceEdit, Sequence<string>> operationsOn,
        IReadOnlyList<ProjectEnvironment> environments,
        Served served
    )
    {
        var (placed, unplaced, governing) = (new List<ChangePart>(), new List<ChangePart>(), new List<ChangePart>());
        var both = edits.Select(edit => (edit.Before?.Resource, edit.After)).ToList();
        foreach (var edit in edits)
        {
            var part = Part(edit, operationsOn(edit));
            var parts = Parts(workspace, part.Operations, edit, both, environments, served).ToList();
            placed.AddRange(parts);
            if (parts.Count == 0)
                (IsGoverning(edit) ? governing : unplaced).Add(part);
        }
        return new PolicyQuestion(
            workspace.Project,
            new ChangeFacts(actorGroups, placed.ToSequence()),
            unplaced.ToSequence(),
            governing.ToSequence()
        );
    }

    /// <summary>Who could lift a freeze alone would need no exception. To freeze more is for nobody to approve.</summary>
    private static bool IsGoverning(ResourceEdit edit) =>
        GoverningOperations.Govern(edit.Name.Kind) || (edit.Name.Kind == ResourceKind.Freeze && edit.Before is not null);

    /// <summary>The names of the operations that are about a resource; of all where none is.</summary>
    public static Sequence<string> NamesOf(IReadOnlyList<Operation> operations, ResourceName resource)
    {
        if (operations is [var only])
            return [NameOf(only)];
        var own = operations.Where(operation => operation.Target(resource.Project) == resource).ToList();
        return (own.Count > 0 ? own : operations)
            .Select(NameOf)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToSequence();
    }

    private static string NameOf(Operation operation) =>
        Names.GetOrAdd(operation.GetType(), type => JsonNamingPolicy.CamelCase.ConvertName(type.Name));

    private static IEnumerable<ChangePart> Parts(
        Workspace workspace,
        Sequence<string> operations,
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
                Environment = PolicyEnvironmentOf(workspace, environment),
                Direction = isCompared ? ServingFacts.DirectionOf(compared!, both) : ChangeDirection.Riskier,
                AudienceDelta = isCompared ? Delta(edit, compared!, served.Counts.GetValueOrDefault(environment.Key)) : null,
            };
        }
    }

    private static double? Delta(ResourceEdit edit, IReadOnlyList<FlagComparison> compared, ServedCounts? counts) =>
        compared.Count == 0 ? 0
        : edit.Name.Kind == ResourceKind.Flag
            ? ServingFacts.AudienceDelta(
                compared.FirstOrDefault(flag => flag.Key == edit.Name.Key),
                counts?.Of(edit.Name.Key) ?? FrozenDictionary<string, long>.Empty
            )
        : null;

    /// <summary>The stricter of what an environment was and what the change makes it: none is first declared harmless.</summary>
    private static PolicyEnvironment PolicyEnvironmentOf(Workspace workspace, ProjectEnvironment environment)
    {
        var was = workspace.Found<ProjectEnvironment>(environment.Name) ?? environment;
        var becomes = workspace.Get<ProjectEnvironment>(environment.Name) ?? environment;
        return new PolicyEnvironment(
            environment.Id,
            environment.Key,
            environment.Type,
            was.RiskLevel is { } one && becomes.RiskLevel is { } other ? (one > other ? one : other) : null,
            was.EstimatedUsers is { } some && becomes.EstimatedUsers is { } others ? Math.Max(some, others) : null
        );
    }

    /// <summary>The environments that an edit changes something in: a key reads one, no more.</summary>
    private static IEnumerable<string> Reached(Workspace workspace, ResourceEdit edit) =>
        edit.Name.Kind == ResourceKind.SdkKey
            ? []
            : ImpactSet.Of(workspace, [edit]).Environments.Select(environment => environment.Key);

    private static ChangePart Part(ResourceEdit edit, Sequence<string> operations)
    {
        var tags = (edit.Before?.Resource ?? edit.After) is Flag flag ? flag.Tags : [];
        return new ChangePart(null, edit.Name.Kind, edit.Name.Key, tags, operations, ChangeDirection.Riskier, null);
    }
}
