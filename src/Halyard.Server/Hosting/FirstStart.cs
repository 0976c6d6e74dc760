using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Server.Authentication;

namespace Halyard.Server.Hosting;

/// <summary>Makes a tenant and its first administrator token, both through the pipeline: the first two entries of the log.</summary>
internal sealed class FirstStart(ChangeService changes, HistoryImporter importer, IStore store, Entropy entropy)
{
    /// <summary>The tenant that exists from the first start.</summary>
    public const string DefaultTenant = "default";

    /// <summary>
    /// Makes the tenant and its administrator unless they exist. Returns the administrator's credential, or <see langword="null"/>
    /// where nothing was to be made. A log with one entry is a start that broke off between the two: it is finished.
    /// </summary>
    public async Task<string?> EnsureTenantAsync(string tenant, string title, CancellationToken cancellationToken)
    {
        var head = await store.HeadAsync(tenant, cancellationToken);
        if (head is { Range.Size: > 1 })
            return null;
        if (head is null)
            await ApplyAsync(tenant, new CreateTenant(tenant, title), "first start", "tenant.create", cancellationToken);

        var id = entropy.NewId("t");
        var (secret, digest) = Credential.Create(tenant, id, entropy);
        var token = new CreateToken(id, "administrator", [BuiltInRoles.Admin], entropy.NewId("s"), digest);
        await ApplyAsync(tenant, token, "first administrator", "token.create", cancellationToken);
        return secret;
    }

    /// <summary>
    /// Loads a file of past changes into a project, which is made where it is missing. A load that was broken off goes on where
    /// it stopped; a finished one is left alone. Returns how many lines were loaded now.
    /// </summary>
    public async Task<long> EnsureSampleAsync(string tenant, string project, string path, CancellationToken cancellationToken)
    {
        var name = Project.NameOf(project);
        var slice = await store.LoadAsync(tenant, [name], [], cancellationToken);
        if (!slice.Resources.ContainsKey(name))
            await ApplyAsync(tenant, new CreateProject(project, project, ""), "sample", "change.submit", cancellationToken);

        var file = await File.ReadAllBytesAsync(path, cancellationToken);
        var request = new ImportRequest(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            project,
            file,
            "sample"
        );
        var loaded = 0L;
        await foreach (var step in importer.ImportAsync(request, cancellationToken))
        {
            if (step is ImportEvent.Refused refused)
                throw new InvalidOperationException($"The sample '{path}' cannot be loaded: {refused.Error}");
            if (step is ImportEvent.Finished finished)
                loaded = finished.Lines - finished.ResumedFrom;
        }
        return loaded;
    }

    private async Task ApplyAsync(
        string tenant,
        Operation operation,
        string reason,
        string action,
        CancellationToken cancellationToken
    )
    {
        var submission = new Submission(
            Actor.System(tenant),
            RequestContext.Internal(entropy.NewId("q")),
            Change.Edit("", [operation], reason, action: action)
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (result.Error is { } error)
            throw new InvalidOperationException($"The first start failed: {error}");
        if (result.Value is not Outcome.Applied)
            throw new InvalidOperationException($"The first start failed: {result.Value}");
    }
}
