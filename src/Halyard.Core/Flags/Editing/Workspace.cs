using System.Collections.Immutable;
using Halyard.Ledger;

namespace Halyard.Core.Flags.Editing;

/// <summary>
/// The resources a change can see, as it found them and as its operations have left them so far. Edits are pure: they put
/// new states here and never touch a store.
/// </summary>
public sealed class Workspace
{
    private readonly Dictionary<ResourceName, Loaded> _found;

    /// <summary>The names of each kind that was listed, in key order; most changes list one kind alone.</summary>
    private readonly Dictionary<ResourceKind, SortedDictionary<string, ResourceName>> _names = [];
    private readonly Dictionary<ResourceName, Resource?> _edited = [];
    private readonly Dictionary<(string Flag, long Revision), Flag?> _past;
    private readonly IReadOnlySet<(string Flag, long Revision)> _kept;

    // Every edit of a flag asks for them, and hardly any change is about one.
    private IReadOnlyList<ProjectEnvironment>? _environments;

    /// <summary>Starts from what was found.</summary>
    /// <param name="project">The project's key, or empty for changes to the tenant itself.</param>
    /// <param name="found">Every resource that the operations name, with its revision; absent ones left out.</param>
    /// <param name="past">Earlier revisions of flags that operations name; <see langword="null"/> where values of one were erased.</param>
    /// <param name="newId">Gives a random id to each resource created.</param>
    /// <param name="kept">Revisions that later steps name, kept when <see cref="Advance"/> reaches them.</param>
    public Workspace(
        string project,
        IEnumerable<Loaded> found,
        IReadOnlyDictionary<(string Flag, long Revision), Flag?> past,
        Func<string> newId,
        IReadOnlySet<(string Flag, long Revision)>? kept = null
    )
    {
        Project = project;
        _found = found.ToDictionary(loaded => loaded.Resource.Name);
        _past = new(past);
        _kept = kept ?? ImmutableHashSet<(string, long)>.Empty;
        NewId = newId;
    }

    /// <summary>The project's key.</summary>
    public string Project { get; }

    /// <summary>Gives a random id.</summary>
    public Func<string> NewId { get; }

    /// <summary>Whether every flag and segment of the project was found, and not only what operations name.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What is wrong with the operations so far.</summary>
    public List<FieldProblem> Problems { get; } = [];

    /// <summary>Operations based on a revision that has passed.</summary>
    public List<RevisionMismatch> Stale { get; } = [];

    /// <summary>The current state, or <see langword="null"/> where there is no such resource.</summary>
    public T? Get<T>(ResourceName name)
        where T : Resource =>
        _edited.TryGetValue(name, out var edited) ? (T?)edited : (T?)_found.GetValueOrDefault(name)?.Resource;

    /// <summary>The state before the change, or <see langword="null"/> where there was no such resource.</summary>
    public T? Found<T>(ResourceName name)
        where T : Resource => (T?)_found.GetValueOrDefault(name)?.Resource;

    /// <summary>Every resource of a kind as it was before the change, in key order.</summary>
    public IEnumerable<T> FoundOf<T>(ResourceKind kind)
        where T : Resource => NamesOf(kind).Select(Found<T>).OfType<T>();

    /// <summary>The same with their revisions.</summary>
    internal IEnumerable<Loaded> LoadedOf(ResourceKind kind) => NamesOf(kind).Select(_found.GetValueOrDefault).OfType<Loaded>();

    /// <summary>Every flag, in key order.</summary>
    public IEnumerable<Flag> Flags => Of<Flag>(ResourceKind.Flag);

    /// <summary>Every segment, in key order.</summary>
    public IEnumerable<Segment> Segments => Of<Segment>(ResourceKind.Segment);

    /// <summary>Every environment, in key order.</summary>
    public IReadOnlyList<ProjectEnvironment> Environments =>
        _environments ??= [.. Of<ProjectEnvironment>(ResourceKind.Environment)];

    /// <summary>The revision that was found; 0 for a resource that does not exist yet.</summary>
    public long RevisionOf(ResourceName name) => _found.GetValueOrDefault(name)?.Revision ?? 0;

