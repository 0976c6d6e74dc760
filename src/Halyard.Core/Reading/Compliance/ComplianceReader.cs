using Halyard.Core.Flags;
using Halyard.Core.Reading.Pasts;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation;

namespace Halyard.Core.Reading.Compliance;

/// <summary>Asks when a flag was on.</summary>
/// <param name="Project">The project's key.</param>
/// <param name="Flag">The flag's key.</param>
/// <param name="Environment">The environment's key.</param>
/// <param name="Facts">What is known of the users asked about.</param>
/// <param name="From">Included; <see langword="null"/> means since the first entry.</param>
/// <param name="To">Excluded; <see langword="null"/> means until now.</param>
public sealed record ComplianceQuestion(
    string Project,
    string Flag,
    string Environment,
    EvaluationContext Facts,
    DateTimeOffset? From,
    DateTimeOffset? To
)
{
    /// <summary>The key of a segment to which the users asked about belong; <see langword="null"/> where that is not asked.</summary>
    public string? Segment { get; init; }
}

/// <summary>When a flag was on, by whom and why.</summary>
/// <param name="Range">The range answered for.</param>
/// <param name="Now">When it was asked.</param>
/// <param name="LedgerIndex">The last entry taken into account.</param>
/// <param name="Current">What holds now, since when.</param>
/// <param name="Periods">The periods in the range, which they fill.</param>
/// <param name="Entries">Every entry that is named.</param>
public sealed record ComplianceReport(
    PastRange Range,
    DateTimeOffset Now,
    long LedgerIndex,
    Period<ComplianceJudgement> Current,
    IReadOnlyList<Period<ComplianceJudgement>> Periods,
    IReadOnlyDictionary<long, EntryView> Entries
);

/// <summary>Reports when a flag was on for some users.</summary>
public sealed class ComplianceReader(IStore store, PersonalVault vault, EntryReader entries)
{
    private readonly FlagPastReader _pasts = new(store, vault);

    /// <summary>The report, or why there is none.</summary>
    public async ValueTask<Result<ComplianceReport>> ReportAsync(
        string tenant,
        ComplianceQuestion question,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var read = await _pasts.ReadAsync(
            tenant,
            question.Project,
            question.Flag,
            question.Environment,
            all: true,
            cancellationToken
        );
        if (!read.TryGet(out var past, out var error))
            return error;
        // A name that is misspelt must not be answered as if it had been left out.
        if (question.Segment is { } segment && !await WasThereAsync(tenant, question.Project, segment, cancellationToken))
            return new Error.NotFound("segment", segment);
        // The log's time may be ahead of this clock; what is acknowledged counts.
        now = now > past.RecordedUntil ? now : past.RecordedUntil;
        var asked = (question.From, question.To);
        if (
            !ComplianceTimeline
                .Of(past, (question.Facts, question.Segment), now, asked, cancellationToken)
                .TryGet(out var timeline, out error)
        )
            return error;
        if (!PastRange.Of(question.From, question.To, timeline.Begin, now).TryGet(out var range, out error))
            return error;
        if (!timeline.In(range.From, range.To).TryGet(out var periods, out error))
            return error;
        var current = new Period<ComplianceJudgement>(
            timeline.LastTurn?.At ?? range.From,
            now,
            timeline.Last,
            timeline.LastTurn,
            null
        );
        var named = periods.Append(current).SelectMany(period => new[] { period.Started, period.Ended }).OfType<Turn>();
        return new ComplianceReport(
            range,
            now,
            past.LedgerIndex,
            current,
            periods,
            await entries.ReadAsync(tenant, [.. named.Select(turn => turn.Index)], cancellationToken)
        );
    }

    private async ValueTask<bool> WasThereAsync(
        string tenant,
        string project,
        string segment,
        CancellationToken cancellationToken
    ) => (await store.VersionsOfAsync(tenant, Segment.NameOf(project, segment), 1, cancellationToken)).Count > 0;
}
