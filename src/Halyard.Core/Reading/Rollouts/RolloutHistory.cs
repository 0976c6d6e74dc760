using Halyard.Core.Flags;
using Halyard.Core.Reading.Compliance;
using Halyard.Core.Reading.Pasts;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Reading.Rollouts;

/// <summary>How a flag was rolled out over time.</summary>
/// <param name="Range">The range answered for.</param>
/// <param name="LedgerIndex">The last entry taken into account.</param>
/// <param name="Periods">The periods in the range, which they fill.</param>
/// <param name="Entries">Every entry that is named.</param>
public sealed record RolloutReport(
    PastRange Range,
    long LedgerIndex,
    IReadOnlyList<Period<RolloutState>> Periods,
    IReadOnlyDictionary<long, EntryView> Entries
);

/// <summary>Reports how a flag was rolled out in an environment over time.</summary>
public sealed class RolloutHistory(IStore store, PersonalVault vault, EntryReader entries)
{
    private static readonly RolloutState Nothing = new(ServedBy.NoFlag, [], []);

    private readonly FlagPastReader _pasts = new(store, vault);

    /// <summary>The report, or why there is none.</summary>
    public async ValueTask<Result<RolloutReport>> ReportAsync(
        string tenant,
        (string Project, string Flag, string Environment) of,
        (DateTimeOffset? From, DateTimeOffset? To) asked,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var read = await _pasts.ReadAsync(tenant, of.Project, of.Flag, of.Environment, all: false, cancellationToken);
        if (!read.TryGet(out var past, out var error))
            return error;
        now = now > past.RecordedUntil ? now : past.RecordedUntil;
        if (!Of(past, now, asked, cancellationToken).TryGet(out var timeline, out error))
            return error;
        if (!PastRange.Of(asked.From, asked.To, timeline.Begin, now).TryGet(out var range, out error))
            return error;
        if (!timeline.In(range.From, range.To).TryGet(out var periods, out error))
            return error;
        var named = periods.SelectMany(period => new[] { period.Started, period.Ended }).OfType<Turn>();
        return new RolloutReport(
            range,
            past.LedgerIndex,
            periods,
            await entries.ReadAsync(tenant, [.. named.Select(turn => turn.Index)], cancellationToken)
        );
    }

    /// <summary>The timeline of a past: pure.</summary>
    public static Result<Timeline<RolloutState>> Of(
        FlagPast past,
        DateTimeOffset until,
        (DateTimeOffset? From, DateTimeOffset? To) asked,
        CancellationToken cancellationToken
    ) =>
        Timeline<RolloutState>.Of(
            past.Versions,
            until,
            asked,
            Nothing,
            (moment, _) => Judge(past, moment),
            _ => [],
            cancellationToken
        );

    private static RolloutState Judge(FlagPast past, Moment moment)
    {
        if (moment.Find<ProjectEnvironment>(ProjectEnvironment.NameOf(past.Project, past.Environment)) is not { } environment)
            return Nothing with { Off = ServedBy.NoEnvironment };
        if (moment.Find<Flag>(Flag.NameOf(past.Project, past.Flag)) is not { } flag)
            return Nothing;
        var settings = flag.In(environment).Settings;
        ServedBy? off =
            !environment.Enabled ? ServedBy.EnvironmentOff
            : flag.Definition.Status == FlagStatus.Draft ? ServedBy.Draft
            : flag.Definition.Status == FlagStatus.Archived ? ServedBy.Archived
            : !settings.Enabled ? ServedBy.FlagOff
            : null;
        var compiled = Compile(environment, flag, settings);
        return new RolloutState(
            off,
            off is null ? RolloutShare.Of(ServedShare.OfFallthrough(compiled)) : [new(settings.OffVariant, RolloutShare.Whole)],
            settings
                .Rules.Select(rule => new RuleShares(
                    rule.Id,
                    rule.Name,
                    rule.Enabled,
                    RolloutShare.Of(ServedShare.OfRule(compiled, rule.Id))
                ))
                .ToSequence()
        );
    }

    /// <summary>Compiles what splits alone: whom it is asked for does not matter here, and what the conditions name need not be there.</summary>
    private static CompiledFlag Compile(ProjectEnvironment environment, Flag flag, FlagEnvironment settings)
    {
        var splits = settings with
        {
            Prerequisites = [],
            Overrides = [],
            Rules = settings.Rules.Select(rule => rule with { Conditions = [] }).ToSequence(),
        };
        var definition = new EnvironmentDefinition(
            environment.Project,
            environment.Key,
            0,
            [new FlagInEnvironment(flag.Definition, splits, 0)],
            []
        );
        var snapshot = SnapshotCompiler.Compile(definition).Snapshot;
        return snapshot.TryGetFlag(flag.Definition.Key, out var compiled)
            ? compiled
            : throw new InvalidOperationException($"The flag '{flag.Definition.Key}' was compiled and is not there.");
    }
}
