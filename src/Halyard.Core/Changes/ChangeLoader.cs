using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;

namespace Halyard.Core.Changes;

/// <summary>Where step 1 of the pipeline finds what a change touches.</summary>
internal interface IChangeGround
{
    /// <summary>
    /// The resources and what must stay as it was read. Called again with the same change after a lost race, and must then look
    /// at the store anew.
    /// </summary>
    ValueTask<Result<LoadedGround>> LoadAsync(string tenant, Change change, CancellationToken cancellationToken);
}

/// <summary>What a change stands on.</summary>
/// <param name="Workspace">What it touches.</param>
/// <param name="Preconditions">What must stay as it was read.</param>
/// <param name="Policies">The approval policies as they were found in the same read, or <see langword="null"/>.</param>
internal sealed record LoadedGround(Workspace Workspace, IReadOnlyList<Precondition> Preconditions, StoredResource? Policies)
{
    /// <summary>The version of the tenant's freezes, where it was read with the rest.</summary>
    public long? FreezeVersion { get; init; }
}

/// <summary>Step 1 of the pipeline: loads what a change touches, at revisions, with what must stay as it was read.</summary>
internal sealed class ChangeLoader(IStore store, PersonalVault vault, Entropy entropy) : IChangeGround
{
    private static readonly ResourceKind[] OfAccess =
    [
        ResourceKind.Role,
        ResourceKind.Assignment,
        ResourceKind.Policy,
        ResourceKind.Token,
        ResourceKind.User,
        ResourceKind.ServiceAccount,
    ];

    private readonly LoadedShelf _shelf = new();

    public async ValueTask<Result<LoadedGround>> LoadAsync(string tenant, Change change, CancellationToken cancellationToken)
    {
        var operations = change.Steps is [var only] ? only.Operations : [.. change.Steps.SelectMany(step => step.Operations)];
        var project = change.Project;
        var need = Need.Targets;
        var names = new HashSet<ResourceName>();
        List<string> emails = [];
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            if (NeedOf(operation) is var own && own > need)
                need = own;
            names.Add(operation.Target(project));
            names.UnionWith(LookedAt(operation));
            if (UserEditor.EmailOf(operation) is { } email)
                emails.Add(email);
        }
        if (project.Length > 0)
            names.Add(Project.NameOf(project));
        // Each change is judged by them: read with the rest, they cost no read of their own.
        var isOfPolicies = !names.Add(InstalledPolicies.Place);
        List<string> fences = need > Need.Targets ? [Project.ReferencesFence(project)] : [];
        if (HasAny(operations, operation => operation is PlaceHold or ReleaseHold))
            fences.Add(Hold.Fence);
        if (HasAny(operations, operation => operation is DeleteCheck or SetApprovalPolicies or SetPromotionGates))
            fences.Add(CheckDefinition.Fence);
        if (emails.Count > 0)
            fences.Add(User.Fence);
        foreach (var email in emails)
            names.UnionWith((await vault.NamedAsync(tenant, email, cancellationToken)).Select(User.NameOf));
        if (HasAny(operations, ChangesAccess))
            fences.Add(Role.Fence);
        // So with the freezes.
        var isOfFreezes = HasAny(
            operations,
            operation => operation is CreateFreeze or UpdateFreeze or LiftFreeze or DeleteFreeze
        );
        fences.Add(Freeze.Fence);
        var slice =
            project.Length > 0
                ? await store.LoadWithEnvironmentsAsync(tenant, project, names, fences, cancellationToken)
                : await store.LoadAsync(tenant, names, fences, cancellationToken);
        if (project.Length > 0 && !slice.Resources.ContainsKey(Project.NameOf(project)))
            return new Error.NotFound("project", project);

        var found = new Dictionary<ResourceName, StoredResource>(slice.Resources);
        var policies = found.GetValueOrDefault(InstalledPolicies.Place);
        if (!isOfPolicies)
            found.Remove(InstalledPolicies.Place);
        if (project.Length > 0)
        {
            if (need >= Need.Segments)
                await store.AddAllAsync(tenant, ResourceKind.Segment, project, found, cancellationToken);
            if (need >= Need.WholeProject)
                await store.AddAllAsync(tenant, ResourceKind.Flag, project, found, cancellationToken);
        }

        if (HasAny(operations, ChangesAccess))
        {
            foreach (var kind in OfAccess)
                await store.AddAllAsync(tenant, kind, "", found, cancellationToken);
        }

        if (HasAny(operations, operation => operation is SetApprovalPolicies))
        {
            await store.AddAllAsync(tenant, ResourceKind.Role, "", found, cancellationToken);
            await store.AddAllAsync(tenant, ResourceKind.Check, "", found, cancellationToken);
        }

