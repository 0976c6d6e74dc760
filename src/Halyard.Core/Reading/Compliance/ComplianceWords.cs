using System.Globalization;

namespace Halyard.Core.Reading.Compliance;

/// <summary>Judgements in words for people.</summary>
public static class ComplianceWords
{
    private const int Shown = 5;

    /// <summary>A judgement in a sentence: <c>partly (25 %): the fallthrough's rollout served 'on' to 25 %; …</c></summary>
    public static string Describe(ComplianceJudgement judgement)
    {
        var outcomes = string.Join("; ", judgement.Outcomes.Take(Shown).Select(Describe));
        var more = judgement.Outcomes.Count + judgement.OutcomesLeftOut - Shown;
        var erased = judgement.ValuesErased ? "; personal values were erased since, and whom they named may have got other" : "";
        return $"{State(judgement)}: {outcomes}{(more > 0 ? $"; and {more} more" : "")}{erased}";
    }

    /// <summary>The state: <c>on</c>, <c>partly (25 %)</c>, <c>depends on country</c>.</summary>
    public static string State(ComplianceJudgement judgement) =>
        judgement.State switch
        {
            ComplianceState.Absent => "absent",
            ComplianceState.Broken => "broken",
            ComplianceState.Off => "off",
            ComplianceState.On => "on",
            ComplianceState.Partly => $"partly ({Percent(judgement.Percent ?? 0)})",
            _ when !judgement.IsComplete => "depends on more combinations of rollouts, rules and prerequisites than are followed",
            _ => $"depends on {string.Join(", ", judgement.Attributes)}",
        };

    /// <summary>One outcome as a clause: <c>rule 'enterprise' served 'on'</c>.</summary>
    public static string Describe(ComplianceOutcome outcome)
    {
        var rule = $"rule '{(outcome.Name.Length > 0 ? outcome.Name : outcome.Id)}'";
        var served = outcome.Variant is null ? "and nothing was served" : $"served '{outcome.Variant}'";
        var serving = outcome.Variant is null ? "" : $", serving '{outcome.Variant}'";
        var share = outcome.Percent < 100 && outcome.Attributes.Count == 0 ? $" to {Percent(outcome.Percent)}" : "";
        var clause = outcome.By switch
        {
            ServedBy.NoEnvironment => "there was no such environment",
            ServedBy.NoFlag => "there was no such flag",
            ServedBy.Broken => "the flag could not be compiled",
            ServedBy.EnvironmentOff => $"the environment was off{serving}",
            ServedBy.FlagOff => $"the flag was off{serving}",
            ServedBy.Draft => $"the flag was a draft{serving}",
            ServedBy.Archived => $"the flag was archived{serving}",
            ServedBy.Prerequisite => $"prerequisite '{outcome.Id}' did not hold{serving}{share}",
            ServedBy.Override => $"override '{outcome.Id}' {served}{share}",
            ServedBy.Rule => $"{rule} {served}{share}",
            ServedBy.RuleRollout => $"the rollout of {rule} {served}{share}",
            ServedBy.Fallthrough => $"the fallthrough {served}{share}",
            _ => $"the fallthrough's rollout {served}{share}",
        };
        return outcome.Attributes.Count == 0 ? clause : $"{clause}, depending on {string.Join(", ", outcome.Attributes)}";
    }

    private static string Percent(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.#######} %");
}
