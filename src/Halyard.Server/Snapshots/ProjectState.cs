using System.Collections.Frozen;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation;

namespace Halyard.Server.Snapshots;

/// <summary>A project's resources as of one entry of the log; the follower's own, never shared.</summary>
internal sealed class ProjectState
{
    private readonly SortedDictionary<string, (Flag Flag, long Revision)> _flags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Segment> _segments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProjectEnvironment> _environments = new(StringComparer.Ordinal);

    public IReadOnlyCollection<ProjectEnvironment> Environments => _environments.Values;

    /// <summary>The keys of the flags whose values are not for everybody.</summary>
    public FrozenSet<string> Sensitive =>
        _flags.Where(item => item.Value.Flag.Sensitive).Select(item => item.Key).ToFrozenSet(StringComparer.Ordinal);

    public void Put(Resource resource, long revision)
    {
        switch (resource)
        {
            case Flag flag:
                _flags[flag.Definition.Key] = (flag, revision);
                break;
            case Segment segment:
                _segments[segment.Definition.Key] = segment;
                break;
            case ProjectEnvironment environment:
                _environments[environment.Key] = environment;
                break;
        }
    }

    public void Remove(ResourceName name)
    {
        switch (name.Kind)
        {
            case ResourceKind.Flag:
                _flags.Remove(name.Key);
                break;
            case ResourceKind.Segment:
                _segments.Remove(name.Key);
                break;
            case ResourceKind.Environment:
                _environments.Remove(name.Key);
                break;
        }
    }

    public CompileResult Compile(ProjectEnvironment environment, long ledgerIndex) =>
        SnapshotCompiler.Compile(EnvironmentDefinitions.Build(environment, _flags.Values, _segments.Values, ledgerIndex));
}
