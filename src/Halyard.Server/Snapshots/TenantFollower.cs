using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Server.Authentication;

namespace Halyard.Server.Snapshots;

/// <summary>Follows one tenant's log: loads everything once, then applies each entry and recompiles what it touched.</summary>
internal sealed partial class TenantFollower(
    string tenant,
    IStore store,
    SnapshotTable snapshots,
    CredentialDirectory credentials,
    IAccessStates access,
    ILogger logger
)
{
    private const int PageSize = 1_000;

    private readonly Dictionary<string, ProjectState> _projects = new(StringComparer.Ordinal);

    /// <summary>The index of the next entry to apply.</summary>
    public long Next { get; private set; } = -1;

    /// <summary>Whether there was nothing more when it last looked.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Applies everything that is new. Returns whether anything was.</summary>
    public async ValueTask<bool> CatchUpAsync(CancellationToken cancellationToken)
    {
        if (Next < 0)
        {
            await LoadAsync(cancellationToken);
            return true;
        }
        var entries = await store.FeedAsync(tenant, Next, PageSize, cancellationToken);
        if (entries.Count == 0)
        {
            IsAtEnd = true;
            return false;
        }
        var touched = entries.SelectMany(entry => entry.Resources).Select(version => version.Name).ToHashSet();
        await ApplyAsync(touched, cancellationToken);
        if (touched.Any(IsOfAccess))
            await access.RefreshAsync(tenant, cancellationToken);
        var next = entries[^1].Index + 1;
        Compile(touched.Where(name => name.Project.Length > 0).Select(name => name.Project).Distinct(), next - 1);
        Next = next;
        IsAtEnd = entries.Count < PageSize;
        return true;
    }

    private async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        // The head is read first: what is committed meanwhile is applied again from the feed, which changes nothing.
        var head = await store.HeadAsync(tenant, cancellationToken);
        foreach (var project in await AllAsync(ResourceKind.Project, "", cancellationToken))
        {
            var state = _projects[project.Name.Key] = new ProjectState();
            foreach (var kind in new[] { ResourceKind.Environment, ResourceKind.Segment, ResourceKind.Flag })
            {
                foreach (var stored in await AllAsync(kind, project.Name.Key, cancellationToken))
                    state.Put(ResourceDocuments.Read(stored.Name, stored.Document), stored.Revision);
            }
        }
        foreach (var stored in await AllAsync(ResourceKind.User, "", cancellationToken))
            credentials.Put(tenant, (User)ResourceDocuments.Read(stored.Name, stored.Document));
        foreach (var stored in await AllAsync(ResourceKind.ServiceAccount, "", cancellationToken))
            credentials.Put(tenant, (ServiceAccount)ResourceDocuments.Read(stored.Name, stored.Document));
        foreach (var kind in new[] { ResourceKind.Token, ResourceKind.SdkKey })
        {
            foreach (var stored in await AllAsync(kind, "", cancellationToken))
                credentials.Put(tenant, ResourceDocuments.Read(stored.Name, stored.Document));
        }
        var size = head?.Range.Size ?? 0;
        Compile([.. _projects.Keys], size - 1);
        Next = size;
    }

    private async ValueTask ApplyAsync(HashSet<ResourceName> touched, CancellationToken cancellationToken)
    {
        var slice = await store.LoadAsync(tenant, touched, [], cancellationToken);
        foreach (var name in touched.Where(name => !IsOfAccess(name)))
        {
            var resource = slice.Resources.TryGetValue(name, out var stored)
                ? ResourceDocuments.Read(name, stored.Document)
                : null;
            if (name.Kind is ResourceKind.Token or ResourceKind.SdkKey)
            {
                if (resource is null)
                    credentials.Remove(tenant, name.Key);
                else
                    credentials.Put(tenant, resource);
                continue;
            }
            if (name.Kind == ResourceKind.User)
            {
                if (resource is User user)
                    credentials.Put(tenant, user);
                else
                    credentials.RemoveUser(tenant, name.Key);
                continue;
            }
            if (name.Kind == ResourceKind.ServiceAccount)
            {
                if (resource is ServiceAccount account)
                    credentials.Put(tenant, account);
                else
                    credentials.RemoveAccount(tenant, name.Key);
                continue;
            }
            var state = State(name.Kind == ResourceKind.Project ? name.Key : name.Project);
            if (name.Kind == ResourceKind.Environment)
                ForgetReplaced(state, name, resource);
            if (resource is null)
                state.Remove(name);
            else
                state.Put(resource, stored!.Revision);
        }
    }

    private static bool IsOfAccess(ResourceName name) =>
        name.Kind is ResourceKind.Role or ResourceKind.Assignment or ResourceKind.Policy;

    private ProjectState State(string project)
    {
        if (!_projects.TryGetValue(project, out var state))
            _projects[project] = state = new ProjectState();
        return state;
    }

    private void ForgetReplaced(ProjectState state, ResourceName name, Resource? resource)
    {
        var known = state.Environments.FirstOrDefault(environment => environment.Key == name.Key);
        if (known is not null && known.Id != resource?.Id)
            snapshots.Remove(tenant, known.Id);
    }

    private void Compile(IEnumerable<string> projects, long ledgerIndex)
    {
        foreach (var project in projects)
        {
            var state = State(project);
            foreach (var environment in state.Environments)
            {
                var result = state.Compile(environment, ledgerIndex);
                foreach (var diagnostic in result.Diagnostics)
                    DoesNotCompile(tenant, project, environment.Key, diagnostic.Key, diagnostic.Pointer, diagnostic.Message);
                snapshots.GetOrAdd(tenant, environment.Id).Put(result.Snapshot, state.Sensitive);
            }
        }
    }

    private async ValueTask<List<StoredResource>> AllAsync(ResourceKind kind, string project, CancellationToken cancellationToken)
    {
        var all = new List<StoredResource>();
        while (true)
        {
            var page = await store.ListAsync(tenant, kind, project, all.LastOrDefault()?.Name.Key, PageSize, cancellationToken);
            all.AddRange(page);
            if (page.Count < PageSize)
                return all;
        }
    }

    [LoggerMessage(
        LogLevel.Error,
        "{Tenant}/{Project}/{Environment}: '{Key}' does not compile and serves its off variant: {Pointer} {Problem}"
    )]
    private partial void DoesNotCompile(
        string tenant,
        string project,
        string environment,
        string key,
        string pointer,
        string problem
    );
}
