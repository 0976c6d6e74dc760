using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Tests.Fixtures;

/// <summary>A project in memory, edited purely: what the pipeline does between loading and deciding.</summary>
internal sealed class World
{
    public const string Project = "web";

    private readonly Dictionary<ResourceName, Loaded> _resources = [];
    private readonly Dictionary<(string, long), Flag?> _past = [];
    private int _ids;

    /// <summary>A project with the environments dev, staging and prod, after these operations, each its own change.</summary>
    public World(params IEnumerable<string> operations)
    {
        Put(new Project("p", Project, "Web", ""), 1);
        Put(new ProjectEnvironment("e-dev", Project, "dev", "", EnvironmentType.Development, 1, true), 1);
        Put(new ProjectEnvironment("e-staging", Project, "staging", "", EnvironmentType.Staging, 2, true), 1);
        Put(new ProjectEnvironment("e-prod", Project, "prod", "", EnvironmentType.Production, 3, true), 1);
        foreach (var operation in operations)
            Apply(operation);
    }

    public Flag Flag(string key) => Get<Flag>(Core.Flags.Flag.NameOf(Project, key))!;

    public FlagConfiguration Configuration(string key, string environment = "dev") => Flag(key).In(Environment(environment)!);

    public Segment? Segment(string key) => Get<Segment>(Core.Flags.Segment.NameOf(Project, key));

    public ProjectEnvironment? Environment(string key) => Get<ProjectEnvironment>(ProjectEnvironment.NameOf(Project, key));

    public T? Get<T>(ResourceName name)
        where T : Resource => (T?)_resources.GetValueOrDefault(name)?.Resource;

    public long Revision(ResourceName name) => _resources[name].Revision;

    public long Revision(string flag) => Revision(Core.Flags.Flag.NameOf(Project, flag));

    /// <summary>Applies one change that must be accepted; answers what it means.</summary>
    public IReadOnlyList<SemanticChange> Apply(params IEnumerable<string> operations)
    {
        var (workspace, step) = Edit(operations);
        workspace.Problems.ShouldBeEmpty();
        workspace.Stale.ShouldBeEmpty();
        var (edits, _, changes) = ChangeEditor.Compare(workspace, step);
        foreach (var edit in edits)
        {
            if (edit.After is null)
                _resources.Remove(edit.Name);
            else
                Put(edit.After, workspace.NextRevisionOf(edit.Name));
        }
        return changes;
    }

    /// <summary>What is wrong with a change, which is not applied.</summary>
    public IReadOnlyList<FieldProblem> Refusal(params IEnumerable<string> operations)
    {
        var problems = Edit(operations).Workspace.Problems;
        problems.ShouldNotBeEmpty();
        return problems;
    }

    /// <summary>The place of the one thing that is wrong with a change.</summary>
    public string RefusedAt(params IEnumerable<string> operations) => Refusal(operations).ShouldHaveSingleItem().Pointer;

    public IReadOnlyList<RevisionMismatch> Stale(params IEnumerable<string> operations)
    {
        var workspace = Edit(operations).Workspace;
        workspace.Problems.ShouldBeEmpty();
        return workspace.Stale;
    }

    private (Workspace Workspace, ChangeStep Step) Edit(IEnumerable<string> operations)
    {
        var workspace = new Workspace(Project, _resources.Values, _past, () => $"id-{++_ids}");
        var step = new ChangeStep(Ops.ReadAll(operations), "", null);
        ChangeEditor.Apply(workspace, step, "");
        return (workspace, step);
    }

    private void Put(Resource resource, long revision)
    {
        _resources[resource.Name] = new Loaded(resource, revision, resource.ToDocument(), null);
        if (resource is Flag flag)
            _past[(flag.Definition.Key, revision)] = flag;
    }
}
