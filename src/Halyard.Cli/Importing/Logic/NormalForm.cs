using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Logic;

/// <summary>
/// Turns a formula into alternatives that are lists of conditions which all have to hold, as rules need them. The meaning stays
/// the same for every context; the number of alternatives is bounded, since it may grow exponentially.
/// </summary>
internal static class NormalForm
{
    /// <summary>More alternatives than a flag may have rules are of no use.</summary>
    public const int MaxAlternatives = Limits.Rules;

    /// <summary>How deep a formula may be nested: more than any source needs, and far less than a stack holds.</summary>
    public const int MaxDepth = 512;

    // An alternative that is too long may still turn out to contradict itself, but each condition more costs more to compare.
    private const int MaxConditionsBetween = 4 * Limits.Conditions;

    /// <summary>
    /// The alternatives: none means never, one without conditions means always. <see langword="null"/> where they are more than
    /// <see cref="MaxAlternatives"/>, one has more conditions than a rule may have, or the formula is deeper than
    /// <see cref="MaxDepth"/>.
    /// </summary>
    public static IReadOnlyList<Sequence<Condition>>? Of(Formula formula)
    {
        if (Alternatives(formula, negate: false, depth: 1) is not { } found)
            return null;
        return found.Exists(all => all.Count > Limits.Conditions) ? null : [.. found.Select(all => all.ToSequence())];
    }

    private static List<List<Condition>>? Alternatives(Formula formula, bool negate, int depth) =>
        formula switch
        {
            _ when depth > MaxDepth => null,
            Formula.Constant constant => constant.Value != negate
                ?
                [
                    [],
                ]
                : [],
            Formula.Atom atom =>
            [
                [atom.Condition with { Negate = negate }],
            ],
            Formula.Negation not => Alternatives(not.Operand, !negate, depth + 1),
            Formula.Conjunction all => negate ? Union(all.Operands, negate, depth + 1) : Product(all.Operands, negate, depth + 1),
            Formula.Disjunction any => negate ? Product(any.Operands, negate, depth + 1) : Union(any.Operands, negate, depth + 1),
            _ => throw new InvalidOperationException($"{formula.GetType().Name} is no formula"),
        };

    private static List<List<Condition>>? Union(Sequence<Formula> operands, bool negate, int depth)
    {
        var union = new List<List<Condition>>();
        foreach (var operand in operands)
        {
            if (Alternatives(operand, negate, depth) is not { } more)
                return null;
            foreach (var conditions in more)
            {
                if (conditions.Count == 0)
                    return
                    [
                        [],
                    ];
                AddAlternative(union, conditions);
            }
            if (union.Count > MaxAlternatives)
                return null;
        }
        return union;
    }

    private static List<List<Condition>>? Product(Sequence<Formula> operands, bool negate, int depth)
    {
        List<List<Condition>> product =
        [
            [],
        ];
        foreach (var operand in operands)
        {
            if (Alternatives(operand, negate, depth) is not { } factor)
                return null;
            var next = new List<List<Condition>>();
            foreach (var left in product)
            {
                foreach (var right in factor)
                {
                    if (Joined(left, right) is not { } joined)
                        continue;
                    AddAlternative(next, joined);
                    if (next.Count > MaxAlternatives || joined.Count > MaxConditionsBetween)
                        return null;
                }
            }
            product = next;
        }
        return product;
    }

    // Two alternatives of one condition each that ask the same of the same attribute are one with the values of both.
    private static void AddAlternative(List<List<Condition>> alternatives, List<Condition> added)
    {
        if (added is [{ Negate: false } condition])
        {
            var at = alternatives.FindIndex(other => other is [{ } single] && CanMerge(single, condition));
            if (at >= 0)
            {
                alternatives[at] = [Merge(alternatives[at][0], condition)];
                return;
            }
        }
        if (!alternatives.Exists(other => other.SequenceEqual(added)))
            alternatives.Add(added);
    }

    /// <summary>All conditions of both; <see langword="null"/> where they contradict each other.</summary>
    private static List<Condition>? Joined(List<Condition> left, List<Condition> right)
    {
        var joined = new List<Condition>(left);
        foreach (var condition in right)
        {
            if (joined.Contains(condition with { Negate = !condition.Negate }))
                return null;
            var at = condition.Negate ? joined.FindIndex(other => CanMerge(other, condition)) : joined.IndexOf(condition);
            if (at < 0)
                joined.Add(condition);
            else if (condition.Negate)
                joined[at] = Merge(joined[at], condition);
        }
        return joined;
    }

    private static bool CanMerge(Condition left, Condition right) =>
        left.Attribute == right.Attribute
        && left.Operator == right.Operator
        && left.Negate == right.Negate
        && left.WhenMissing == right.WhenMissing
        && MatchesAnyValue(left.Operator)
        && left.Values.Count + right.Values.Count <= Limits.Values
        && (left.WhenMissing == WhenMissing.NoMatch || left.Values.Concat(right.Values).DistinctBy(KindOf).Count() == 1);

    private static bool MatchesAnyValue(ConditionOperator comparison) =>
        comparison
            is ConditionOperator.Equals
                or ConditionOperator.EqualsIgnoreCase
                or ConditionOperator.Contains
                or ConditionOperator.ContainsIgnoreCase
                or ConditionOperator.StartsWith
                or ConditionOperator.StartsWithIgnoreCase
                or ConditionOperator.EndsWith
                or ConditionOperator.EndsWithIgnoreCase
                or ConditionOperator.SemverEquals
                or ConditionOperator.Segment;

    // A comparison knows the types of its values: a value of another type would change which attributes count as missing.
    private static char KindOf(FlagValue value) =>
        value.Json[0] switch
        {
            '"' => 's',
            't' or 'f' => 'b',
            _ => 'n',
        };

    private static Condition Merge(Condition left, Condition right) =>
        left with
        {
            Values = left.Values.Concat(right.Values).Distinct().ToSequence(),
        };
}
