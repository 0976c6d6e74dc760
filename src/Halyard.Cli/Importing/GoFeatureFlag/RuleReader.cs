using System.Text.Json;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.GoFeatureFlag;

/// <summary>Reads GO Feature Flag's rules: a query, and the variation or percentages that it leads to.</summary>
internal sealed class RuleReader(IReadOnlySet<string> variants, List<Gap> gaps)
{
    /// <summary>Adds a targeting rule, as one rule for each alternative of its query.</summary>
    public void AddTo(RuleList list, JsonElement rule, string pointer)
    {
        if (ReadServe(rule, pointer) is not { } serve)
            return;
        var query = SourceDocument.Member(rule, "query");
        var place = SourceDocument.Below(pointer, "query");
        if (query is { ValueKind: not JsonValueKind.String })
        {
            Missing(place, "a query that is no text");
            return;
        }
        // Without a query a rule applies to everybody.
        if (Query.TryRead(query?.GetString() ?? "", out var problem) is not { } formula)
        {
            Missing(place, $"a query that is not read: {problem}");
            return;
        }
        if (NormalForm.Of(formula) is not { } alternatives)
        {
            Missing(place, "a query that needs more rules, or more conditions in a rule, than a flag may have");
            return;
        }
        var name = SourceDocument.Member(rule, "name") is { ValueKind: JsonValueKind.String } given ? given.GetString()! : "";
        var enabled = SourceDocument.Member(rule, "disable") is not { ValueKind: JsonValueKind.True };
        foreach (var conditions in alternatives)
            list.Add(conditions, serve, name, enabled);
    }

    /// <summary>What a rule leads to; <see langword="null"/> where a gap was added.</summary>
    public Serve? ReadServe(JsonElement rule, string pointer)
    {
        if (rule.ValueKind != JsonValueKind.Object)
            return Missing(pointer, "a rule that is no object");
        if (SourceDocument.Member(rule, "progressiveRollout") is not null)
            return Missing(SourceDocument.Below(pointer, "progressiveRollout"), "a progressive rollout");
        if (SourceDocument.Member(rule, "percentage") is { } percentage && percentage.ValueKind != JsonValueKind.Object)
            return Missing(SourceDocument.Below(pointer, "percentage"), "percentages that are no object");
        if (SourceDocument.Member(rule, "percentage") is { } shares && shares.GetPropertyCount() > 0)
            return ReadPercentages(shares, SourceDocument.Below(pointer, "percentage"));
        var place = SourceDocument.Below(pointer, "variation");
        if (SourceDocument.Member(rule, "variation") is not { ValueKind: JsonValueKind.String } variation)
            return Missing(place, "a rule that leads to no variation");
        return variants.Contains(variation.GetString()!)
            ? Serve.One(variation.GetString()!)
            : Missing(place, $"'{variation.GetString()}', which is none of the variations");
    }

    /// <summary>Adds a gap.</summary>
    public Serve? Missing(string pointer, string what)
    {
        gaps.Add(new Gap(pointer, what));
        return null;
    }

    private Serve? ReadPercentages(JsonElement written, string pointer)
    {
        var shares = new List<(string Variant, double Percent)>();
        foreach (var share in written.EnumerateObject())
        {
            if (!variants.Contains(share.Name))
                return Missing(SourceDocument.Below(pointer, share.Name), "a percentage of none of the variations");
            if (share.Value.ValueKind != JsonValueKind.Number)
                return Missing(SourceDocument.Below(pointer, share.Name), "a percentage that is no number");
            shares.Add((share.Name, share.Value.GetDouble()));
        }
        return Percentages.Weigh(shares) is { } weights
            ? Serve.Split(new Rollout(weights))
            : Missing(
                pointer,
                "percentages that are negative, all zero or finer than a thousandth, or that GO Feature Flag itself rounds"
            );
    }
}
