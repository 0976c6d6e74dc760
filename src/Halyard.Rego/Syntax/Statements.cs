namespace Halyard.Rego;

/// <summary>One line of a body. The hierarchy is closed.</summary>
internal abstract record Statement(Place Place)
{
    /// <summary>What the statement sees replaced.</summary>
    public IReadOnlyList<Replacement> With { get; init; } = [];
}

/// <summary>Holds when the term is defined and not false.</summary>
internal sealed record Holds(Place Place, Term Term) : Statement(Place);

/// <summary><c>left = right</c>, or <c>left := right</c> when it declares.</summary>
internal sealed record Unify(Place Place, Term Left, Term Right, bool Declares) : Statement(Place);

internal sealed record Not(Place Place, Statement Inner) : Statement(Place);

/// <summary><c>some x, y</c>.</summary>
internal sealed record Some(Place Place, IReadOnlyList<Name> Names) : Statement(Place);

/// <summary><c>some key, value in collection</c>.</summary>
internal sealed record SomeIn(Place Place, Term? Key, Term Value, Term Collection) : Statement(Place);

internal sealed record Every(Place Place, Name? Key, Name Value, Term Domain, IReadOnlyList<Statement> Body) : Statement(Place);

/// <summary><c>with target as value</c>.</summary>
internal sealed record Replacement(Place Place, Term Target, Term Value);
