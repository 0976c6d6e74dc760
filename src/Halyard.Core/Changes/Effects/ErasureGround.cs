using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Effects;

/// <summary>Finds what an erasure concerns and whether it may be done.</summary>
internal sealed class ErasureGround(IStore store, PersonalVault vault)
{
    private const int PageSize = 1_000;

    // The subjects stand beside the names, and must not leave the leaf: the log is asked for them.
    private const int MaxNamedBytes = 5_000;

    private const string SystemSubject = "system";

    /// <summary>
    /// The event as it will be recorded, its effect, and what must stay as it was read. Where more closed documents hold values than
    /// one commit can write, it is a part of them alone, without the effect: asked again afterwards, it is the rest.
    /// </summary>
    public async ValueTask<Result<EffectGround>> LoadAsync(
        string tenant,
        ChangeEvent happened,
        EffectRequest.Erase wanted,
        bool isPreview,
        CancellationToken cancellationToken
    )
    {
        var subjects = await SubjectsAsync(tenant, wanted, cancellationToken);
        if (subjects.Contains(SystemSubject))
            return Error.Invalid.At("/subject", "the system is nobody who could be erased");
        if (subjects.Count > CommitEffect.EraseSubjects.MaxSubjects)
            return Error.Invalid.At("/name", $"stands for {subjects.Count} subjects; erase them by their ids");
        var slice = await store.LoadAsync(tenant, [], [Hold.Fence], cancellationToken);
        // Before the live resources: a value that is written after this is found by the store, as it is after the size seen here.
        var extent = await store.SubjectExtentAsync(tenant, subjects, cancellationToken);
        if (!wanted.IsReplay && !await AnythingIsKnownAsync(tenant, subjects, extent, cancellationToken))
            return new Error.NotFound("person", wanted.Name ?? wanted.Subjects[0]);

        var effect = new CommitEffect.EraseSubjects([.. subjects], extent.Size);
        if (!wanted.IsReplay)
        {
            var holds = await AllAsync(tenant, ResourceKind.Hold, "", cancellationToken);
            var forbidding = HoldRules.Check(
                effect,
                holds.Select(stored => (Hold)ResourceDocuments.Read(stored.Name, stored.Document))
            );
            if (forbidding.Count > 0)
                return new Error.Held(forbidding);
        }
        var (users, closed) = await UsersAsync(tenant, subjects, extent.Commitments, cancellationToken);
        // Erased is erased, and after it nobody could find where they still live: a replay says it.
        if (users.Count > 0 && !wanted.IsReplay)
            return new Error.StillInUse(users);
        IReadOnlyList<Precondition> preconditions =
        [
            .. slice.Fences.Select(fence => new Precondition.Fence(fence.Key, fence.Value)),
        ];
        var (redacted, isAll) = Redaction.FirstOf(closed, extent.Commitments.ToHashSet(StringComparer.Ordinal));
        return isAll || isPreview
            ? new EffectGround(
                happened with
                {
                    Words = $"{extent.Values} personal values of {string.Join(", ", subjects)} erased",
                    Details = Details(subjects, extent.Values, users),
                },
                effect,
                preconditions
            )
            {
                Redacted = redacted,
            }
            : new EffectGround(Redaction.Event(redacted.Count, subjects), null, preconditions) { Redacted = redacted };
    }

    /// <summary>The subjects named, everybody whom the name stands for, and everybody whom the directory knows under the same name.</summary>
    private async ValueTask<SortedSet<string>> SubjectsAsync(
        string tenant,
        EffectRequest.Erase wanted,
        CancellationToken cancellationToken
    )
    {
        var subjects = new SortedSet<string>(wanted.Subjects, StringComparer.Ordinal);
        if (wanted.IsReplay)
            return subjects;
        var names = (await store.SubjectNamesAsync(tenant, subjects, cancellationToken)).Values.ToList();
        if (wanted.Name is not null)
            names.Add(wanted.Name);
        foreach (var name in names)
            subjects.UnionWith(await vault.NamedAsync(tenant, name, cancellationToken));
        subjects.UnionWith((await store.KnownSubjectsAsync(tenant, names, cancellationToken)).Values);
        return subjects;
    }

    private async ValueTask<bool> AnythingIsKnownAsync(
        string tenant,
        SortedSet<string> subjects,
        SubjectExtent extent,
        CancellationToken cancellationToken
    )
    {
        if (extent.Values > 0 || extent.Names.Count > 0)
            return true;
        foreach (var subject in subjects)
        {
            if (await vault.KnowsAsync(tenant, subject, cancellationToken))
                return true;
        }
        return false;
    }

    private static readonly ResourceKind[] OfTenant =
    [
        ResourceKind.Token,
        ResourceKind.SdkKey,
        ResourceKind.Hold,
        ResourceKind.User,
        ResourceKind.ServiceAccount,
    ];

    private static readonly ResourceKind[] OfProjects = [ResourceKind.Flag, ResourceKind.Segment];

