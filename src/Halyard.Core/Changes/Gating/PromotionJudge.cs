using Halyard.Core.Flags;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Gating;

/// <summary>What promotion gates say of one way from an environment to another.</summary>
/// <param name="Blockers">What stands in the way, in words; approvals are none, for a change request collects them.</param>
/// <param name="Approvals">How many approvals are needed.</param>
/// <param name="Approvers">Whose.</param>
/// <param name="Rests">On what the answer rests.</param>
internal sealed record PromotionVerdict(
    IReadOnlyList<string> Blockers,
    int Approvals,
    Sequence<string> Approvers,
    IReadOnlyList<Precondition> Rests
);

/// <summary>Asks promotion gates, with what the ledger and the newest evidence say of the environment that is promoted from.</summary>
internal sealed class PromotionJudge(IStore store, EvidenceShelf shelf, SoakReader soak, TimeProvider time)
{
    /// <summary>The gates in force and their revision; none and 0 where nobody put any in force.</summary>
    public async ValueTask<(PromotionGates? Gates, long Revision)> GatesAsync(string tenant, CancellationToken cancellationToken)
    {
        var slice = await store.LoadAsync(tenant, [PromotionGates.Place], [], cancellationToken);
        return slice.Resources.TryGetValue(PromotionGates.Place, out var stored)
            ? ((PromotionGates)ResourceDocuments.Read(stored.Name, stored.Document), stored.Revision)
            : (null, 0);
    }

    /// <summary>The verdict on a flag's way from one environment to another.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="gates">The gates in force.</param>
    /// <param name="flag">The flag as it is.</param>
    /// <param name="from">Where it comes from, as it is.</param>
    /// <param name="to">The type it goes to: the later one, where the change makes it another.</param>
    /// <param name="value">What is promoted, as <see cref="ServedValue"/> has it.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public async ValueTask<PromotionVerdict> JudgeAsync(
        string tenant,
        PromotionGates gates,
        Flag flag,
        ProjectEnvironment from,
        EnvironmentType to,
        Digest value,
        CancellationToken cancellationToken
    )
    {
        if (to <= from.Type)
            return new PromotionVerdict([], 0, [], []);
        var now = time.GetUtcNow();
        var begin = await soak.SinceAsync(tenant, flag, from, value, cancellationToken);
        var (errors, successes, rests) = await MetricsAsync(tenant, gates, flag, from, value, now, cancellationToken);
        // A request collects approvals; here none is wanting.
        var facts = new GateFacts(begin.Until(now), errors, successes, int.MaxValue);
        var between = gates.Gates.Where(gate => gate.From == from.Type && gate.To == to).ToList();
        return new PromotionVerdict(
            PromotionGate.Blockers(gates.Gates, from.Type, to, facts),
            between.Select(gate => gate.Approvals).DefaultIfEmpty(0).Max(),
            between.MaxBy(gate => gate.Approvals)?.Approvers ?? [],
            [.. begin.Rests, .. rests]
        );
    }

    /// <summary>What evidence about a flag in an environment must be about.</summary>
    public static CheckSubject SubjectOf(Flag flag, ProjectEnvironment environment, Digest value) =>
        new(environment.Id, flag.In(environment).Revision, value);

    private async ValueTask<(Measured Errors, Measured Successes, IReadOnlyList<Precondition> Rests)> MetricsAsync(
        string tenant,
        PromotionGates gates,
        Flag flag,
        ProjectEnvironment from,
        Digest value,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (gates.Metrics is not { } check)
            return (Measured.Missing("no check measures it"), Measured.Missing("no check measures it"), []);
        var about = EvidenceRecord.AboutFlag(flag.Name.Key, from.Key);
        var found = (await shelf.FindAsync(tenant, flag.Project, [check], about, cancellationToken))[0];
        var subject = SubjectOf(flag, from, value);
        return (
            EvidenceRecord.Number(check, found.Record, PromotionGates.ErrorRate, subject, found.Revision, now),
            EvidenceRecord.Number(check, found.Record, PromotionGates.SuccessRate, subject, found.Revision, now),
            found.Rests
        );
    }
}
