using System.Text.Json;
using Halyard.Core.Approvals;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Policies.Simulating;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Simulating;

/// <summary>
/// Asks approval policies about the changes that the log holds: those that were made, those that were asked for, and past ones that
/// were imported, each on the state that it was made on. Writes nothing.
/// </summary>
public sealed class ChangeSimulation(IStore store, PersonalVault vault, TimeProvider time)
{
    /// <summary>The most changes that one run judges.</summary>
    public const int MaxChanges = 100_000;

    /// <summary>After this long a run ends where it is, and says how far it came.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const int PageSize = 500;

    private readonly PolicyShelf _shelf = new(store);

    /// <summary>Reads candidates as they would be if they were put in force now; all that is wrong is reported at once.</summary>
    public async ValueTask<Result<LoadedPolicies>> LoadAsync(
        string tenant,
        Sequence<PolicyDocument> documents,
        CancellationToken cancellationToken
    )
    {
        var roles = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Role, "", roles, cancellationToken);
        var checks = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Check, "", checks, cancellationToken);
        return InstalledPolicies.Load(
            PolicySetEditor.Names(roles.Keys.Select(name => name.Key)),
            checks.Keys.Select(name => name.Key).Order(StringComparer.Ordinal).ToSequence(),
            documents
        );
    }

    /// <summary>What candidates would have made of the changes that took effect in a range.</summary>
    public async ValueTask<SimulationReport> RunAsync(
        string tenant,
        LoadedPolicies candidate,
        SimulatedRange range,
        CancellationToken cancellationToken
    )
    {
        var begun = time.GetTimestamp();
        var inForce = await _shelf.LoadAsync(tenant, cancellationToken);
        var voters = new Voters(await People.LoadAsync(store, tenant, time.GetUtcNow(), cancellationToken));
        var run = new PolicySimulation(inForce.Policies, candidate);
        var state = new PastState(store, vault, tenant);
        var next = Math.Max(range.Begin, (await store.HeadAsync(tenant, cancellationToken))?.Minimum ?? 0);
        if (next > 0)
            state.Begin(await store.VersionsBelowAsync(tenant, next, cancellationToken));
        var skipped = 0L;
        while (true)
        {
            var page = await store.FeedAsync(tenant, next, PageSize, cancellationToken);
            if (page.Count == 0)
                return new SimulationReport(run, skipped, null);
            var recorded = page.Select(RecordedEntry.Of)
                .OfType<RecordedEntry>()
                .Where(entry => range.Contains(entry.At))
                .ToDictionary(entry => entry.Entry.Index);
            foreach (var entry in recorded.Values)
                await state.ProjectAsync(entry.Project, cancellationToken);
            var after = await state.ReadAsync([.. page.SelectMany(entry => Read(state, recorded, entry))], cancellationToken);
            var asked = recorded.Values.Select(entry => entry.Input).Distinct().ToList();
            var inputs = await store.BlobsAsync(tenant, asked, cancellationToken);
            foreach (var entry in page)
            {
                if (recorded.TryGetValue(entry.Index, out var change))
                {
                    if (run.Changes > 0 && (run.Changes >= MaxChanges || time.GetElapsedTime(begun) >= Patience))
                        return new SimulationReport(run, skipped, entry.Index);
                    if (await JudgeAsync(state, voters, change, inputs[change.Input], after, cancellationToken) is { } judged)
                        run.Add(judged);
                    else
                        skipped++;
                }
                state.Follow(entry, after);
            }
            next = page[^1].Index + 1;
            // Entries that hold no change take their time too.
            if (time.GetElapsedTime(begun) >= Patience)
                return new SimulationReport(run, skipped, next);
        }
    }

    /// <summary>The versions of an entry that must be read.</summary>
    private static IEnumerable<ResourceVersion> Read(
        PastState state,
        Dictionary<long, RecordedEntry> recorded,
        FeedEntry entry
    ) =>
        entry.Resources.Where(version =>
            state.IsFollowed(version) || (version.Name.Kind == ResourceKind.ChangeRequest && recorded.ContainsKey(entry.Index))
        );

    private static async ValueTask<RecordedChange?> JudgeAsync(
        PastState state,
        Voters voters,
        RecordedEntry change,
        byte[] input,
        Dictionary<ResourceVersion, Loaded> after,
        CancellationToken cancellationToken
    )
    {
        var project = await state.ProjectAsync(change.Project, cancellationToken);
        var counts = await state.CountsAsync(change.Project, cancellationToken);
        var requester = change.Requester;
        (PolicyQuestion Question, RequestScope Scope)? asked;
        if (change.IsRequest)
        {
            var request = (ChangeRequest)after[change.Entry.Resources[0]].Resource;
            if (RequestContents.ReadableOf(request.Content) is not { } operations)
                return null;
            var past = await state.PastOfAsync(project, operations, cancellationToken);
            requester = request.Requester;
            asked = project.Judge(operations, past, request.RequesterGroups, counts, change.At);
        }
        else
        {
            using var parsed = JsonDocument.Parse(input);
            requester = change.RequesterIn(parsed.RootElement);
            asked = project.Judge(
                change.Entry.Resources.Select(version => (version.Name, after.GetValueOrDefault(version))),
                change.IsImported ? [] : RecordedEntry.GroupsIn(parsed.RootElement),
                change.OperationsIn(parsed.RootElement),
                counts,
                change.At
            );
        }
        return asked is { } found
            ? new RecordedChange(
                change.Entry.Index,
                found.Question,
                requirement => voters.Gap(requirement, found.Scope, requester)
            )
            : null;
    }
}

/// <summary>Which changes are looked at.</summary>
/// <param name="From">Those that took effect from then on, or <see langword="null"/> for all before.</param>
/// <param name="To">Those that took effect before, or <see langword="null"/> for all after.</param>
/// <param name="Begin">The first entry that is looked at: where an earlier run ended, else 0.</param>
public sealed record SimulatedRange(DateTimeOffset? From, DateTimeOffset? To, long Begin)
{
    /// <summary>Whether something that took effect at a time is among them.</summary>
    public bool Contains(DateTimeOffset at) => (From is null || at >= From) && (To is null || at < To);
}

/// <summary>What came of a run.</summary>
/// <param name="Run">What the candidates would have made of the changes.</param>
/// <param name="Skipped">How many could not be judged, because what they name is not kept any more.</param>
/// <param name="Next">The entry where another run would go on; <see langword="null"/> where all was looked at.</param>
public sealed record SimulationReport(PolicySimulation Run, long Skipped, long? Next);