        var past = await LoadPastAsync(store, vault, tenant, project, operations, found, cancellationToken);
        var resources = new List<Loaded>(found.Count);
        foreach (var stored in found.Values)
            resources.Add(_shelf.Load(tenant, stored));
        var workspace = new Workspace(project, resources, past, () => entropy.NewId("r"));
        var raised = slice.Fences.Where(fence => isOfFreezes || fence.Key != Freeze.Fence);
        return new LoadedGround(workspace, Preconditions(operations, project, raised, found), policies)
        {
            FreezeVersion = slice.Fences[Freeze.Fence],
        };
    }

    /// <summary>What an operation looks at besides what it edits.</summary>
    private static IEnumerable<ResourceName> LookedAt(Operation operation) =>
        operation switch
        {
            CreateSdkKey key => [ProjectEnvironment.NameOf(key.Project, key.Environment)],
            RecordEvidence record => [CheckDefinition.NameOf(record.Evidence.Check)],
            DeleteCheck => [InstalledPolicies.Place, PromotionGates.Place],
            SetPromotionGates { Metrics: { } metrics } => [CheckDefinition.NameOf(metrics)],
            _ => [],
        };

    /// <summary>Whether an operation changes who may do what: then everything that says so is looked at, and ordered by one fence.</summary>
    internal static bool ChangesAccess(Operation operation) =>
        operation switch
        {
            CreateRole or UpdateRole or DeleteRole or CreateAssignment or DeleteAssignment or SetPolicy or RevokeToken => true,
            CreateToken create => !create.Roles.All(BuiltInRoles.Exists) || ServiceAccount.IsOne(create.Subject),
            UpdateServiceAccount or TakeOverServiceAccount or DeleteServiceAccount => true,
            CreateUser create => !create.Roles.All(BuiltInRoles.Exists),
            UpdateUser update => update.Roles is not null,
            SetUserEnabled set => !set.Enabled,
            DeleteUser => true,
            _ => false,
        };

    private static List<Precondition> Preconditions(
        IReadOnlyList<Operation> operations,
        string project,
        IEnumerable<KeyValuePair<string, long>> raised,
        Dictionary<ResourceName, StoredResource> found
    )
    {
        var preconditions = new List<Precondition>();
        var seen = new HashSet<ResourceName>();
        for (var i = 0; i < operations.Count; i++)
        {
            foreach (var name in RestsOn(operations[i], project))
            {
                if (found.TryGetValue(name, out var stored) && seen.Add(name))
                    preconditions.Add(new Precondition.Unchanged(name, stored.Revision, stored.Id));
            }
        }
        foreach (var (fence, value) in raised)
            preconditions.Add(new Precondition.Fence(fence, value));
        return preconditions;
    }

    /// <summary>What must stay as it is for an operation to mean what it was judged by.</summary>
    private static IEnumerable<ResourceName> RestsOn(Operation operation, string project) =>
        operation switch
        {
            CreateSdkKey key => [ProjectEnvironment.NameOf(key.Project, key.Environment)],
            // What was judged by one definition is recorded under that one.
            RecordEvidence record => [CheckDefinition.NameOf(record.Evidence.Check)],
            _ => EnvironmentsRead(operation).Select(key => ProjectEnvironment.NameOf(project, key)),
        };

    private static bool HasAny(IReadOnlyList<Operation> operations, Func<Operation, bool> isMeant)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            if (isMeant(operations[i]))
                return true;
        }
        return false;
    }

    /// <summary>The keys of environments that an operation's effect depends on.</summary>
    internal static IEnumerable<string> EnvironmentsRead(Operation operation) =>
        operation switch
        {
            Promote promote => [promote.From, promote.Environment],
            ConfigurationOperation configuration => [configuration.Environment],
            CreateFlag create => create.Environments.Keys,
            _ => [],
        };

    /// <summary>How much of the project must be seen to judge an operation. What adds or removes references also takes the fence.</summary>
    private static Need NeedOf(Operation operation) =>
        operation switch
        {
            SetRules set => set.Rules.Any(UsesSegment) ? Need.Segments : Need.Targets,
            AddRule add => UsesSegment(add.Rule) ? Need.Segments : Need.Targets,
            UpdateRule update => UsesSegment(update.Rule) ? Need.Segments : Need.Targets,
            CreateSegment => Need.Segments,
            CreateFlag create => create.Environments.Values.Any(initial => initial.Settings is not null)
                ? Need.WholeProject
                : Need.Targets,
            DeleteFlag
            or RemoveVariant
            or RevertToRevision
            or SetPrerequisites
            or Promote
            or UpdateSegment
            or DeleteSegment
            or DeleteEnvironment
            or StartImport => Need.WholeProject,
            _ => Need.Targets,
        };

    private static bool UsesSegment(Evaluation.Definitions.TargetingRule rule) =>
        rule.Conditions.Any(condition => condition.Operator == Evaluation.Definitions.ConditionOperator.Segment);

    /// <summary>
    /// The earlier revisions that operations name, those that exist; <see langword="null"/> for one of which values were erased.
    /// </summary>
    internal static async ValueTask<Dictionary<(string Flag, long Revision), Flag?>> LoadPastAsync(
        IStore store,
        PersonalVault vault,
        string tenant,
        string project,
        IEnumerable<Operation> operations,
        IReadOnlyDictionary<ResourceName, StoredResource> found,
        CancellationToken cancellationToken
    )
    {
        var past = new Dictionary<(string Flag, long Revision), Flag?>();
        foreach (var revert in operations.OfType<RevertToRevision>())
        {
            if (!found.TryGetValue(revert.Target(project), out var current))
                continue;
            var version = await store.VersionAsync(tenant, current.Id, revert.Revision, cancellationToken);
            if (
                version is not null
                && await History.ReadAsync(store, vault, tenant, [version], cancellationToken) is [{ Resource: Flag flag } whole]
            )
                past[(revert.Flag, revert.Revision)] = whole.IsComplete ? flag : null;
        }
        return past;
    }

    private enum Need
    {
        Targets,
        Segments,
        WholeProject,
    }
}
