using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>What a comparison says about one value.</summary>
internal enum Verdict
{
    /// <summary>The value is not of a type that the comparison knows.</summary>
    WrongType,
    No,
    Yes,
}

/// <summary>One comparison with everything prepared that does not depend on the context.</summary>
internal interface IMatcher
{
    Verdict Match(in AttributeValue value);
}

/// <summary>A condition ready to be tested.</summary>
internal abstract class CompiledCondition(Condition definition)
{
    /// <summary>What it was compiled from, for words to people.</summary>
    public Condition Definition { get; } = definition;

    public abstract bool Holds(EvaluationContext context);

    /// <summary>Whether <see cref="Holds"/> follows from the attribute being missing or of a wrong type.</summary>
    public abstract bool IsMissing(EvaluationContext context);

    /// <summary>
    /// Whether it holds for everybody of whom these facts are known, for nobody (false), or for some perhaps
    /// (<see langword="null"/>): then the attributes that decide are added to <paramref name="unknown"/>.
    /// </summary>
    public abstract bool? Judge(EvaluationContext facts, List<string> unknown);

    /// <summary>The same of all of some conditions; where one fails for everybody, the others do not matter.</summary>
    public static bool? AllHold(CompiledCondition[] conditions, EvaluationContext facts, List<string> unknown)
    {
        var open = new List<string>();
        bool? all = true;
        foreach (var condition in conditions)
        {
            all &= condition.Judge(facts, open);
            if (all == false)
                return false;
        }
        if (all is null)
            unknown.AddRange(open);
        return all;
    }

    public static bool AllHold(CompiledCondition[] conditions, EvaluationContext context)
    {
        foreach (var condition in conditions)
        {
            if (!condition.Holds(context))
                return false;
        }
        return true;
    }
}

/// <summary>Compares an attribute. The matcher is a struct, so that its comparison is compiled into this class.</summary>
internal sealed class AttributeCondition<TMatcher>(Condition definition, TMatcher matcher) : CompiledCondition(definition)
    where TMatcher : struct, IMatcher
{
    private readonly AttributePath _path = new(definition.Attribute);
    private readonly bool _negate = definition.Negate;
    private readonly bool _whenMissing = definition.WhenMissing == WhenMissing.Match;

    public override bool Holds(EvaluationContext context)
    {
        var verdict = Test(context);
        return (verdict == Verdict.WrongType ? _whenMissing : verdict == Verdict.Yes) != _negate;
    }

    public override bool IsMissing(EvaluationContext context) => Test(context) == Verdict.WrongType;

    public override bool? Judge(EvaluationContext facts, List<string> unknown)
    {
        if (_path.Resolve(facts).Kind != AttributeKind.Missing)
            return Holds(facts);
        unknown.Add(_path.Name);
        return null;
    }

    private Verdict Test(EvaluationContext context)
    {
        ref readonly var value = ref _path.Resolve(context);
        // What is missing is of no type that a matcher knows.
        return value.Kind == AttributeKind.List ? TestList(value.Elements) : matcher.Match(value);
    }

    // A list none of whose elements has a type the comparison knows is itself of the wrong type; an empty one just has no match.
    private Verdict TestList(ReadOnlySpan<AttributeValue> elements)
    {
        var verdict = elements.IsEmpty ? Verdict.No : Verdict.WrongType;
        foreach (ref readonly var element in elements)
        {
            switch (matcher.Match(element))
            {
                case Verdict.Yes:
                    return Verdict.Yes;
                case Verdict.No:
                    verdict = Verdict.No;
                    break;
            }
        }
        return verdict;
    }
}

/// <summary>Whether the attribute is there at all; never missing.</summary>
internal sealed class ExistsCondition(Condition definition) : CompiledCondition(definition)
{
    private readonly AttributePath _path = new(definition.Attribute);
    private readonly bool _negate = definition.Negate;

    public override bool Holds(EvaluationContext context) => _path.Resolve(context).Kind != AttributeKind.Missing != _negate;

    public override bool IsMissing(EvaluationContext context) => false;

    public override bool? Judge(EvaluationContext facts, List<string> unknown)
    {
        if (_path.Resolve(facts).Kind != AttributeKind.Missing)
            return !_negate;
        unknown.Add(_path.Name);
        return null;
    }
}

/// <summary>Whether the user belongs to one of the segments; never missing.</summary>
internal sealed class SegmentCondition(Condition definition, CompiledSegment[] segments) : CompiledCondition(definition)
{
    private readonly bool _negate = definition.Negate;

    public override bool Holds(EvaluationContext context)
    {
        foreach (var segment in segments)
        {
            if (segment.Contains(context))
                return !_negate;
        }
        return _negate;
    }

    public override bool IsMissing(EvaluationContext context) => false;

    public override bool? Judge(EvaluationContext facts, List<string> unknown)
    {
        var open = new List<string>();
        bool? contained = false;
        foreach (var segment in segments)
            contained |= segment.Judge(facts, open);
        if (contained is null)
            unknown.AddRange(open);
        return contained is null ? null : contained != _negate;
    }
}
