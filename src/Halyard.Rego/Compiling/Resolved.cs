namespace Halyard.Rego;

/// <summary>A variable of a rule or query: a place in its frame.</summary>
/// <remarks>Scope: The body it belongs to.</remarks>
internal sealed class Variable(string name, int slot, Scope scope)
{
    public string Name => name;

    public int Slot => slot;

    public Scope Scope => scope;
}

/// <summary>A name that is a variable.</summary>
internal sealed record Local(Place Place, Variable Variable) : Term(Place);

/// <summary>The documents <c>input</c> and <c>data</c>.</summary>
internal sealed record Root(Place Place, bool IsInput) : Term(Place);

/// <summary>A call whose function is known.</summary>
/// <remarks>Target: A <see cref="Document"/> with a function, or a <see cref="Builtin"/>.</remarks>
internal sealed record Invocation(Place Place, object Target, IReadOnlyList<Term> Arguments) : Term(Place)
{
    public int Arity => Target is Builtin builtin ? builtin.Arguments.Count : ((Document)Target).Function!.Arity;
}

/// <summary>A comprehension, <c>every</c> or hole with its own variables, and those it takes from around it.</summary>
internal interface IClosure
{
    IReadOnlyList<Variable> Captured { get; }
}

internal sealed record Collecting(
    Place Place,
    RegoKind Kind,
    Term? Key,
    Term Value,
    IReadOnlyList<Statement> Body,
    IReadOnlyList<Variable> Captured
) : Term(Place), IClosure;

internal sealed record Filled(Place Place, IReadOnlyList<FilledPart> Parts, IReadOnlyList<Variable> Captured)
    : Term(Place),
        IClosure;

internal sealed record FilledPart(string? Text, Term? Value, IReadOnlyList<Statement> Body);

internal sealed record ForEach(
    Place Place,
    Variable? Key,
    Variable Value,
    Term Domain,
    IReadOnlyList<Statement> Body,
    IReadOnlyList<Variable> Captured
) : Statement(Place), IClosure;

/// <summary>Two terms that can never be the same.</summary>
internal sealed record Never(Place Place) : Statement(Place);

/// <summary>Several statements in one place.</summary>
internal sealed record Group(Place Place, IReadOnlyList<Statement> Statements) : Statement(Place);

/// <summary>A statement under replacements.</summary>
internal sealed record Under(Place Place, Statement Inner, IReadOnlyList<Replacement> Replacements) : Statement(Place);
