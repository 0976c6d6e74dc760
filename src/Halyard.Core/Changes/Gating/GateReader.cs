using Halyard.Core.Approvals;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Gating;

/// <summary>What stands between a flag's configuration in one environment and another environment.</summary>
/// <param name="InForce">False where nobody put gates in force: then nothing does.</param>
/// <param name="Blockers">What stands in the way now, in words; empty where only approvals are wanting.</param>
/// <param name="Approvals">How many approvals gates ask for; policies may ask for more.</param>
/// <param name="Approvers">Whose.</param>
public sealed record GateView(bool InForce, IReadOnlyList<string> Blockers, int Approvals, Sequence<string> Approvers);

/// <summary>A flag in an environment, as evidence must be about it.</summary>
public sealed record FlagSubject(Flag Flag, ProjectEnvironment Environment, CheckSubject Subject);

/// <summary>Reads gates before anybody tries them.</summary>
public sealed class GateReader(IStore store, PersonalVault vault, TimeProvider time)
{
    private readonly PromotionJudge _judge = new(store, new EvidenceShelf(store), new SoakReader(store, vault), time);

    /// <summary>The promotions in a request.</summary>
    public static IEnumerable<Promote> PromotionsIn(ChangeRequest request) =>
        RequestContents.OperationsOf(request.Content).OfType<Promote>();

    /// <summary>What stands in the way of a promotion; <see langword="null"/> where flag or environment do not exist.</summary>
    public async ValueTask<GateView?> ReadAsync(
        string tenant,
        string project,
        string flag,
        string from,
        string to,
        CancellationToken cancellationToken
    )
    {
        if (
            await FindAsync(tenant, project, flag, from, cancellationToken) is not { } source
            || await FindAsync(tenant, project, flag, to, cancellationToken) is not { } target
        )
            return null;
        var (gates, _) = await _judge.GatesAsync(tenant, cancellationToken);
        if (gates is null)
            return new GateView(false, [], 0, []);
        var verdict = await _judge.JudgeAsync(
            tenant,
            gates,
            source.Flag,
            source.Environment,
            target.Environment.Type,
            source.Subject.Value,
            cancellationToken
        );
        return new GateView(true, verdict.Blockers, verdict.Approvals, verdict.Approvers);
    }

    /// <summary>What a flag serves in an environment now; <see langword="null"/> where either does not exist.</summary>
    public async ValueTask<FlagSubject?> FindAsync(
        string tenant,
        string project,
        string flag,
        string environment,
        CancellationToken cancellationToken
    )
    {
        var (flagName, environmentName) = (Flag.NameOf(project, flag), ProjectEnvironment.NameOf(project, environment));
        var slice = await store.LoadAsync(tenant, [flagName, environmentName], [], cancellationToken);
        if (
            !slice.Resources.TryGetValue(flagName, out var storedFlag)
            || !slice.Resources.TryGetValue(environmentName, out var storedEnvironment)
        )
            return null;
        var found = (Flag)ResourceDocuments.Read(flagName, storedFlag.Document);
        var place = (ProjectEnvironment)ResourceDocuments.Read(environmentName, storedEnvironment.Document);
        var value = ServedValue.Of(found, found.In(place).Settings);
        return new FlagSubject(found, place, PromotionJudge.SubjectOf(found, place, value));
    }
}
