using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Simulating;

/// <summary>A project as it was before one entry of the log, carried from entry to entry.</summary>
internal sealed class PastProject
{
    private readonly Dictionary<ResourceName, Loaded> _found;
    private readonly Dictionary<ResourceName, Loaded> _compared = [];
    private readonly Dictionary<ResourceName, ResourceName[]> _leaning = [];
    private readonly Workspace _workspace;

    /// <summary>Starts from a state.</summary>
    /// <param name="key">The project's key, or empty for what belongs to the tenant itself.</param>
    /// <param name="found">Its environments, flags and segments.</param>
    public PastProject(string key, IEnumerable<Loaded> found)
    {
        Key = key;
        _found = found.ToDictionary(loaded => loaded.Resource.Name);
        _workspace = new Workspace(key, _found.Values, NoPast, NewId);
        foreach (var (name, loaded) in _found)
            Compare(name, loaded);
    }

    /// <summary>The project's key.</summary>
    public string Key { get; }

    /// <summary>A flag as it is by now, or <see langword="null"/>.</summary>
    public Loaded? Find(ResourceName name) => _found.GetValueOrDefault(name);

    /// <summary>What policies are asked about a change that left these resources behind.</summary>
    public (PolicyQuestion Question, RequestScope Scope) Judge(
        IEnumerable<(ResourceName Name, Loaded? After)> touched,
        Sequence<string> groups,
        Func<ResourceEdit, Sequence<string>> operationsOn,
        IReadOnlyDictionary<string, ServedCounts> counts,
        DateTimeOffset at
    )
    {
        var others = new List<ResourceEdit>();
        foreach (var (name, after) in touched)
        {
            if (!PastState.IsSeen(name.Kind))
                others.Add(new ResourceEdit(name, null, null));
            else if (after is null)
                _workspace.Delete(name);
            else
                _workspace.Put(after.Resource);
        }
        return Judge(_workspace, [.. _workspace.Edits(), .. others], groups, operationsOn, counts, at);
    }

    /// <summary>
    /// What policies are asked about operations; <see langword="null"/> where they cannot be done on this state any more, for something
    /// that they name was purged.
    /// </summary>
    public (PolicyQuestion Question, RequestScope Scope)? Judge(
        IReadOnlyList<Operation> operations,
        IReadOnlyDictionary<(string Flag, long Revision), Flag?> past,
        Sequence<string> groups,
        IReadOnlyDictionary<string, ServedCounts> counts,
        DateTimeOffset at
    )
    {
        var workspace = new Workspace(Key, _found.Values, past, NewId);
        var step = new ChangeStep(operations, "", null);
        ChangeEditor.Apply(workspace, step, step.Pointer);
        var edits = ChangeEditor.Compare(workspace, step).Edits;
        return workspace.Problems.Count > 0 || edits.Count == 0
            ? null
            : Judge(workspace, edits, groups, edit => ApprovalQuestion.NamesOf(operations, edit.Name), counts, at);
    }

    /// <summary>Goes on to the state that an entry left behind.</summary>
    public void Follow(ResourceName name, Loaded? after)
    {
        _workspace.Advance([new(name, after)]);
        Compare(name, after);
        if (after is null)
            _found.Remove(name);
        else
            _found[name] = after;
    }

    private (PolicyQuestion Question, RequestScope Scope) Judge(
        Workspace workspace,
        IReadOnlyList<ResourceEdit> edits,
        Sequence<string> groups,
        Func<ResourceEdit, Sequence<string>> operationsOn,
        IReadOnlyDictionary<string, ServedCounts> counts,
        DateTimeOffset at
    )
    {
        var environments = ImpactSet.Of(workspace, edits).Environments;
        var served =
            Key.Length == 0 || environments.Count == 0
                ? ServedComparison.Nothing
                : new Served(ServedComparison.Compare(workspace, _compared, edits, environments, at, _leaning), counts, []);
        return (
            ApprovalQuestion.Of(groups, workspace, edits, operationsOn, environments, served),
            RequestScope.Of(Key, RequestContents.Targets(environments, edits), edits)
        );
    }

    /// <summary>Keeps up what each change is compared with, so that a change costs what it touches and not what there is.</summary>
    private void Compare(ResourceName name, Loaded? now)
    {
        if (name.Kind is not (ResourceKind.Flag or ResourceKind.Segment))
            return;
        _compared.Remove(name);
        _leaning.Remove(name);
        if (now is null)
            return;
        _compared[name] = now;
        _leaning[name] = ComparedResources.LeansOn(now.Resource);
    }

    private static string NewId() => "r_simulated";

    private static Dictionary<(string Flag, long Revision), Flag?> NoPast => [];
}
