namespace Halyard.Rego;

/// <summary>A term as it was written. The hierarchy is closed.</summary>
internal abstract record Term(Place Place);

internal sealed record Constant(Place Place, RegoValue Value) : Term(Place);

/// <summary>A name; <c>_</c> where the value is of no interest.</summary>
internal sealed record Name(Place Place, string Text) : Term(Place)
{
    public bool IsWildcard => Text == "_";
}

/// <summary>A term with what is asked of it: <c>head.a["b"][c]</c>.</summary>
internal sealed record Reference(Place Place, Term Head, IReadOnlyList<Term> Path) : Term(Place);

internal sealed record ArrayTerm(Place Place, IReadOnlyList<Term> Items) : Term(Place);

internal sealed record SetTerm(Place Place, IReadOnlyList<Term> Items) : Term(Place);

internal sealed record ObjectTerm(Place Place, IReadOnlyList<(Term Key, Term Value)> Members) : Term(Place);

/// <summary>A call of a function by its dotted name; operators are calls by the names of their built-ins.</summary>
internal sealed record Call(Place Place, string Function, IReadOnlyList<Term> Arguments) : Term(Place);

/// <summary>Collects what a body finds; <paramref name="Key"/> for objects only.</summary>
internal sealed record Comprehension(Place Place, RegoKind Kind, Term? Key, Term Value, IReadOnlyList<Statement> Body)
    : Term(Place);

/// <summary>A text with holes; a part is a constant text or a hole, which is a body of one statement.</summary>
internal sealed record Template(Place Place, IReadOnlyList<TemplatePart> Parts) : Term(Place);

/// <summary>Either a text or the hole's statement.</summary>
internal sealed record TemplatePart(string? Text, Statement? Hole);
