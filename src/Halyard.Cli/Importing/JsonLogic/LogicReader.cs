using System.Text.Json;
using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.JsonLogic;

/// <summary>
/// Reads JSONLogic where it is asked whether something holds, as https://jsonlogic.com/operations.html and flagd's operations
/// define it. What has no exact equivalent is added to the gaps, and stands for "never" in the result.
/// </summary>
internal sealed partial class LogicReader
{
    private const int MaxDepth = 256;
    private const int MaxNodes = 20_000;

    private readonly ICollection<Gap> _gaps;
    private readonly JsonElement? _shared;
    private readonly string? _flagKey;
    private readonly AttributeTypes _types;
    private int _nodes;
    private int _depth;

    /// <summary>Reads one flag's logic.</summary>
    /// <param name="gaps">Takes what has no equivalent.</param>
    /// <param name="shared">flagd's <c>$evaluators</c>, which <c>$ref</c> names; null where the dialect has none.</param>
    /// <param name="flagKey">The value of <c>$flagd.flagKey</c>; null where the dialect has none.</param>
    public LogicReader(ICollection<Gap> gaps, JsonElement? shared = null, string? flagKey = null)
    {
        _gaps = gaps;
        _shared = shared;
        _flagKey = flagKey;
        _types = new AttributeTypes(gaps);
    }

    /// <summary>When the logic is true or, as JSONLogic says, truthy.</summary>
    public Formula Holds(JsonElement logic, string pointer) => Truthy(Read(logic, pointer));

    /// <summary>
    /// Whether the logic always answers true or false, and not merely something truthy; false, with a gap, where it is more than
    /// <see cref="TryEnter"/> lets in.
    /// </summary>
    public bool AnswersTruth(JsonElement logic, string pointer)
    {
        if (!TryEnter(pointer))
            return false;
        (logic, pointer) = Resolve(logic, pointer);
        var answers = Operation(logic) switch
        {
            ("==" or "===" or "!=" or "!==" or "<" or "<=" or ">" or ">=" or "in" or "!" or "!!", _) => true,
            (("and" or "or") and var name, var operands) => AllAnswerTruth(operands, SourceDocument.Below(pointer, name)),
            _ => false,
        };
        Leave();
        return answers;
    }

    private bool AllAnswerTruth(JsonElement written, string pointer)
    {
        var operands = Arguments(written);
        for (var i = 0; i < operands.Count; i++)
        {
            if (!AnswersTruth(operands[i], At(written, pointer, i)))
                return false;
        }
        return operands.Count > 0;
    }

    /// <summary>Follows <c>$ref</c> to the logic it names, and says where that stands.</summary>
    public (JsonElement Logic, string Pointer) Resolve(JsonElement logic, string pointer)
    {
        for (var steps = 0; Operation(logic) is ("$ref", var name); steps++)
        {
            if (
                steps > MaxDepth
                || name.ValueKind != JsonValueKind.String
                || _shared is not { ValueKind: JsonValueKind.Object } shared
                || !shared.TryGetProperty(name.GetString()!, out var target)
            )
                return (logic, pointer);
            (logic, pointer) = (target, SourceDocument.Below("/$evaluators", name.GetString()!));
        }
        return (logic, pointer);
    }

    /// <summary>The operation and its arguments; null where it is none.</summary>
    public static (string Name, JsonElement Arguments)? Operation(JsonElement logic)
    {
        if (logic.ValueKind != JsonValueKind.Object)
            return null;
        using var members = logic.EnumerateObject();
        if (!members.MoveNext())
            return null;
        var (name, arguments) = (members.Current.Name, members.Current.Value);
        return members.MoveNext() ? null : (name, arguments);
    }

    /// <summary>The arguments: one may stand without a list.</summary>
    public static IReadOnlyList<JsonElement> Arguments(JsonElement arguments) =>
        arguments.ValueKind == JsonValueKind.Array ? [.. arguments.EnumerateArray()] : [arguments];

    /// <summary>Whether <see cref="TryEnter"/> refused once: the gap is added, and nothing more is let in.</summary>
    public bool IsCutOff => _nodes > MaxNodes;

    /// <summary>Counts what is read; false, with a gap, where it is more than anything sensible.</summary>
    public bool TryEnter(string pointer)
    {
        if (++_nodes <= MaxNodes && ++_depth <= MaxDepth)
            return true;
        // Said once: everything after it is cut off too.
        if (_nodes <= MaxNodes + 1)
            _gaps.Add(new Gap(pointer, "the logic is too large, too deep or refers to itself"));
        _nodes = MaxNodes + 1;
        return false;
    }

    /// <summary>Ends what a successful <see cref="TryEnter"/> began.</summary>
    public void Leave() => _depth--;

    private Operand Read(JsonElement logic, string pointer)
    {
        if (!TryEnter(pointer))
            return Operand.Unknown.Instance;
        (logic, pointer) = Resolve(logic, pointer);
        var operand = logic.ValueKind == JsonValueKind.Object ? ReadOperation(logic, pointer) : new Operand.Literal(logic);
        Leave();
        return operand;
    }

