using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Changes.Approving;

/// <summary>A flag or a segment of a project, at a revision.</summary>
internal readonly record struct Placed(Resource Resource, long Revision);

/// <summary>
/// The part of a project that must be compared to know what edits do to all that is served: what is edited, whatever leans on that, and
/// what any of these lean on. The rest answers as before, for nothing that it is made of is another.
/// </summary>
internal static class ComparedResources
{
    /// <summary>That part as it was.</summary>
    /// <param name="project">Every flag and segment before the edits.</param>
    /// <param name="edits">The edits; one of an environment concerns everything.</param>
    /// <param name="leaning">
    /// What each of the project leans on (<see cref="LeansOn(Resource)"/>), for whoever asks about one project again and again;
    /// <see langword="null"/> to work it out.
    /// </param>
    public static Dictionary<ResourceName, Placed> Before(
        IReadOnlyDictionary<ResourceName, Loaded> project,
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyDictionary<ResourceName, ResourceName[]>? leaning = null
    )
    {
        if (edits.Any(edit => edit.Name.Kind == ResourceKind.Environment))
            return project.ToDictionary(item => item.Key, item => PlacedOf(item.Value));
        leaning ??= project.ToDictionary(item => item.Key, item => LeansOn(item.Value.Resource));
        var edited = Edited(edits, leaning);
        var needed = Reach(
            Concerned(edits, edited, leaning),
            name => edited.TryGetValue(name, out var both) ? both : leaning.GetValueOrDefault(name) ?? []
        );
        return needed.Where(project.ContainsKey).ToDictionary(name => name, name => PlacedOf(project[name]));
    }

    /// <summary>The flags and segments that are edited, and whatever leans on them in some environments, at any depth.</summary>
    /// <param name="project">Every flag and segment before the edits.</param>
    /// <param name="edits">The edits.</param>
    /// <param name="environments">The environments that count.</param>
    public static IReadOnlySet<ResourceName> Concerned(
        IReadOnlyDictionary<ResourceName, Loaded> project,
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyList<ProjectEnvironment> environments
    )
    {
        var leaning = project.ToDictionary(item => item.Key, item => LeansOn(item.Value.Resource, environments));
        return Concerned(edits, Edited(edits, leaning), leaning);
    }

    /// <summary>What each edited one leant on and what it leans on: a place that either side needs is compared.</summary>
    private static Dictionary<ResourceName, ResourceName[]> Edited(
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyDictionary<ResourceName, ResourceName[]> leaning
    )
    {
        var edited = new Dictionary<ResourceName, ResourceName[]>();
        foreach (var edit in edits.Where(edit => edit.After is not null))
            edited[edit.Name] = [.. leaning.GetValueOrDefault(edit.Name) ?? [], .. LeansOn(edit.After!)];
        return edited;
    }

    private static HashSet<ResourceName> Concerned(
        IReadOnlyList<ResourceEdit> edits,
        Dictionary<ResourceName, ResourceName[]> edited,
        IReadOnlyDictionary<ResourceName, ResourceName[]> leaning
    )
    {
        var users = new Dictionary<ResourceName, List<ResourceName>>();
        foreach (var (name, used) in leaning)
        {
            if (!edited.ContainsKey(name))
                AddUser(users, name, used);
        }
        foreach (var (name, used) in edited)
            AddUser(users, name, used);
        return Reach(edits.Select(edit => edit.Name), name => users.GetValueOrDefault(name) ?? []);
    }

    private static void AddUser(Dictionary<ResourceName, List<ResourceName>> users, ResourceName name, ResourceName[] used)
    {
        foreach (var other in used)
        {
            if (!users.TryGetValue(other, out var known))
                users[other] = known = [];
            known.Add(name);
        }
    }

    private static Placed PlacedOf(Loaded loaded) => new(loaded.Resource, loaded.Revision);

    /// <summary>The same part after the edits.</summary>
    public static Dictionary<ResourceName, Placed> After(
        IReadOnlyDictionary<ResourceName, Placed> before,
        IReadOnlyList<ResourceEdit> edits
    )
    {
        var after = new Dictionary<ResourceName, Placed>(before);
        foreach (var edit in edits)
        {
            if (edit.After is { } resource)
                after[edit.Name] = new Placed(resource, (edit.Before?.Revision ?? 0) + 1);
            else
                after.Remove(edit.Name);
        }
        return after;
    }

    private static HashSet<ResourceName> Reach(IEnumerable<ResourceName> from, Func<ResourceName, IEnumerable<ResourceName>> next)
    {
        var seen = from.ToHashSet();
        var queue = new Queue<ResourceName>(seen);
        while (queue.TryDequeue(out var name))
        {
            foreach (var other in next(name))
            {
                if (seen.Add(other))
                    queue.Enqueue(other);
            }
        }
        return seen;
    }

    /// <summary>The flags and segments that a flag or segment is made of.</summary>
    public static ResourceName[] LeansOn(Resource resource) =>
        resource switch
        {
            Flag flag => LeansOn(flag, flag.Environments.Values),
            Segment segment =>
            [
                .. References.Segments(segment.Definition).Select(key => Segment.NameOf(segment.Name.Project, key)),
            ],
            _ => [],
        };

    /// <summary>The same in some environments alone.</summary>
    private static ResourceName[] LeansOn(Resource resource, IReadOnlyList<ProjectEnvironment> environments) =>
        resource is Flag flag ? LeansOn(flag, environments.Select(flag.In)) : LeansOn(resource);

    private static ResourceName[] LeansOn(Flag flag, IEnumerable<FlagConfiguration> configurations) =>
        [
            .. configurations.SelectMany(configuration =>
                configuration
                    .Settings.Prerequisites.Select(needed => Flag.NameOf(flag.Name.Project, needed.Flag))
                    .Concat(References.Segments(configuration.Settings).Select(key => Segment.NameOf(flag.Name.Project, key)))
            ),
        ];
}