    /// <summary>What comes to an end by itself, and loses values then.</summary>
    private static readonly ResourceKind[] Passing = [ResourceKind.ChangeRequest, ResourceKind.Bypass];

    /// <summary>Every kind that is looked at.</summary>
    internal static IEnumerable<ResourceKind> Visited => [.. OfTenant, .. OfProjects, .. Passing];

    /// <summary>
    /// The live resources that hold a value in clear, and the tokens with which somebody erased could still act; apart from these the
    /// closed change requests and bypasses that hold one: nobody needs again what they asked for.
    /// </summary>
    private async ValueTask<(List<ResourceReference> Users, List<StoredResource> Closed)> UsersAsync(
        string tenant,
        SortedSet<string> subjects,
        IReadOnlyList<string> commitments,
        CancellationToken cancellationToken
    )
    {
        var hidden = commitments.ToHashSet(StringComparer.Ordinal);
        var users = new List<ResourceReference>();
        var closed = new List<StoredResource>();
        foreach (var kind in OfTenant)
            Add(users, await AllAsync(tenant, kind, "", cancellationToken), Uses);
        var projects = await AllAsync(tenant, ResourceKind.Project, "", cancellationToken);
        foreach (var project in projects.Select(project => project.Name.Key))
        {
            foreach (var kind in OfProjects)
                Add(users, await AllAsync(tenant, kind, project, cancellationToken), Uses);
        }
        foreach (var project in projects.Select(project => project.Name.Key).Prepend(""))
        {
            foreach (var kind in Passing)
            {
                var passing = (await AllAsync(tenant, kind, project, cancellationToken)).Where(Uses).ToList();
                closed.AddRange(passing.Where(IsRedactable).Where(stored => Redaction.IsOwed(stored, hidden)));
                Add(users, passing, stored => !IsRedactable(stored));
            }
        }
        return (users, closed);

        // What is its own (a request's title, a bypass's justification) is no value of a person's, and goes with no person.
        bool IsRedactable(StoredResource stored) =>
            !subjects.Contains(stored.Id)
            && ResourceDocuments.Read(stored.Name, stored.Document) switch
            {
                ChangeRequest request => request.State.IsClosed(),
                EmergencyBypass bypass => bypass is { IsOpen: false, State: not BypassState.Waiting },
                _ => false,
            };

        bool Uses(StoredResource stored) =>
            subjects.Contains(stored.Id)
            || (stored.Sealed is { } document && PersonalValues.CommitmentsIn(document).Any(hidden.Contains))
            || (
                stored.Name.Kind == ResourceKind.Token
                && ResourceDocuments.Read(stored.Name, stored.Document) is Token token
                && subjects.Contains(token.Subject)
            );
    }

    private static void Add(List<ResourceReference> users, List<StoredResource> resources, Func<StoredResource, bool> uses) =>
        users.AddRange(
            resources
                .Where(uses)
                .Select(stored => new ResourceReference(stored.Name.Kind.Name(), stored.Name.Project, stored.Name.Key))
        );

    private async ValueTask<List<StoredResource>> AllAsync(
        string tenant,
        ResourceKind kind,
        string project,
        CancellationToken cancellationToken
    )
    {
        var all = new List<StoredResource>();
        while (true)
        {
            var after = all.Count == 0 ? null : all[^1].Name.Key;
            var page = await store.ListAsync(tenant, kind, project, after, PageSize, cancellationToken);
            all.AddRange(page);
            if (page.Count < PageSize)
                return all;
        }
    }

    private static byte[] Details(SortedSet<string> subjects, long count, List<ResourceReference> users)
    {
        var writer = new CanonicalWriter(256).StartObject();
        writer.Name("count").Number(count);
        if (users.Count > 0)
        {
            var names = writer.Name("stillIn").Here();
            writer.StartArray();
            foreach (var user in users.TakeWhile(_ => writer.Since(names).Length < MaxNamedBytes))
                writer.String(user.Project.Length == 0 ? $"{user.Kind} {user.Key}" : $"{user.Kind} {user.Project}/{user.Key}");
            writer.EndArray();
            writer.Name("stillInCount").Number(users.Count);
        }
        writer.Name("subjects").StartArray();
        foreach (var subject in subjects)
            writer.String(subject);
        return writer.EndArray().EndObject().ToArray();
    }
}

/// <summary>An event with an effect, ready to be committed.</summary>
/// <param name="Happened">The event as it is recorded.</param>
/// <param name="Effect">What is done; <see langword="null"/> where it is only begun, and is asked for again afterwards.</param>
/// <param name="Preconditions">What must stay as it was read.</param>
internal sealed record EffectGround(ChangeEvent Happened, CommitEffect? Effect, IReadOnlyList<Precondition> Preconditions)
{
    /// <summary>The closed change requests and bypasses that lose values with it.</summary>
    public IReadOnlyList<RedactedDocument> Redacted { get; init; } = [];
}
