using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Logic;

/// <summary>When something of the source applies: conditions joined freely, before they become rules.</summary>
internal abstract record Formula
{
    private Formula() { }

    /// <summary>Always.</summary>
    public static Formula True { get; } = new Constant(true);

    /// <summary>Never.</summary>
    public static Formula False { get; } = new Constant(false);

    /// <summary>Holds where <paramref name="operand"/> does not.</summary>
    public static Formula Not(Formula operand) => new Negation(operand);

    /// <summary>Holds where all do; without operands always.</summary>
    public static Formula All(params IEnumerable<Formula> operands) => new Conjunction([.. operands]);

    /// <summary>Holds where at least one does; without operands never.</summary>
    public static Formula Any(params IEnumerable<Formula> operands) => new Disjunction([.. operands]);

    /// <summary>Compares one attribute.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="values">With what; one that matches is enough.</param>
    /// <param name="whenMissing">What an attribute means that is absent or of a type the comparison does not know.</param>
    public static Formula Test(
        string attribute,
        ConditionOperator comparison,
        IEnumerable<FlagValue> values,
        bool whenMissing = false
    ) =>
        new Atom(
            new Condition(
                attribute,
                comparison,
                values.ToSequence(),
                Negate: false,
                whenMissing ? WhenMissing.Match : WhenMissing.NoMatch
            )
        );

    /// <summary>The attribute is there and not null.</summary>
    public static Formula Exists(string attribute) => Test(attribute, ConditionOperator.Exists, []);

    /// <summary>The same everywhere.</summary>
    internal sealed record Constant(bool Value) : Formula;

    /// <summary>One condition, never negated itself.</summary>
    internal sealed record Atom(Condition Condition) : Formula;

    /// <inheritdoc cref="Formula.Not"/>
    internal sealed record Negation(Formula Operand) : Formula;

    /// <inheritdoc cref="Formula.All"/>
    internal sealed record Conjunction(Sequence<Formula> Operands) : Formula;

    /// <inheritdoc cref="Formula.Any"/>
    internal sealed record Disjunction(Sequence<Formula> Operands) : Formula;
}
