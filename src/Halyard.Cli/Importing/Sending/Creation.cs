using System.Text.Json;
using Halyard.Cli.Importing.Planning;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Sending;

/// <summary>An operation that creates one resource.</summary>
/// <param name="Kind"><c>segment</c> or <c>flag</c>.</param>
/// <param name="Key">The resource's key.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Needs">The <see cref="Name"/> of everything that must be there before.</param>
internal sealed record Creation(string Kind, string Key, JsonElement Operation, IReadOnlyList<string> Needs)
{
    /// <summary>Whether it is a segment, else a flag.</summary>
    public bool IsSegment => Kind == "segment";

    /// <summary>Kind and key, unique among all.</summary>
    public string Name => $"{Kind} {Key}";

    /// <summary>Everything that a plan creates, in an order in which it can be.</summary>
    public static IReadOnlyList<Creation> Of(ImportPlan plan) =>
        [
            .. plan.Segments.Select(segment => new Creation(
                "segment",
                segment.Definition.Key,
                CreateOperations.Segment(segment),
                [.. SegmentsIn(segment.Definition.Rules.SelectMany(rule => rule.Conditions))]
            )),
            .. plan.Flags.Select(flag => new Creation("flag", flag.Key, CreateOperations.Flag(flag), [.. NeedsOf(flag)])),
        ];

    private static IEnumerable<string> NeedsOf(PlannedFlag flag)
    {
        var configurations = flag.Configurations.Select(planned => planned.Configuration).ToList();
        var conditions = configurations.SelectMany(each => each.Rules).SelectMany(rule => rule.Conditions);
        return configurations
            .SelectMany(each => each.Prerequisites)
            .Select(needed => $"flag {needed.Flag}")
            .Concat(SegmentsIn(conditions))
            .Distinct(StringComparer.Ordinal);
    }

    // Keys are letters, digits and punctuation that JSON never escapes.
    private static IEnumerable<string> SegmentsIn(IEnumerable<Condition> conditions) =>
        conditions
            .Where(condition => condition.Operator == ConditionOperator.Segment)
            .SelectMany(condition => condition.Values)
            .Select(value => $"segment {value.Json.Trim('"')}");
}
