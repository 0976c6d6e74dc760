using Halyard.Core.Flags;

namespace Halyard.Storage.Conformance.Building;

/// <summary>Short names for resources.</summary>
public static class Names
{
    public static ResourceName Flag(string key, string project = "web") => new(ResourceKind.Flag, project, key);

    public static ResourceName Segment(string key, string project = "web") => new(ResourceKind.Segment, project, key);

    public static ResourceName Environment(string key, string project = "web") => new(ResourceKind.Environment, project, key);

    public static ResourceName Project(string key) => new(ResourceKind.Project, string.Empty, key);
}