    /// <summary>The revision that the change will make.</summary>
    public long NextRevisionOf(ResourceName name) => RevisionOf(name) + 1;

    /// <summary>Whether an earlier revision of a flag cannot be restored, because personal values of it were erased.</summary>
    public bool IsErased(string flag, long revision) => _past.TryGetValue((flag, revision), out var past) && past is null;

    /// <summary>An earlier revision of a flag, or <see langword="null"/> where it never had it.</summary>
    public Flag? Past(string flag, long revision) => _past.GetValueOrDefault((flag, revision));

    /// <summary>Puts a new state.</summary>
    public void Put(Resource resource)
    {
        _edited[resource.Name] = resource;
        Remember(resource.Name);
        ForgetEnvironments(resource.Name);
    }

    /// <summary>Removes a resource.</summary>
    public void Delete(ResourceName name)
    {
        _edited[name] = null;
        ForgetEnvironments(name);
    }

    /// <summary>What differs from what was found, in the order first touched.</summary>
    public IEnumerable<ResourceEdit> Edits()
    {
        foreach (var (name, after) in _edited)
        {
            var found = _found.GetValueOrDefault(name);
            if (!Equals(found?.Resource, after))
                yield return new ResourceEdit(name, found, after);
        }
    }

    /// <summary>
    /// Makes the edits of one step the ground for the next: a change of several steps (an import) makes one revision a step.
    /// </summary>
    /// <param name="resources">The resources as they will be stored; <see langword="null"/> for deleted ones.</param>
    public void Advance(IEnumerable<KeyValuePair<ResourceName, Loaded?>> resources)
    {
        // Edits that are not among the resources are undone.
        foreach (var name in _edited.Keys)
            ForgetEnvironments(name);
        foreach (var (name, loaded) in resources)
        {
            ForgetEnvironments(name);
            if (loaded is null)
            {
                _found.Remove(name);
                if (_names.TryGetValue(name.Kind, out var keys))
                    keys.Remove(name.Key);
            }
            else
            {
                _found[name] = loaded;
                // It may be new without having been put here, where what others did is followed.
                Remember(name);
                if (loaded.Resource is Flag flag && _kept.Contains((name.Key, loaded.Revision)))
                    _past[(name.Key, loaded.Revision)] = flag;
            }
        }
        _edited.Clear();
    }

    private void ForgetEnvironments(ResourceName name)
    {
        if (name.Kind == ResourceKind.Environment)
            _environments = null;
    }

    private void Remember(ResourceName name)
    {
        if (_names.TryGetValue(name.Kind, out var keys))
            keys.TryAdd(name.Key, name);
    }

    private SortedDictionary<string, ResourceName>.ValueCollection NamesOf(ResourceKind kind)
    {
        if (_names.TryGetValue(kind, out var known))
            return known.Values;
        var keys = new SortedDictionary<string, ResourceName>(StringComparer.Ordinal);
        foreach (var name in _found.Keys)
        {
            if (name.Kind == kind)
                keys.TryAdd(name.Key, name);
        }
        foreach (var name in _edited.Keys)
        {
            if (name.Kind == kind)
                keys.TryAdd(name.Key, name);
        }
        _names[kind] = keys;
        return keys.Values;
    }

    /// <summary>Every resource of a kind, in key order.</summary>
    public IEnumerable<T> Of<T>(ResourceKind kind)
        where T : Resource => NamesOf(kind).Select(Get<T>).OfType<T>();
}

/// <summary>A resource as it was found.</summary>
/// <param name="Resource">Its state.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Document">Its stored document in clear.</param>
/// <param name="Sealed">The document as the ledger knows it, or <see langword="null"/> where it is the same.</param>
public sealed record Loaded(Resource Resource, long Revision, byte[] Document, byte[]? Sealed)
{
    // Boxed, so that those who ask at once see it whole or not at all.
    private object? _digest;

    /// <summary>The digest of the document as the ledger knows it.</summary>
    public Digest Digest => (Digest)(_digest ??= Digest.Of(Sealed ?? Document));
}

/// <summary>One resource before and after a change; <see langword="null"/> where it does not exist.</summary>
public sealed record ResourceEdit(ResourceName Name, Loaded? Before, Resource? After);
