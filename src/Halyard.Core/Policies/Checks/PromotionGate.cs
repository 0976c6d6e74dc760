using System.Globalization;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Checks;

/// <summary>What must hold before a configuration goes from environments of one type to those of another.</summary>
/// <param name="From">The type it comes from.</param>
/// <param name="To">The type it goes to; a later one.</param>
/// <param name="Soak">How long it was in force there without a break.</param>
/// <param name="MaxErrorRate">The largest share of errors there, 0…1; <see langword="null"/> where nobody looks at it.</param>
/// <param name="MinSuccessRate">The smallest share of successes there, 0…1; <see langword="null"/> where nobody looks at it.</param>
/// <param name="Approvals">How many people must have approved.</param>
public sealed record PromotionGate(
    EnvironmentType From,
    EnvironmentType To,
    TimeSpan Soak,
    double? MaxErrorRate,
    double? MinSuccessRate,
    int Approvals
)
{
    /// <summary>Whose approvals count: roles, <c>group:NAME</c> or <c>owners</c>, in ordinal order.</summary>
    public Sequence<string> Approvers { get; init; } = ["ADMIN", "engineering-manager", "product-owner", "tech-lead"];

    /// <summary>The gates that hold where nobody said otherwise.</summary>
    public static IReadOnlyList<PromotionGate> Shipped { get; } =
    [
        new(EnvironmentType.Development, EnvironmentType.Staging, TimeSpan.FromHours(1), 0.05, 0.95, 0),
        new(EnvironmentType.Staging, EnvironmentType.Production, TimeSpan.FromHours(24), 0.01, 0.99, 2),
    ];

    /// <summary>
    /// What stands in the way of a promotion, in words; empty where nothing does. Every gate between the two types counts. Upwards
    /// there must be one: whoever leaves a step out meets none. Downwards and among equals nothing is in the way.
    /// </summary>
    public static IReadOnlyList<string> Blockers(
        IEnumerable<PromotionGate> gates,
        EnvironmentType from,
        EnvironmentType to,
        GateFacts facts
    )
    {
        if (to <= from)
            return [];
        var between = gates.Where(gate => gate.From == from && gate.To == to).ToList();
        if (between.Count == 0)
            return [$"no gate leads from {Name(from)} to {Name(to)}: promote step by step"];
        return [.. between.SelectMany(gate => gate.Blockers(facts)).Distinct(StringComparer.Ordinal)];
    }

    private IEnumerable<string> Blockers(GateFacts facts)
    {
        if (facts.Soaked is not { } soaked)
            yield return $"how long it was in force in {Name(From)} is unknown";
        else if (soaked < Soak)
            yield return $"it was in force in {Name(From)} for {Hours(soaked)} h without a break and must be for {Hours(Soak)} h";
        var measured = new List<CheckOutcome>();
        if (MaxErrorRate is { } most)
            measured.Add(new Threshold("error rate", Bound.AtMost, most, "").Judge(Share(facts.ErrorRate)));
        if (MinSuccessRate is { } least)
            measured.Add(new Threshold("success rate", Bound.AtLeast, least, "").Judge(Share(facts.SuccessRate)));
        foreach (var outcome in measured.Where(outcome => outcome.Result != CheckResult.Pass))
            yield return outcome.Words;
        if (facts.Approvals < Approvals)
            yield return $"{facts.Approvals} of {Approvals} approvals were given";
    }

    /// <summary>What is no share of anything was not measured.</summary>
    private static Measured Share(Measured reading) =>
        reading.Value is < 0 or > 1 ? Measured.Missing("it is not between 0 and 1") : reading;

    private static string Hours(TimeSpan time) =>
        (Math.Floor(time.TotalHours * 10) / 10).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Name(EnvironmentType type) => WireNames.Of(type);
}

/// <summary>What is known where a configuration comes from. What is not known is never a pass.</summary>
/// <param name="Soaked">How long exactly this configuration was in force without a break, or <see langword="null"/>.</param>
/// <param name="ErrorRate">The share of errors, 0…1.</param>
/// <param name="SuccessRate">The share of successes, 0…1.</param>
/// <param name="Approvals">How many people approved, 0 or more.</param>
public sealed record GateFacts(TimeSpan? Soaked, Measured ErrorRate, Measured SuccessRate, int Approvals);
