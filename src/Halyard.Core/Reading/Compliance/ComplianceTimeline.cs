using System.Text;
using Halyard.Core.Flags;
using Halyard.Core.Reading.Pasts;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Reading.Compliance;

/// <summary>
/// When a flag was on for users of whom some facts are known, and why: a pure function of the versions. What the facts do not say
/// may be so or otherwise (docs/compliance.md).
/// </summary>
public static class ComplianceTimeline
{
    /// <summary>The timeline of a past.</summary>
    /// <param name="past">The flag's past with everything it leans on.</param>
    /// <param name="users">
    /// What is known of the users, see <see cref="Survey.Of"/>, and the key of the segment to which they all belong, or
    /// <see langword="null"/>: whatever made them members.
    /// </param>
    /// <param name="until">The last instant looked at.</param>
    /// <param name="asked">The range that will be asked for.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static Result<Timeline<ComplianceJudgement>> Of(
        FlagPast past,
        (EvaluationContext Facts, string? Segment) users,
        DateTimeOffset until,
        (DateTimeOffset? From, DateTimeOffset? To) asked,
        CancellationToken cancellationToken
    ) =>
        Timeline<ComplianceJudgement>.Of(
            past.Versions,
            until,
            asked,
            ComplianceJudgement.Nothing,
            (moment, at) => Judge(past, moment, users, at),
            moment => Expiries(past, moment),
            cancellationToken
        );

    private static ComplianceJudgement Judge(
        FlagPast past,
        Moment moment,
        (EvaluationContext Facts, string? Segment) users,
        DateTimeOffset at
    )
    {
        if (moment.Find<ProjectEnvironment>(ProjectEnvironment.NameOf(past.Project, past.Environment)) is not { } environment)
            return ComplianceJudgement.Absent(ServedBy.NoEnvironment);
        if (moment.Find<Flag>(Flag.NameOf(past.Project, past.Flag)) is not { } flag)
            return ComplianceJudgement.Absent(ServedBy.NoFlag);
        var definition = EnvironmentDefinitions.Build(
            environment,
            moment.All<Flag>().Select(found => (found.Resource, found.Version.Revision)),
            moment
                .All<Segment>()
                .Select(found => found.Resource.Name.Key == users.Segment ? OfAll(found.Resource) : found.Resource),
            moment.Index
        );
        var survey = Survey.Of(SnapshotCompiler.Compile(definition).Snapshot, past.Flag, users.Facts, at);
        var judged = new Judged(environment, flag);
        return ComplianceJudgement.Of([.. survey.Possibilities.Select(judged.Outcome)], survey.IsComplete) with
        {
            ValuesErased = ValuesErased(past, moment, definition, environment),
        };
    }

    /// <summary>A segment as it is for its members: everybody belongs.</summary>
    private static Segment OfAll(Segment segment) =>
        segment with
        {
            Definition = segment.Definition with { Includes = [], Excludes = [], Rules = [new SegmentRule("member", [])] },
        };

    /// <summary>Whether one of the versions that the answer comes from is no longer whole.</summary>
    private static bool ValuesErased(
        FlagPast past,
        Moment moment,
        EnvironmentDefinition definition,
        ProjectEnvironment environment
    )
    {
        var erased = moment.InForce.Where(item => !item.Value.IsComplete).Select(item => item.Key).ToHashSet();
        if (erased.Count == 0)
            return false;
        var versions = moment.InForce.ToDictionary(item => item.Key, item => item.Value.Version);
        var whole = new PastEnvironment(definition, versions, erased)
        {
            Environment = environment,
            Flags = moment
                .All<Flag>()
                .ToDictionary(item => item.Resource.Name.Key, item => item.Resource, StringComparer.Ordinal),
        };
        return whole.ValuesErased(past.Flag);
    }

    private static IEnumerable<Turn> Expiries(FlagPast past, Moment moment) =>
        from found in moment.All<Flag>()
        where found.Resource.Environments.ContainsKey(past.Environment)
        from pin in found.Resource.Environments[past.Environment].Settings.Overrides
        let expires = pin.ExpiresAt ?? DateTimeOffset.MaxValue
        select new Turn(expires.ToUniversalTime(), found.Version.Index, pin.Id);

    /// <summary>Puts possibilities into words of the flag they are of.</summary>
    private sealed class Judged(ProjectEnvironment environment, Flag flag)
    {
        private readonly FlagEnvironment _settings = flag.In(environment).Settings;

        public ComplianceOutcome Outcome(Possibility possible)
        {
            var result = possible.Result;
            return new ComplianceOutcome(
                result.Variant?.Key,
                result.Variant is { } variant && IsOn(variant),
                By(result),
                result.RuleId ?? result.OverrideId ?? result.PrerequisiteKey,
                _settings.Rules.FirstOrDefault(rule => rule.Id == result.RuleId)?.Name ?? "",
                Math.Round(possible.Share * 100, 7),
                possible.Attributes.ToSequence()
            );
        }

        private bool IsOn(CompiledVariant variant) =>
            variant.Type == FlagType.Boolean
                ? Encoding.UTF8.GetString(variant.ValueUtf8.Span) == "true"
                : variant.Key != _settings.OffVariant;

        private ServedBy By(in EvaluationResult result) =>
            result.Reason switch
            {
                EvaluationReason.Error => ServedBy.Broken,
                EvaluationReason.Disabled when !environment.Enabled => ServedBy.EnvironmentOff,
                EvaluationReason.Disabled when flag.Definition.Status == FlagStatus.Draft => ServedBy.Draft,
                EvaluationReason.Disabled when flag.Definition.Status == FlagStatus.Archived => ServedBy.Archived,
                EvaluationReason.Disabled => ServedBy.FlagOff,
                EvaluationReason.PrerequisiteFailed => ServedBy.Prerequisite,
                EvaluationReason.TargetingMatch when result.OverrideId is not null => ServedBy.Override,
                EvaluationReason.TargetingMatch => ServedBy.Rule,
                EvaluationReason.Split when result.RuleId is not null => ServedBy.RuleRollout,
                EvaluationReason.Split => ServedBy.FallthroughRollout,
                _ when result.Detail != EvaluationDetail.None => ServedBy.FallthroughRollout,
                _ => ServedBy.Fallthrough,
            };
    }
}
