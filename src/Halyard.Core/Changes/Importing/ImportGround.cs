using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;

namespace Halyard.Core.Changes.Importing;

/// <summary>
/// The project as the batches of an import find it: loaded whole once, then carried from batch to batch, so that an import costs
/// what its lines cost, however large the project grows.
/// </summary>
/// <remarks>
/// A fence of the import's own is raised by each batch. Whoever else imports the same file meanwhile moves it, and then nothing
/// more is written here: a line can neither be imported twice nor left out. A batch may be prepared while the one before it is
/// being committed; should that one fail, the second is void, and the first is loaded again.
/// </remarks>
internal sealed class ImportGround : IChangeGround
{
    private static readonly ResourceKind[] Seen = [ResourceKind.Environment, ResourceKind.Segment, ResourceKind.Flag];

    private readonly IStore _store;
    private readonly PersonalVault _vault;
    private readonly Entropy _entropy;
    private readonly string _project;
    private readonly string _fence;
    private readonly HashSet<(string Flag, long Revision)> _reverted;
    private readonly List<Operation> _reverts;
    private Dictionary<string, long> _fences = [];
    private Dictionary<ResourceName, StoredResource> _found = [];
    private Dictionary<(string, long), Flag?> _past = [];
    private Workspace? _workspace;
    private StoredResource? _policies;
    private Attempt? _last;
    private Attempt? _beforeLast;

    private ImportGround(IStore store, PersonalVault vault, Entropy entropy, string project, HistoryFile file)
    {
        _store = store;
        _vault = vault;
        _entropy = entropy;
        _project = project;
        _fence = $"import/{project}/{file.Key}";
        _reverts = [.. file.Lines.SelectMany(line => line.Operations).Where(operation => operation is RevertToRevision)];
        _reverted = [.. _reverts.OfType<RevertToRevision>().Select(revert => (revert.Flag, revert.Revision))];
    }

    /// <summary>The project as it is now. What was imported must be asked for afterwards, so that the fence guards the answer.</summary>
    public static async ValueTask<ImportGround> OpenAsync(
        IStore store,
        PersonalVault vault,
        Entropy entropy,
        string tenant,
        string project,
        HistoryFile file,
        CancellationToken cancellationToken
    )
    {
        var ground = new ImportGround(store, vault, entropy, project, file);
        await ground.ReadAsync(tenant, cancellationToken);
        return ground;
    }

    /// <summary>Whether the project has a flag.</summary>
    public bool HasFlags => _found.Keys.Any(name => name.Kind == ResourceKind.Flag);

    /// <summary>Tells that the entry before the batches was written since the project was read; it raised the fence of references.</summary>
    public void Announced() => _fences[Project.ReferencesFence(_project)]++;

    /// <summary>The project for a rehearsal, which leaves this one as it is.</summary>
    public Workspace Copy()
    {
        var created = 0;
        return NewWorkspace(() => $"rehearsed_{++created}");
    }

    /// <inheritdoc/>
    public async ValueTask<Result<LoadedGround>> LoadAsync(string tenant, Change change, CancellationToken cancellationToken)
    {
        if (AttemptOf(change) is { } again)
        {
            await ReadAsync(tenant, cancellationToken);
            if (_fences[_fence] != again.Fence)
                return new Error.Contended();
            // Whatever was prepared on top of it is void.
            (_beforeLast, _last) = (null, again);
        }
        else
        {
            // The batch before takes effect and raises each fence by one, or this one is never committed.
            if (_last is not null)
            {
                foreach (var name in _fences.Keys)
                    _fences[name]++;
            }
            (_beforeLast, _last) = (_last, new Attempt(change, _fences[_fence]));
        }
        _workspace ??= NewWorkspace(() => _entropy.NewId("r"));
        return new LoadedGround(_workspace, Preconditions(_workspace, change), _policies);
    }

    private Attempt? AttemptOf(Change change) =>
        ReferenceEquals(change, _last?.Change) ? _last
        : ReferenceEquals(change, _beforeLast?.Change) ? _beforeLast
        : null;

    private Workspace NewWorkspace(Func<string> newId) =>
        new(_project, _found.Values.Select(Reading.ResourceDocuments.Load), _past, newId, _reverted) { IsWhole = true };

    private async ValueTask ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var name = Project.NameOf(_project);
        var slice = await _store.LoadAsync(
            tenant,
            [name, InstalledPolicies.Place],
            [_fence, Project.ReferencesFence(_project)],
            cancellationToken
        );
        _fences = new(slice.Fences, StringComparer.Ordinal);
        _found = new(slice.Resources);
        // Should others come in force meanwhile, the next batch does not take effect and is judged anew.
        _found.Remove(InstalledPolicies.Place, out _policies);
        foreach (var kind in Seen)
            await _store.AddAllAsync(tenant, kind, _project, _found, cancellationToken);
        _past = await ChangeLoader.LoadPastAsync(_store, _vault, tenant, _project, _reverts, _found, cancellationToken);
        _workspace = null;
    }

    private List<Precondition> Preconditions(Workspace workspace, Change change)
    {
        var environments = change
            .Steps.SelectMany(step => step.Operations)
            .SelectMany(ChangeLoader.EnvironmentsRead)
            .Distinct(StringComparer.Ordinal)
            .Select(key => ProjectEnvironment.NameOf(_project, key))
            .Where(name => workspace.RevisionOf(name) > 0);
        return
        [
            .. environments.Select(name => new Precondition.Unchanged(name, workspace.RevisionOf(name))),
            .. _fences.Select(fence => new Precondition.Fence(fence.Key, fence.Value)),
        ];
    }

    /// <summary>A batch that was loaded, with the value of the import's own fence that it needs.</summary>
    private sealed record Attempt(Change Change, long Fence);
}