    private Operand ReadOperation(JsonElement logic, string pointer)
    {
        if (Operation(logic) is not var (name, arguments))
            return NoEquivalent(pointer, "an object with other than one operation");
        var inside = SourceDocument.Below(pointer, name);
        return (name, Arguments(arguments)) switch
        {
            ("var", _) => ReadVariable(arguments, inside),
            ("and", { Count: > 0 } all) => new Operand.Truth(Formula.All(HoldEach(all, arguments, inside))),
            ("or", { Count: > 0 } any) => new Operand.Truth(Formula.Any(HoldEach(any, arguments, inside))),
            ("!", [var one]) => new Operand.Truth(Formula.Not(Holds(one, At(arguments, inside, 0)))),
            ("!!", [var one]) => new Operand.Truth(Holds(one, At(arguments, inside, 0))),
            ("if" or "?:", { Count: > 0 } branches) => new Operand.Truth(Conditional(branches, inside)),
            ("==" or "===", [var left, var right]) => Compare(left, right, inside, Equal),
            ("!=" or "!==", [var left, var right]) => Negated(Compare(left, right, inside, Equal)),
            ("<", [var left, var right]) => Compare(left, right, inside, Order.Less),
            ("<=", [var left, var right]) => Compare(left, right, inside, Order.LessOrEqual),
            (">", [var left, var right]) => Compare(left, right, inside, Order.Greater),
            (">=", [var left, var right]) => Compare(left, right, inside, Order.GreaterOrEqual),
            ("<" or "<=", [var low, var middle, var high]) => Between(name, low, middle, high, inside),
            ("in", [var needle, var haystack]) => Contained(needle, haystack, inside),
            ("starts_with" or "ends_with", [var text, var part]) => TextPart(name, text, part, inside),
            ("sem_ver", [var version, var comparison, var bound]) => Version(version, comparison, bound, inside),
            ("$ref", _) => NoEquivalent(pointer, "a $ref to nothing in $evaluators, or to itself"),
            ("fractional", _) => NoEquivalent(inside, "fractional inside a condition"),
            _ => NoEquivalent(inside, $"the operation '{name}' with {Arguments(arguments).Count} argument(s)"),
        };
    }

    private IEnumerable<Formula> HoldEach(IReadOnlyList<JsonElement> operands, JsonElement written, string pointer)
    {
        for (var i = 0; i < operands.Count; i++)
            yield return Holds(operands[i], At(written, pointer, i));
    }

    // if [c1, r1, c2, r2, …, else], where every result is itself only asked whether it is truthy.
    private Formula Conditional(IReadOnlyList<JsonElement> branches, string pointer)
    {
        var result =
            branches.Count % 2 == 1 ? Holds(branches[^1], SourceDocument.Below(pointer, branches.Count - 1)) : Formula.False;
        for (var i = branches.Count - (branches.Count % 2) - 2; i >= 0; i -= 2)
        {
            var condition = Holds(branches[i], SourceDocument.Below(pointer, i));
            var then = Holds(branches[i + 1], SourceDocument.Below(pointer, i + 1));
            result = Formula.Any(Formula.All(condition, then), Formula.All(Formula.Not(condition), result));
        }
        return result;
    }

    private Operand ReadVariable(JsonElement arguments, string pointer)
    {
        var written = Arguments(arguments);
        if (written is not ([_] or [_, _]) || written[0].ValueKind != JsonValueKind.String)
            return NoEquivalent(pointer, "a variable without a name");
        var path = written[0].GetString()!;
        var whenAbsent = written.Count == 2 ? written[1] : default;
        if (path == "$flagd.flagKey" && _flagKey is not null)
            return new Operand.Literal(JsonSerializer.SerializeToElement(_flagKey, JsonText.Default.String));
        if (path is "$flagd" || path.StartsWith("$flagd.", StringComparison.Ordinal))
            return NoEquivalent(pointer, $"the variable '{path}'");
        var parts = path.Split('.');
        if (Array.Exists(parts, part => part.Length == 0 || part.All(char.IsAsciiDigit)))
            return NoEquivalent(
                pointer,
                $"the variable '{path}', which is no attribute but the whole context or an element of a list"
            );
        return new Operand.Attribute(path, whenAbsent);
    }

    // Truthiness of a string, number or boolean; a list or object is outside the types that are documented.
    private static Formula Truthy(Operand operand)
    {
        switch (operand)
        {
            case Operand.Truth truth:
                return truth.Formula;
            case Operand.Literal literal:
                return IsTruthy(literal.Value) ? Formula.True : Formula.False;
            case Operand.Attribute attribute:
                var falsy = Formula.Test(attribute.Path, Evaluation.Definitions.ConditionOperator.Equals, JsonText.FalsyValues);
                var isThere = Formula.Exists(attribute.Path);
                var present = Formula.All(isThere, Formula.Not(falsy));
                return IsTruthy(attribute.Default) ? Formula.Any(present, Formula.Not(isThere)) : present;
            default:
                return Formula.False;
        }
    }

    private static bool IsTruthy(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.Object => true,
            JsonValueKind.Number => value.GetDouble() != 0,
            JsonValueKind.String => value.GetString()!.Length > 0,
            JsonValueKind.Array => value.GetArrayLength() > 0,
            _ => false,
        };

    private Operand.Unknown NoEquivalent(string pointer, string what)
    {
        _gaps.Add(new Gap(pointer, what));
        return Operand.Unknown.Instance;
    }

    private static string At(JsonElement written, string pointer, int index) =>
        written.ValueKind == JsonValueKind.Array ? SourceDocument.Below(pointer, index) : pointer;
}
